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
class HistorySetup:
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
def memory(tmp_path: Path, log: Log) -> Iterator[HistorySetup]:
    made = HistorySetup(tmp_path, {"2026": log}, PinnedKey(AUD, (log.signer.verifier,)))
    yield made
    made.folder.close()


def test_the_first_checkpoint_is_the_largest_without_a_question(
    memory: HistorySetup, log: Log
) -> None:
    note = grow(log, 5)
    memory.history.record(note, "beacon 0")
    assert memory.history.pending == 0
    assert memory.history.largest("2026") == note
    assert (memory.folder.root / "checkpoints" / "2026").read_bytes() == note


def test_a_larger_tree_head_counts_once_the_tiles_prove_consistency(
    memory: HistorySetup, log: Log
) -> None:
    first = grow(log, 5)
    memory.history.record(first, "beacon 0")
    second = grow(log, 300)
    memory.history.record(second, "segment x")
    assert (memory.history.largest("2026"), memory.history.pending) == (first, 1)
    assert memory.history.largest_signed("2026") == second
    memory.settle()
    assert (memory.history.largest("2026"), memory.history.pending) == (second, 0)
    memory.restart()
    assert memory.history.largest("2026") == second
    assert not memory.reports


def test_many_are_compared_by_one_reading_and_each_only_once(
    memory: HistorySetup, log: Log
) -> None:
    notes = [grow(log, 40) for _ in range(10)]
    for note in notes:
        memory.history.record(note, "segment x")
    memory.settle()
    assert len(memory.asked) == len(set(memory.asked)) <= 4
    for note in notes:
        memory.history.record(note, "segment x")
    assert memory.history.pending == 0


def test_a_pending_comparison_survives_a_restart(memory: HistorySetup, log: Log) -> None:
    memory.history.record(grow(log, 5), "beacon 0")
    second = grow(log, 9)
    memory.history.record(second, "beacon 600")
    memory.online = False
    with pytest.raises(NetworkError):
        memory.settle()
    memory.restart()
    assert memory.history.pending == 1
    memory.online = True
    memory.settle()
    assert memory.history.largest("2026") == second
    assert list((memory.folder.root / "checkpoints" / "owed").iterdir()) == []


def test_a_partial_tile_that_was_filled_up_since_is_read_out_of_the_full_one(
    memory: HistorySetup, log: Log
) -> None:
    memory.history.record(grow(log, 5), "beacon 0")
    second = grow(log, 200)
    memory.history.record(second, "beacon 600")
    grow(log, 100)
    memory.settle()
    assert memory.history.largest("2026") == second


def test_two_roots_for_one_size_are_evidence_without_any_tile(
    memory: HistorySetup, log: Log
) -> None:
    other = fork(log, 0)
    one, two = grow(log, 5), grow(other, 5, "other ")
    memory.history.record(one, "beacon 0")
    memory.now_ms += 7
    memory.history.record(two, "segment x")
    memory.online = False
    memory.settle()
    assert memory.codes == [Problem.SPLIT_VIEW]
    (about,) = memory.evidence()
    assert about["origin"] == ORIGIN
    assert about["said"] == [
        {"file": f"{digest(two)}.checkpoint", "at_ms": START * 1000 + 7, "from": "segment x"},
        {"file": f"{digest(one)}.checkpoint", "at_ms": START * 1000, "from": "beacon 0"},
    ]
    folder = memory.folder.root / "evidence"
    assert {p.read_bytes() for p in folder.glob("*.checkpoint")} == {one, two}
    assert memory.history.largest("2026") == one


@pytest.mark.parametrize("shows", ["what is owed", "what is kept"])
def test_a_larger_tree_that_does_not_hold_the_kept_one_is_evidence(
    memory: HistorySetup, log: Log, shows: str
) -> None:
    grow(log, 3)
    other = fork(log, 3)
    kept = grow(log, 4)
    memory.history.record(kept, "beacon 0")
    new = grow(other, 30, "other ")
    memory.history.record(new, "segment x")
    if shows == "what is kept":
        # The tiles continue the tree that was seen first, so the new one has none.
        grow(log, 90)
    else:
        memory.shown["2026"] = other
    memory.settle()
    assert memory.codes == [Problem.SPLIT_VIEW]
    assert memory.history.pending == 0
    (about,) = memory.evidence()
    files = {str(each["file"]) for each in about["said"]}  # type: ignore[attr-defined]
    assert f"{digest(new)}.checkpoint" in files
    assert memory.codes.count(Problem.SPLIT_VIEW) == 1


def test_tiles_that_do_not_fit_are_reported_and_the_comparison_stays_pending(
    memory: HistorySetup, log: Log
) -> None:
    memory.history.record(grow(log, 5), "beacon 0")
    memory.history.record(grow(log, 5), "beacon 600")
    memory.shown["2026"] = fork(log, 2)
    grow(memory.shown["2026"], 8, "other ")
    memory.shown["2026"].checkpoint = log.checkpoint  # type: ignore[method-assign]
    memory.settle()
    assert (memory.codes, memory.history.pending) == ([Problem.LOG_UNPROVEN], 1)
    memory.shown["2026"] = log
    memory.settle()
    assert memory.history.pending == 0
    assert memory.evidence() == []


def test_a_log_that_has_become_shorter_is_reported(memory: HistorySetup, log: Log) -> None:
    memory.history.record(grow(log, 5), "beacon 0")
    memory.history.record(grow(log, 5), "beacon 600")
    memory.shown["2026"] = fork(log, 2)
    memory.shown["2026"].append(Leaf(LeafType.SEGMENT, digest(b"x"), 0, "13"))
    with pytest.raises(RefusedError):
        memory.settle()
    assert memory.history.pending == 1


def test_evidence_does_not_fill_the_disk(memory: HistorySetup, log: Log) -> None:
    memory.history.record(grow(log, 5), "beacon 0")
    for i in range(MAX_EVIDENCE + 5):
        other = fork(log, 0)
        memory.history.record(grow(other, 5, f"{i} "), "segment x")
        memory.settle()
    assert len(memory.evidence()) == MAX_EVIDENCE
    assert memory.history.pending == 0


def test_a_damaged_statement_is_set_aside(memory: HistorySetup, log: Log) -> None:
    memory.history.record(grow(log, 5), "beacon 0")
    (memory.folder.root / "checkpoints" / "2026.json").write_bytes(b"{}")
    memory.restart()
    assert memory.codes == [Problem.FILE_DAMAGED]
    assert memory.history.largest("2026") is None
    note = grow(log, 1)
    memory.history.record(note, "beacon 600")
    assert memory.history.largest("2026") == note


# Keys


def _change_of_shards(log: Log) -> tuple[Log, bytes, bytes]:
    """The next year's log, its announcement and its opening."""
    new = Log(origin=NEXT)
    new.signer = NoteSigner(NEXT, SigningKey.from_seed(Random("next")(32)))
    announcement = LogKey(
        NEXT, new.signer.verifier.vkey, log.origin, len(log.leaves), _root(log)
    ).data()
    at = log.append(Leaf(LeafType.KEY, digest(announcement), START * 1000), announcement)
    announced = log.receipt(at)
    record = LogKey(NEXT, new.signer.verifier.vkey, log.origin, len(log.leaves), _root(log)).data()
    new.append(Leaf(LeafType.KEY, digest(record), START * 1000), record)
    return new, announced, new.receipt(0)


def _root(log: Log) -> str:
    return b64url_encode(merkle.root(len(log.leaves), log.read))


def test_only_an_announcement_by_a_known_key_makes_a_key_known(
    memory: HistorySetup, log: Log
) -> None:
    grow(log, 5)
    new, announced, opening = _change_of_shards(log)
    assert not memory.trust.learn([opening])
    assert not memory.trust.has(NEXT)
    assert memory.trust.learn([announced, opening])
    assert memory.trust.is_trusted(NEXT, new.signer.verifier.vkey)
    memory.restart()
    assert memory.trust.is_trusted(NEXT, new.signer.verifier.vkey)
    assert len(list((memory.folder.root / "keys").iterdir())) == 2


def test_the_end_of_a_shard_must_fit_what_was_seen_of_it(memory: HistorySetup, log: Log) -> None:
    memory.history.record(grow(log, 5), "beacon 0")
    new, announced, opening = _change_of_shards(log)
    memory.shown["2027"] = new
    memory.trust.learn([announced, opening])
    assert memory.history.pending == 1
    memory.restart()
    memory.settle()
    assert memory.history.pending == 0
    assert not memory.reports


def test_a_log_that_continues_after_its_end_is_evidence(memory: HistorySetup, log: Log) -> None:
    grow(log, 5)
    _, announced, opening = _change_of_shards(log)
    memory.trust.learn([announced, opening])
    memory.history.record(grow(log, 3), "segment x")
    memory.settle()
    assert memory.codes == [Problem.SPLIT_VIEW]
    (about,) = memory.evidence()
    files = [str(each["file"]) for each in about["said"]]  # type: ignore[attr-defined]
    assert sorted(name.rpartition(".")[2] for name in files) == ["checkpoint", "tlog-proof"]


@settings(max_examples=30, deadline=None)
@given(steps=st.lists(st.integers(1, 300), min_size=2, max_size=6), order=st.randoms())
def test_an_honest_log_is_never_accused(
    tmp_path_factory: pytest.TempPathFactory, steps: list[int], order: random.Random
) -> None:
    log = Log()
    base = tmp_path_factory.mktemp("eye")
    memory = HistorySetup(base, {"2026": log}, PinnedKey(AUD, (log.signer.verifier,)))
    with memory.folder:
        notes = [grow(log, step) for step in steps]
        order.shuffle(notes)
        for note in notes:
            memory.history.record(note, "segment x")
        memory.settle()
        largest = memory.history.largest("2026") or b""
        assert int(largest.split(b"\n")[1]) == sum(steps)
        assert not memory.reports
