"""Positions in the sequence of shards, key objects, and trust in the next shard."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diary.core.findings import Code, DiaryError
from diary.formats.encoding import b64url_encode, canonical, digest
from diary.log import merkle
from diary.log.leaf import Leaf, LeafType
from diary.log.position import LogPosition, Origin
from diary.log.shard_keys import KeyLeaf, LogKey, extend_trust, open_key
from diary.log.signed_note import NoteVerifier
from tests.diary.world import AUD, Log

AT = 1_795_510_800_000


def log_key(log: Log, key: LogKey) -> bytes:
    """Append the key's leaf and return its receipt."""
    data = key.data()
    log.append(Leaf(LeafType.KEY, digest(data), AT + len(log.leaves)), data)
    return log.receipt(len(log.leaves) - 1)


def state(log: Log) -> tuple[int, str]:
    size = len(log.leaves)
    return size, b64url_encode(merkle.root(size, log.read))


def announcement(old: Log, new: Log) -> LogKey:
    return LogKey(new.origin, new.signer.verifier.vkey, old.origin, *state(old))


def succeed(old: Log, new: Log) -> tuple[bytes, bytes]:
    """Close `old`, open `new`; the receipts of announcement and opening."""
    announced = log_key(old, announcement(old, new))
    opened = log_key(new, announcement(old, new))
    return announced, opened


class Shards:
    """Three shards, each announced by the one before."""

    def __init__(self) -> None:
        names = ("2026", "2026-2", "2027")
        self.logs = [Log(f"log {name}", f"{AUD}/log/{name}") for name in names]
        self.logs[0].append(Leaf(LeafType.BEACON, digest(b"b"), AT, "0"), b"b")
        self.receipts = [
            receipt
            for old, new in zip(self.logs, self.logs[1:], strict=False)
            for receipt in succeed(old, new)
        ]

    @property
    def verifiers(self) -> list[NoteVerifier]:
        return [log.signer.verifier for log in self.logs]


@pytest.mark.parametrize(
    ("origin", "name", "shard"),
    [
        ("a/log/2026", "2026", (2026, 1)),
        ("workdiary.localhost:8000/log/2026-2", "2026-2", (2026, 2)),
        ("a/log/2027-9999", "2027-9999", (2027, 9999)),
    ],
)
def test_an_origin_has_the_position_of_its_shard(
    origin: str, name: str, shard: tuple[int, int]
) -> None:
    parsed = Origin.parse(origin)
    assert (parsed.aud, parsed.name, parsed.shard) == (origin.partition("/")[0], name, shard)
    assert parsed.position(7) == LogPosition(*shard, 7)


@pytest.mark.parametrize(
    "origin",
    [
        "",
        "a/log/26",
        "a/log/2026-1",
        "a/log/2026-0",
        "a/log/2026-02",
        "a/log/2026-10000",
        "a/log/2026-",
        "a/log/2026/",
        "a/log/x",
        "A/log/2026",
        "/log/2026",
        "a/log/2026\n",
        "a/b/log/2026",
        "a/log/٢٠٢٦",
    ],
)
def test_other_names_are_refused(origin: str) -> None:
    with pytest.raises(DiaryError) as raised:
        Origin.parse(origin)
    assert raised.value.code is Code.E_POLICY


@given(st.lists(st.tuples(st.integers(1, 9999), st.integers(1, 30), st.integers(0, 10**6))))
def test_positions_are_ordered_by_shard_then_index(numbers: list[tuple[int, int, int]]) -> None:
    def origin(year: int, part: int) -> Origin:
        return Origin.parse(f"a/log/{year:04}" + ("" if part == 1 else f"-{part}"))

    places = [origin(year, part).position(index) for year, part, index in numbers]
    assert [tuple(place) for place in sorted(places)] == sorted(numbers)


def test_a_key_object_reads_as_it_was_written() -> None:
    shards = Shards()
    key = announcement(shards.logs[0], shards.logs[1])
    assert LogKey.parse(key.data()) == key
    assert key.verifier == shards.logs[1].signer.verifier
    assert set(json.loads(key.data())) == {
        "origin", "prev_origin", "prev_root", "prev_size", "v", "vkey",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"v": 2}, Code.E_FORMAT),
        ({"prev_size": -1}, Code.E_FORMAT),
        ({"prev_size": "1"}, Code.E_FORMAT),
        ({"prev_root": "AA"}, Code.E_FORMAT),
        ({"origin": None}, Code.E_FORMAT),
        ({"vkey": "x" * 1025}, Code.E_FORMAT),
        ({"origin": "nolog"}, Code.E_POLICY),
        ({"prev_origin": "nolog"}, Code.E_POLICY),
        ({"prev_origin": "other/log/2026"}, Code.E_POLICY),
        ({"prev_origin": f"{AUD}/log/2026-2"}, Code.E_POLICY),
        ({"prev_origin": f"{AUD}/log/2027"}, Code.E_POLICY),
        ({"origin": f"{AUD}/log/2028"}, Code.E_POLICY),
        ({"vkey": "none"}, Code.E_POLICY),
    ],
)
def test_a_bad_key_object_is_refused(changes: dict[str, object], code: Code) -> None:
    shards = Shards()
    obj = json.loads(announcement(shards.logs[0], shards.logs[1]).data())
    with pytest.raises(DiaryError) as raised:
        LogKey.parse(canonical({**obj, **changes}))
    assert raised.value.code is code


def test_trust_follows_the_announcements_of_keys() -> None:
    shards = Shards()
    verifiers, results = extend_trust(shards.verifiers[:1], shards.receipts)
    assert list(verifiers) == shards.verifiers
    leaves = [results[receipt] for receipt in shards.receipts]
    assert all(isinstance(leaf, KeyLeaf) for leaf in leaves)
    assert [leaf.is_opening for leaf in leaves if isinstance(leaf, KeyLeaf)] == [
        False, True, False, True,
    ]  # fmt: skip


def test_trust_does_not_go_back_nor_by_an_opening() -> None:
    shards = Shards()
    newest = shards.logs[2].signer.verifier
    verifiers, results = extend_trust([newest], shards.receipts)
    assert verifiers == (newest,)
    assert isinstance(results[shards.receipts[3]], KeyLeaf)
    for receipt in shards.receipts[:3]:
        error = results[receipt]
        assert isinstance(error, DiaryError)
        assert error.code is Code.E_CP_SIG
    # The opening alone establishes no trust in the new key.
    oldest = shards.logs[0].signer.verifier
    assert extend_trust([oldest], shards.receipts[1:2])[0] == (oldest,)


def test_a_link_that_is_missing_ends_the_trust() -> None:
    shards = Shards()
    oldest = shards.logs[0].signer.verifier
    verifiers, _ = extend_trust([oldest], shards.receipts[2:])
    assert verifiers == (oldest,)


def test_an_announcement_at_the_wrong_position_does_not_count() -> None:
    for change in (
        {"prev_size": 0},
        {"prev_size": 2},
        {"prev_origin": f"{AUD}/log/2025"},
    ):
        old, new = Log("old"), Log("new", f"{AUD}/log/2027")
        old.append(Leaf(LeafType.BEACON, digest(b"b"), AT, "0"), b"b")
        receipt = log_key(old, replace(announcement(old, new), **change))
        verifiers, results = extend_trust([old.signer.verifier], [receipt])
        assert verifiers == (old.signer.verifier,)
        error = results[receipt]
        assert isinstance(error, DiaryError)
        assert error.code is Code.E_POLICY


def test_an_opening_is_first_and_names_the_key_that_signed() -> None:
    old, new = Log("old"), Log("new", f"{AUD}/log/2027")
    new.append(Leaf(LeafType.BEACON, digest(b"b"), AT, "0"), b"b")
    late = log_key(new, announcement(old, new))
    other = Log("other", f"{AUD}/log/2027")
    foreign = log_key(other, announcement(old, new))
    for receipt, verifier in ((late, new.signer.verifier), (foreign, other.signer.verifier)):
        with pytest.raises(DiaryError) as raised:
            open_key(receipt, [verifier])
        assert raised.value.code is Code.E_POLICY


def test_a_key_that_is_known_is_not_replaced() -> None:
    old = Log("old")
    first, second = Log("first", f"{AUD}/log/2027"), Log("second", f"{AUD}/log/2027")
    given = [old.signer.verifier, first.signer.verifier]
    receipt = log_key(old, announcement(old, second))
    verifiers, results = extend_trust(given, [receipt])
    assert list(verifiers) == given
    error = results[receipt]
    assert isinstance(error, DiaryError)
    assert error.code is Code.E_POLICY


def test_malformed_data_is_reported_and_changes_nothing() -> None:
    shards = Shards()
    _, results = extend_trust(shards.verifiers[:1], [b"", b"x", *shards.receipts])
    assert isinstance(results[b""], DiaryError)
    assert isinstance(results[b"x"], DiaryError)
