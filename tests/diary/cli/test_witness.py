"""`workdiary-verify witness`: it cosigns one history of each log, and refuses everything else."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from diary.cli import witness as command
from diary.cli.common import UNUSABLE, VALID, UnusableError
from diary.cli.witness import WitnessStore, open_signer, read_logs
from diary.formats.ed25519 import SigningKey
from diary.formats.encoding import b64_encode, b64url_encode
from diary.log.checkpoint import Checkpoint, open_checkpoint
from diary.log.merkle import EMPTY_ROOT
from diary.log.signed_note import NoteSigner
from diary.log.witness import MAX_REQUEST, RefusalError
from diary.log.witnessing.witnesses import Witness, WitnessPolicy
from tests.diary.cli.running_witness import NAME, RunningWitness, request, running_witness
from tests.diary.world import ORIGIN, START, Log
from tests.interop.samples import log_of
from tests.raw_exchange import response_to

ROOT = Path(__file__).resolve().parents[3]
LOG = log_of(17)
KEY = LOG.signer.verifier
HASH = hashlib.sha256(ORIGIN.encode()).hexdigest()


class Clock:
    now = float(START)

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def witness(tmp_path: Path, clock: Clock) -> Iterator[RunningWitness]:
    with running_witness(tmp_path / "w", [KEY.vkey], clock) as made:
        yield made


def other_history() -> Log:
    """Another log of 17 leaves by the same key, with another leaf 2."""
    other = Log()
    for number, leaf in enumerate(LOG.leaves):
        changed = replace(leaf, digest=b64url_encode(bytes(32)))
        other.append(changed if number == 2 else leaf, LOG.objects[number])
    return other


def policy_of(witness: RunningWitness) -> WitnessPolicy:
    return WitnessPolicy((Witness("W", witness.signer.verifier),), (), "W")


def size_of(answer: httpx.Response) -> int:
    assert answer.headers["content-type"] == "text/x.tlog.size"
    return int(answer.text.removesuffix("\n"))


def test_it_cosigns_a_log_as_it_grows(witness: RunningWitness, clock: Clock) -> None:
    for old, size in ((0, 3), (3, 8), (8, 8), (8, 17)):
        clock.now += 10
        answer = witness.post(request(LOG, old, size))
        assert answer.status_code == 200
        note = LOG.checkpoint(size) + answer.content
        assert open_checkpoint(note, [KEY], policy_of(witness)).size == size
        served = httpx.get(f"{witness.url}/{HASH}/checkpoint", trust_env=False)
        assert served.content == note


def test_a_stale_size_is_answered_with_the_last_one(witness: RunningWitness) -> None:
    assert size_of(witness.post(request(LOG, 3, 8))) == 0
    witness.post(request(LOG, 0, 8))
    for old, size in ((0, 17), (3, 17), (0, 8), (3, 5), (9, 17)):
        answer = witness.post(request(LOG, old, size))
        assert (answer.status_code, size_of(answer)) == (409, 8), (old, size)


def test_a_rewind_is_refused(witness: RunningWitness) -> None:
    witness.post(request(LOG, 0, 8))
    assert witness.post(request(LOG, 0, 5)).status_code == 409
    # From the right size to a smaller one.
    assert witness.post(request(LOG, 8, 8, LOG.checkpoint(5))).status_code == 400


def test_another_history_is_refused_and_kept(witness: RunningWitness, tmp_path: Path) -> None:
    other = other_history()
    witness.post(request(LOG, 0, 8))
    for size in (8, 17):
        note = other.checkpoint(size)
        assert witness.post(request(other, 8, size, note)).status_code == 422
        kept = [path.read_bytes() for path in (tmp_path / "w" / "evidence").iterdir()]
        assert note in kept
    assert witness.post(request(LOG, 8, 17)).status_code == 200


def test_a_wrong_proof_is_refused(witness: RunningWitness) -> None:
    witness.post(request(LOG, 0, 8))
    good = request(LOG, 8, 17)
    wrong = good.replace(good.split(b"\n")[1], b64_encode(bytes(32)).encode(), 1)
    assert witness.post(wrong).status_code == 422
    body = b"old 8\n\n" + LOG.checkpoint(17)
    assert witness.post(body).status_code == 422


def test_a_proof_from_nothing_is_refused(witness: RunningWitness) -> None:
    body = f"old 0\n{b64_encode(bytes(32))}\n\n".encode() + LOG.checkpoint(3)
    assert witness.post(body).status_code == 422


def test_the_empty_tree_has_one_root(witness: RunningWitness) -> None:
    wrong = LOG.signer.sign(Checkpoint(ORIGIN, 0, bytes(32)).text())
    assert witness.post(b"old 0\n\n" + wrong).status_code == 422
    right = LOG.signer.sign(Checkpoint(ORIGIN, 0, EMPTY_ROOT).text())
    assert witness.post(b"old 0\n\n" + right).status_code == 200
    assert witness.post(request(LOG, 0, 8)).status_code == 200


def test_an_unknown_origin_is_refused(witness: RunningWitness) -> None:
    stranger = Log(origin=f"{ORIGIN}-2")
    stranger.append(LOG.leaves[0], LOG.objects[0])
    assert witness.post(request(stranger, 0, 1)).status_code == 404


def test_a_checkpoint_that_the_log_has_not_signed_is_refused(witness: RunningWitness) -> None:
    stranger = NoteSigner(ORIGIN, SigningKey.from_seed(b"s" * 32))
    text = LOG.checkpoint(3).decode().partition("\n\n")[0] + "\n"
    assert witness.post(b"old 0\n\n" + stranger.sign(text)).status_code == 403
    changed = LOG.checkpoint(3).replace(b"\n3\n", b"\n4\n")
    assert witness.post(b"old 0\n\n" + changed).status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"old 0\n",
        b"old 00\n\n" + LOG.checkpoint(3),
        b"old -1\n\n" + LOG.checkpoint(3),
        b"old 99999999999999999999\n\n" + LOG.checkpoint(3),
        b"OLD 0\n\n" + LOG.checkpoint(3),
        b"old 0\nx\n\n" + LOG.checkpoint(3),
        b"old 0\n" + b64_encode(bytes(31)).encode() + b"\n\n" + LOG.checkpoint(3),
        b"old 0\n" + (b64_encode(bytes(32)).encode() + b"\n") * 64 + b"\n" + LOG.checkpoint(3),
        b"old 0\n\n" + LOG.checkpoint(3)[:-1],
        b"old 0\n\n" + LOG.checkpoint(3).partition(b"\n\n")[0] + b"\n",
        b"old 0\n\n\xff" + LOG.checkpoint(3),
        b"old 4\n\n" + LOG.checkpoint(3),
    ],
)
def test_a_malformed_request_is_refused(witness: RunningWitness, body: bytes) -> None:
    assert witness.post(body).status_code == 400
    assert size_of(witness.post(request(LOG, 3, 8))) == 0


def test_the_rest_of_the_addresses_has_nothing(witness: RunningWitness) -> None:
    assert witness.post(request(LOG, 0, 3), "/other").status_code == 404
    for path in (f"/{HASH}/checkpoint", f"/{HASH}/witness.key", "/", "/../witness.key"):
        assert httpx.get(f"{witness.url}{path}", trust_env=False).status_code == 404


def test_huge_and_unmeasured_bodies_are_not_read(witness: RunningWitness) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"old 0\n\n"

    assert witness.post(b"x" * (MAX_REQUEST + 1)).status_code == 413
    url = f"{witness.url}/add-checkpoint"
    assert httpx.post(url, content=pieces(), trust_env=False).status_code == 411
    for length in (b"-1", b"1e9", b"9" * 5_000):
        with socket.create_connection(("127.0.0.1", witness.port)) as connection:
            head = b"POST /add-checkpoint HTTP/1.1\r\nHost: x\r\nContent-Length: %s\r\n\r\n"
            assert response_to(connection, head % length).split(b" ")[1] in (b"411", b"413")


def test_a_connection_that_sends_nothing_more_is_closed(
    witness: RunningWitness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command._Handler, "timeout", 0.05)
    head = b"POST /add-checkpoint HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n"
    for begun in (b"POST /add", head, head + b"old"):
        with socket.create_connection(("127.0.0.1", witness.port)) as connection:
            assert response_to(connection, begun) == b""


def test_connections_too_many_are_closed(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "MAX_CONNECTIONS", 1)
    with running_witness(tmp_path / "w", [KEY.vkey], clock) as made, httpx.Client() as first:
        url = f"{made.url}/add-checkpoint"
        assert first.post(url, content=request(LOG, 0, 3)).status_code == 200
        # The first connection is kept open.
        with pytest.raises(httpx.TransportError):
            made.post(request(LOG, 3, 8))
        assert first.post(url, content=request(LOG, 3, 8)).status_code == 200


def test_it_keeps_its_state_over_a_restart(tmp_path: Path, clock: Clock) -> None:
    keys = []
    for old, size in ((0, 8), (8, 17)):
        with running_witness(tmp_path / "w", [KEY.vkey], clock) as made:
            assert made.post(request(LOG, old, size)).status_code == 200
            keys.append(made.signer.verifier.vkey)
    assert keys[0] == keys[1]


@pytest.mark.parametrize("data", [b"", b"x", LOG.checkpoint(3), b"\xff" * 70_000])
def test_a_damaged_state_is_never_a_new_one(
    tmp_path: Path, clock: Clock, data: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    with running_witness(tmp_path / "w", [KEY.vkey], clock) as made:
        made.post(request(LOG, 0, 8))
        path = tmp_path / "w" / HASH / "checkpoint"
        path.write_bytes(data)
        assert made.post(request(LOG, 0, 8)).status_code == 503
        assert path.read_bytes() == data
    assert "checkpoint" in capsys.readouterr().err


def test_a_state_that_cannot_be_written_is_not_signed(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with running_witness(tmp_path / "w", [KEY.vkey], clock) as made:
        monkeypatch.setattr(command, "write_private", full)
        answer = made.post(request(LOG, 0, 8))
        assert (answer.status_code, b"\xe2\x80\x94" in answer.content) == (503, False)
        monkeypatch.undo()
        assert size_of(made.post(request(LOG, 3, 8))) == 0


def test_it_never_signs_before_its_last_time(witness: RunningWitness, clock: Clock) -> None:
    witness.post(request(LOG, 0, 8))
    clock.now -= 1
    answer = witness.post(request(LOG, 8, 17))
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    clock.now += 1
    assert witness.post(request(LOG, 8, 17)).status_code == 200


def test_concurrent_requests_sign_one_head(tmp_path: Path, clock: Clock) -> None:
    """Of requests for all sizes from one old size, one is cosigned."""
    signer = open_signer(tmp_path, NAME)
    state = WitnessStore(tmp_path, signer, read_logs([KEY.vkey]), clock)
    state.add_checkpoint(request(LOG, 0, 1))

    def ask(size: int) -> int:
        try:
            state.add_checkpoint(request(LOG, 1, size))
        except RefusalError as error:
            return error.status
        return 200

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(ask, range(2, 18)))
    assert sorted(answers) == [200] + [409] * 15
    size = answers.index(200) + 2
    stored = (tmp_path / HASH / "checkpoint").read_bytes()
    assert open_checkpoint(stored, [KEY]).size == size


def test_a_new_witness_needs_a_usable_name(tmp_path: Path) -> None:
    for name in (None, "", "a b", "a+b", "ä"):
        with pytest.raises(UnusableError):
            open_signer(tmp_path, name)
    made = open_signer(tmp_path, NAME)
    assert open_signer(tmp_path, None) == made or open_signer(tmp_path, None).name == NAME
    with pytest.raises(UnusableError):
        open_signer(tmp_path, "another.example")


@pytest.mark.parametrize("name", ["witness.key", "witness.json"])
def test_a_lost_file_of_a_witness_is_not_made_again(
    tmp_path: Path, clock: Clock, name: str
) -> None:
    with running_witness(tmp_path / "w", [KEY.vkey], clock) as made:
        made.post(request(LOG, 0, 8))
    (tmp_path / "w" / name).unlink()
    with pytest.raises(UnusableError):
        open_signer(tmp_path / "w", NAME)


def test_the_command_serves_until_it_is_stopped(tmp_path: Path) -> None:
    arguments = [str(tmp_path / "w"), "--name", NAME, "--log", KEY.vkey, "--listen", "127.0.0.1:0"]
    run = [sys.executable, "-m", "diary.cli", "witness", *arguments]
    with subprocess.Popen(run, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url, vkey = process.stdout.readline().split()
        assert vkey.startswith(f"{NAME}+")
        answer = httpx.post(
            f"{url}add-checkpoint", content=request(LOG, 0, 8), trust_env=False, timeout=30
        )
        assert answer.status_code == 200
        second = subprocess.run(run, cwd=ROOT, check=False, capture_output=True, text=True)
        assert (second.returncode, "Another witness" in second.stderr) == (UNUSABLE, True)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == VALID
    assert json.loads((tmp_path / "w" / "witness.json").read_bytes())["vkey"] == vkey
    if os.name == "posix":
        assert (tmp_path / "w" / "witness.key").stat().st_mode & 0o077 == 0


def test_unusable_options_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(tmp_path / "w")
    assert command.main([folder, "--name", NAME, "--log", "nokey"]) == UNUSABLE
    assert command.main([folder, "--log", KEY.vkey, "--name", "a b"]) == UNUSABLE
    assert capsys.readouterr().err.count("\n") == 2
    for listen in ("127.0.0.1", ":80", "127.0.0.1:x", "127.0.0.1:70000"):
        with pytest.raises(SystemExit):
            command.main([folder, "--log", KEY.vkey, "--listen", listen])
