"""One history of the log: all signed tree heads must belong to one tree."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diary.formats.ed25519 import SigningKey
from diary.formats.encoding import b64url_encode, digest
from diary.log import merkle
from diary.log.leaf import Leaf, LeafType
from diary.log.shard_keys import LogKey
from diary.log.signed_note import NoteSigner
from diary.log.tiles import Tile
from tests.diary.hash_tiles import hash_tile
from tests.diary.world import AUD, ORIGIN, START, Log, Random
from uploader.errors import NetworkError, Problem, RefusedError
from uploader.log.consistency import MAX_EVIDENCE, LogHistory
from uploader.log.trusted_keys import PinnedKey, TrustedLogKeys
from uploader.store.state_folder import StateFolder

NEXT = f"{AUD}/log/2027"


def grow(log: Log, count: int, salt: str = "") -> bytes:
    """Append leaves; returns the new checkpoint."""
    for _ in range(count):
        name = digest(f"{salt}{len(log.leaves)}".encode())
        log.append(Leaf(LeafType.SEGMENT, name, START * 1000, "13"))
    return log.checkpoint()


def fork(log: Log, size: int) -> Log:
    """Another log of the same key, with the first `size` leaves of this one."""
    other = Log(origin=log.origin)
    other.signer = log.signer
    for leaf in log.leaves[:size]:
        other.append(leaf)
    return other


@dataclass
class Eye:
    """A history over a state folder, and the marketplace's tiles for it."""

    base: Path
    shown: dict[str, Log]
    pinned: PinnedKey
    reports: list[tuple[Problem, str]] = field(default_factory=list)
    asked: list[tuple[str, Tile]] = field(default_factory=list)
    online: bool = True
    now_ms: int = START * 1000

    def __post_init__(self) -> None:
        self.open()

    def open(self) -> None:
        self.folder = StateFolder(self.base, AUD)
        self.trust = TrustedLogKeys(self.pinned, self.folder)
        report = lambda code, detail: self.reports.append((code, detail))  # noqa: E731
        self.history = LogHistory(self.folder, self.trust, lambda: self.now_ms, report)

    def restart(self) -> None:
        self.folder.close()
        self.open()

    def tile(self, name: str, tile: Tile) -> bytes:
        if not self.online:
            raise NetworkError(Problem.OFFLINE)
        self.asked.append((name, tile))
        log = self.shown[name]
        have = min(256, (len(log.leaves) >> 8 * (tile.level or 0)) - 256 * tile.number)
        if tile.width != have and not (tile.width < 256 and have > tile.width and have < 256):
            # Like a log that removes the partial tiles of full ones.
            raise RefusedError(Problem.REFUSED, 404, "tile_unknown")
        return hash_tile(tile, log.read)

    def newest(self, name: str) -> bytes:
        return self.shown[name].checkpoint()

    def settle(self) -> None:
        self.history.verify_pending(self.tile, self.newest)

    def evidence(self) -> list[dict[str, object]]:
        return [json.loads(p.read_bytes()) for p in (self.base / AUD).glob("evidence/split-*.json")]

    @property
    def codes(self) -> list[Problem]:
        return [code for code, _ in self.reports]


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
def eye(tmp_path: Path, log: Log) -> Iterator[Eye]:
    made = Eye(tmp_path, {"2026": log}, PinnedKey(AUD, (log.signer.verifier,)))
    yield made
    made.folder.close()


def test_the_first_checkpoint_is_the_largest_without_a_question(eye: Eye, log: Log) -> None:
    note = grow(log, 5)
    eye.history.record(note, "beacon 0")
    assert eye.history.pending == 0
    assert eye.history.largest("2026") == note
    assert (eye.folder.root / "checkpoints" / "2026").read_bytes() == note


def test_a_larger_one_counts_once_the_tiles_show_that_it_holds_the_former(
    eye: Eye, log: Log
) -> None:
    first = grow(log, 5)
    eye.history.record(first, "beacon 0")
    second = grow(log, 300)
    eye.history.record(second, "segment x")
    assert (eye.history.largest("2026"), eye.history.pending) == (first, 1)
    assert eye.history.largest_signed("2026") == second
    eye.settle()
    assert (eye.history.largest("2026"), eye.history.pending) == (second, 0)
    eye.restart()
    assert eye.history.largest("2026") == second
    assert not eye.reports


def test_many_are_compared_by_one_reading_and_each_only_once(eye: Eye, log: Log) -> None:
    notes = [grow(log, 40) for _ in range(10)]
    for note in notes:
        eye.history.record(note, "segment x")
    eye.settle()
    assert len(eye.asked) == len(set(eye.asked)) <= 4
    for note in notes:
        eye.history.record(note, "segment x")
    assert eye.history.pending == 0


def test_what_cannot_be_compared_now_is_owed_over_a_restart(eye: Eye, log: Log) -> None:
    eye.history.record(grow(log, 5), "beacon 0")
    second = grow(log, 9)
    eye.history.record(second, "beacon 600")
    eye.online = False
    with pytest.raises(NetworkError):
        eye.settle()
    eye.restart()
    assert eye.history.pending == 1
    eye.online = True
    eye.settle()
    assert eye.history.largest("2026") == second
    assert list((eye.folder.root / "checkpoints" / "owed").iterdir()) == []


def test_a_partial_tile_that_was_filled_up_since_is_read_out_of_the_full_one(
    eye: Eye, log: Log
) -> None:
    eye.history.record(grow(log, 5), "beacon 0")
    second = grow(log, 200)
    eye.history.record(second, "beacon 600")
    grow(log, 100)
    eye.settle()
    assert eye.history.largest("2026") == second


def test_two_roots_for_one_size_are_evidence_without_any_tile(eye: Eye, log: Log) -> None:
    other = fork(log, 0)
    one, two = grow(log, 5), grow(other, 5, "other ")
    eye.history.record(one, "beacon 0")
    eye.now_ms += 7
    eye.history.record(two, "segment x")
    eye.online = False
    eye.settle()
    assert eye.codes == [Problem.SPLIT_VIEW]
    (about,) = eye.evidence()
    assert about["origin"] == ORIGIN
    assert about["said"] == [
        {"file": f"{digest(two)}.checkpoint", "at_ms": START * 1000 + 7, "from": "segment x"},
        {"file": f"{digest(one)}.checkpoint", "at_ms": START * 1000, "from": "beacon 0"},
    ]
    folder = eye.folder.root / "evidence"
    assert {p.read_bytes() for p in folder.glob("*.checkpoint")} == {one, two}
    assert eye.history.largest("2026") == one


@pytest.mark.parametrize("shows", ["what is owed", "what is kept"])
def test_a_larger_tree_that_does_not_hold_the_kept_one_is_evidence(
    eye: Eye, log: Log, shows: str
) -> None:
    grow(log, 3)
    other = fork(log, 3)
    kept = grow(log, 4)
    eye.history.record(kept, "beacon 0")
    new = grow(other, 30, "other ")
    eye.history.record(new, "segment x")
    if shows == "what is kept":
        # The tiles continue the tree that was seen first, so the new one has none.
        grow(log, 90)
    else:
        eye.shown["2026"] = other
    eye.settle()
    assert eye.codes == [Problem.SPLIT_VIEW]
    assert eye.history.pending == 0
    (about,) = eye.evidence()
    said = {str(each["file"]) for each in about["said"]}  # type: ignore[attr-defined]
    assert f"{digest(new)}.checkpoint" in said
    assert eye.codes.count(Problem.SPLIT_VIEW) == 1


def test_tiles_that_fit_nothing_leave_it_owed_and_are_reported(eye: Eye, log: Log) -> None:
    eye.history.record(grow(log, 5), "beacon 0")
    eye.history.record(grow(log, 5), "beacon 600")
    eye.shown["2026"] = fork(log, 2)
    grow(eye.shown["2026"], 8, "other ")
    eye.shown["2026"].checkpoint = log.checkpoint  # type: ignore[method-assign]
    eye.settle()
    assert (eye.codes, eye.history.pending) == ([Problem.LOG_UNPROVEN], 1)
    eye.shown["2026"] = log
    eye.settle()
    assert eye.history.pending == 0
    assert eye.evidence() == []


def test_a_log_that_has_become_shorter_is_reported(eye: Eye, log: Log) -> None:
    eye.history.record(grow(log, 5), "beacon 0")
    eye.history.record(grow(log, 5), "beacon 600")
    eye.shown["2026"] = fork(log, 2)
    eye.shown["2026"].append(Leaf(LeafType.SEGMENT, digest(b"x"), 0, "13"))
    with pytest.raises(RefusedError):
        eye.settle()
    assert eye.history.pending == 1


def test_evidence_does_not_fill_the_disk(eye: Eye, log: Log) -> None:
    eye.history.record(grow(log, 5), "beacon 0")
    for i in range(MAX_EVIDENCE + 5):
        other = fork(log, 0)
        eye.history.record(grow(other, 5, f"{i} "), "segment x")
        eye.settle()
    assert len(eye.evidence()) == MAX_EVIDENCE
    assert eye.history.pending == 0


def test_a_damaged_statement_is_set_aside(eye: Eye, log: Log) -> None:
    eye.history.record(grow(log, 5), "beacon 0")
    (eye.folder.root / "checkpoints" / "2026.json").write_bytes(b"{}")
    eye.restart()
    assert eye.codes == [Problem.FILE_DAMAGED]
    assert eye.history.largest("2026") is None
    note = grow(log, 1)
    eye.history.record(note, "beacon 600")
    assert eye.history.largest("2026") == note


# Keys


def _change_of_shards(log: Log) -> tuple[Log, bytes, bytes]:
    """The next year's log, its announcement and its opening."""
    new = Log(origin=NEXT)
    new.signer = NoteSigner(NEXT, SigningKey.from_seed(Random("next")(32)))
    told = LogKey(NEXT, new.signer.verifier.vkey, log.origin, len(log.leaves), _root(log)).data()
    at = log.append(Leaf(LeafType.KEY, digest(told), START * 1000), told)
    announced = log.receipt(at)
    said = LogKey(NEXT, new.signer.verifier.vkey, log.origin, len(log.leaves), _root(log)).data()
    new.append(Leaf(LeafType.KEY, digest(said), START * 1000), said)
    return new, announced, new.receipt(0)


def _root(log: Log) -> str:
    return b64url_encode(merkle.root(len(log.leaves), log.read))


def test_only_an_announcement_by_a_known_key_makes_a_key_known(eye: Eye, log: Log) -> None:
    grow(log, 5)
    new, announced, opening = _change_of_shards(log)
    assert not eye.trust.learn([opening])
    assert not eye.trust.has(NEXT)
    assert eye.trust.learn([announced, opening])
    assert eye.trust.is_trusted(NEXT, new.signer.verifier.vkey)
    eye.restart()
    assert eye.trust.is_trusted(NEXT, new.signer.verifier.vkey)
    assert len(list((eye.folder.root / "keys").iterdir())) == 2


def test_the_end_of_a_shard_must_fit_what_was_seen_of_it(eye: Eye, log: Log) -> None:
    eye.history.record(grow(log, 5), "beacon 0")
    new, announced, opening = _change_of_shards(log)
    eye.shown["2027"] = new
    eye.trust.learn([announced, opening])
    assert eye.history.pending == 1
    eye.restart()
    eye.settle()
    assert eye.history.pending == 0
    assert not eye.reports


def test_a_log_that_continues_after_its_end_is_evidence(eye: Eye, log: Log) -> None:
    grow(log, 5)
    _, announced, opening = _change_of_shards(log)
    eye.trust.learn([announced, opening])
    eye.history.record(grow(log, 3), "segment x")
    eye.settle()
    assert eye.codes == [Problem.SPLIT_VIEW]
    (about,) = eye.evidence()
    files = [str(each["file"]) for each in about["said"]]  # type: ignore[attr-defined]
    assert sorted(name.rpartition(".")[2] for name in files) == ["checkpoint", "tlog-proof"]


@settings(max_examples=30, deadline=None)
@given(steps=st.lists(st.integers(1, 300), min_size=2, max_size=6), order=st.randoms())
def test_an_honest_log_is_never_accused(
    tmp_path_factory: pytest.TempPathFactory, steps: list[int], order: random.Random
) -> None:
    log = Log()
    base = tmp_path_factory.mktemp("eye")
    eye = Eye(base, {"2026": log}, PinnedKey(AUD, (log.signer.verifier,)))
    with eye.folder:
        notes = [grow(log, step) for step in steps]
        order.shuffle(notes)
        for note in notes:
            eye.history.record(note, "segment x")
        eye.settle()
        largest = eye.history.largest("2026") or b""
        assert int(largest.split(b"\n")[1]) == sum(steps)
        assert not eye.reports
