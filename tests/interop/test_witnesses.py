"""PyPI aics-witness cosigns our checkpoints, its client asks our witness, and both refuse the same.

Go's golang.org/x/mod/sumdb/note reads the same quorums as Python and JavaScript.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from diary.formats.encoding import b64_decode, b64url_encode
from diary.log.checkpoint import open_checkpoint
from diary.log.merkle import consistency_proof
from diary.log.receipt import Receipt
from diary.log.witnessing.witnesses import Witness, WitnessGroup, WitnessPolicy
from marketplace.log.cosigned import cosigned
from tests.diary.cli.running_witness import request, running_witness
from tests.diary.world import ORIGIN, Log
from tests.interop import witnesses
from tests.interop.program import Program, RefusedError
from tests.interop.samples import b64, log_of, root_of
from tests.marketplace.live_marketplace import live_marketplace
from tests.marketplace.published import add, get, present
from tests.marketplace.witnesses.test_rounds import Asker, named, one_of
from tests.vectors.make_vectors import FOLDER

LOG = log_of(17)
KEY = LOG.signer.verifier
CASES = json.loads((FOLDER / "witnesses.json").read_bytes())


def other_history() -> Log:
    """Another log of 17 leaves by the same key."""
    other = Log()
    for number, leaf in enumerate(LOG.leaves):
        other.append(replace(leaf, digest=b64url_encode(bytes(32))) if number == 2 else leaf)
    return other


@pytest.fixture(params=["ours", "aics-witness"], name="witness")
def _witness(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Witness]:
    if request.param == "ours":
        with running_witness(tmp_path / "w", [KEY.vkey], time.time) as made:
            yield Witness("ours", made.signer.verifier, made.url)
    else:
        with witnesses.other_witness(tmp_path / "w", [KEY]) as other:
            yield other


def post(witness: Witness, body: bytes) -> httpx.Response:
    return httpx.post(f"{witness.url}/add-checkpoint", content=body, trust_env=False, timeout=30)


def test_both_cosign_one_history_and_refuse_the_rest(witness: Witness) -> None:
    policy = WitnessPolicy((witness,), (), witness.name)
    for old, size in ((0, 3), (3, 8)):
        answer = post(witness, request(LOG, old, size))
        assert answer.status_code == 200, answer.text
        assert open_checkpoint(LOG.checkpoint(size) + answer.content, [KEY], policy).size == size
    # A stale size, and a rewind: each answer has the size that was cosigned.
    for old, size in ((3, 17), (0, 17), (0, 5), (3, 5)):
        answer = post(witness, request(LOG, old, size))
        assert (answer.status_code, answer.text) == (409, "8\n"), (old, size)
        assert answer.headers["content-type"] == "text/x.tlog.size"
    assert post(witness, request(LOG, 8, 8, LOG.checkpoint(5))).status_code == 400
    # Another history, of the same size and of a larger one.
    other = other_history()
    for size in (8, 17):
        body = request(other, 8, size, other.checkpoint(size))
        assert post(witness, body).status_code == 422
    # A log that it does not know, and one that has not signed.
    stranger = Log("stranger", origin=f"{ORIGIN}-2")
    stranger.append(LOG.leaves[0])
    assert post(witness, request(stranger, 0, 1)).status_code == 404
    unsigned = Log("stranger")
    unsigned.append(LOG.leaves[0])
    assert post(witness, request(unsigned, 8, 8, unsigned.checkpoint())).status_code == 403
    assert post(witness, b"old x\n\n" + LOG.checkpoint()).status_code == 400
    # The same history goes on.
    assert post(witness, request(LOG, 8, 17)).status_code == 200


def test_both_serve_the_cosigned_checkpoint_to_monitors(witness: Witness) -> None:
    answer = post(witness, request(LOG, 0, 8))
    name = hashlib.sha256(ORIGIN.encode()).hexdigest()
    served = httpx.get(f"{witness.url}/{name}/checkpoint", trust_env=False)
    assert served.content == LOG.checkpoint(8) + answer.content


def test_the_client_of_aics_witness_asks_ours(tmp_path: Path) -> None:
    feeder: Any = witnesses.library("aics_witness.feeder")
    aics_tlog: Any = witnesses.library("aics_tlog")

    def proof(old: int, new: int) -> list[bytes]:
        return consistency_proof(old, new, LOG.read)

    with running_witness(tmp_path / "w", [KEY.vkey], time.time) as made:
        vkey = made.signer.verifier.vkey
        with feeder.WitnessClient(made.url, vkey) as client:
            for size in (3, 8, 17):
                line = client.submit(LOG.checkpoint(size), proof)
                note = feeder.merge_cosignatures(LOG.checkpoint(size), line)
                assert note == LOG.checkpoint(size) + line.encode()
                blob = b64_decode(line.split(" ")[2].strip())[4:]
                public = made.signer.verifier.public
                root = root_of(LOG, size)
                assert aics_tlog.verify_cosignature(
                    blob, made.signer.name, public, ORIGIN, size, root
                )
        # A client that knows nothing learns the size from the answer.
        with feeder.WitnessClient(made.url, vkey) as client:
            client.submit(LOG.checkpoint(17), proof)
            with pytest.raises(feeder.WitnessAhead):
                client.submit(LOG.checkpoint(5), proof)
            other = other_history()
            with pytest.raises(feeder.WitnessRejected) as raised:
                client.submit(
                    other.checkpoint(17), lambda o, n: consistency_proof(o, n, other.read)
                )
            assert raised.value.status == 422


def test_two_witnesses_cosign_the_log_of_a_marketplace(tmp_path: Path) -> None:
    """Our rounds ask aics-witness and ours; one of two suffices."""
    with live_marketplace(tmp_path / "data") as market:
        keys = [shard.verifier for shard in present(market)]
        with (
            witnesses.other_witness(tmp_path / "other", keys) as other,
            running_witness(
                tmp_path / "ours", [key.vkey for key in keys], lambda: market.clock.ms / 1000
            ) as ours,
        ):
            both = one_of(other, named("ours", ours), threshold=2)
            asker, note = Asker(market, both), b""
            for number in range(3):
                add(market, f"leaf {number}", f"another {number}")
                assert asker.round() == 2
                note = get(market, "/log/checkpoint").content
                assert open_checkpoint(note, keys, both).size == 3 + 2 * number
            assert asker.state("other").failure is None
        # Both are gone, and the log grows.
        add(market, "later")
        with market.deps.store.read() as connection:
            stored = cosigned(connection, present(market)[0])
        assert stored is not None
        assert stored[1] == note


@pytest.mark.xdist_group("go")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_go_reads_the_same_quorum(go: Program, case: Any) -> None:
    """The vectors that Python and JavaScript agree on, with golang.org/x/mod/sumdb/note."""
    note = Receipt.parse(case["receipt"].encode()).checkpoint
    try:
        reached = go.ask("open cosigned", note=b64(note), text=case["policy"])
    except RefusedError:
        # It refuses a note as a whole.
        assert case["code"] == "E_CP_SIG"
        return
    # Our limit of signatures is lower.
    assert reached is (case["code"] is None or case["why"] == "65 lines")


@pytest.mark.xdist_group("go")
def test_go_opens_what_both_witnesses_cosigned(go: Program, tmp_path: Path) -> None:
    with (
        witnesses.other_witness(tmp_path / "other", [KEY]) as other,
        running_witness(tmp_path / "ours", [KEY.vkey], time.time) as made,
    ):
        first, second = other, Witness("ours", made.signer.verifier, made.url)
        lines = [post(each, request(LOG, 0, 8)).content for each in (first, second)]
    group = WitnessGroup("g", 1, (first.name, second.name))
    policy = WitnessPolicy((first, second), (group,), "g")
    text = "\n".join([f"log {KEY.vkey}", *policy.lines(), ""])
    for cosignatures in (*lines, b"".join(lines)):
        note = LOG.checkpoint(8) + cosignatures
        assert go.ask("open cosigned", note=b64(note), text=text) is True
        open_checkpoint(note, [KEY], policy)
    assert go.ask("open cosigned", note=b64(LOG.checkpoint(8)), text=text) is False
