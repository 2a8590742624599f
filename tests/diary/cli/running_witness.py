"""A witness on a loopback port."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import httpx

from diary.cli.witness import WitnessServer, WitnessStore, open_signer, read_logs
from diary.formats.encoding import b64_encode
from diary.log.merkle import consistency_proof
from diary.log.witnessing.cosignature import CosignatureSigner
from tests.diary.world import Log

NAME = "witness.example/w1"


class RunningWitness:
    """A served witness; `url` is its submission prefix."""

    def __init__(self, signer: CosignatureSigner, state: WitnessStore, port: int) -> None:
        self.signer = signer
        self.state = state
        self.port = port
        self.url = f"http://127.0.0.1:{port}"

    def post(self, body: bytes, path: str = "/add-checkpoint") -> httpx.Response:
        return httpx.post(f"{self.url}{path}", content=body, trust_env=False, timeout=30)


@contextlib.contextmanager
def running_witness(
    folder: Path, vkeys: Sequence[str], now_s: Callable[[], float], name: str = NAME
) -> Iterator[RunningWitness]:
    """Serve a witness of these logs."""
    folder.mkdir(exist_ok=True)
    signer = open_signer(folder, name)
    state = WitnessStore(folder, signer, read_logs(vkeys), now_s)
    with WitnessServer(("127.0.0.1", 0), state) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield RunningWitness(signer, state, int(server.server_address[1]))
        finally:
            server.shutdown()
            thread.join()


def request(log: Log, old: int, size: int, note: bytes | None = None) -> bytes:
    """The body of add-checkpoint for a log."""
    proof = consistency_proof(old, size, log.read) if 0 < old < size else ()
    lines = [f"old {old}", *(b64_encode(node) for node in proof), "", ""]
    return "\n".join(lines).encode() + (note or log.checkpoint(size))
