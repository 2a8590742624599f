"""Which seconds are paid, their deductions, and a slot's activity level."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from diary.core.slots import WEEK, week_of
from diary.core.vocabulary import Kind
from diary.log.position import LogPosition
from diary.objects.picture import UNMEASURED, Minutes
from diary.verification.credit import (
    ActivityLevel,
    Credit,
    CreditEntry,
    activity_level,
    credit,
    parallel,
    totals,
)
from tests.diary.world import START

#: Close together, so that they often overlap; across the boundary of a week.
EDGE = week_of(START) + WEEK
TIMES = st.integers(EDGE - 400, EDGE + 400).flatmap(
    lambda t0: st.tuples(st.just(t0), st.integers(t0 - 5, t0 + 200))
)


CONTRACTS = st.sampled_from(
    [
        {"sub": sub, "client": client, "ctr": f"{ctr} of {sub}"}
        for sub in ("ana", "ben")
        for client, ctr in (("acme", "shop"), ("acme", "books"), ("lines", "harbour"))
    ]
)


@st.composite
def ledgers(draw: st.DrawFn, *, limit: bool = True) -> list[CreditEntry]:
    """Segments of two freelancers, each on contracts of two clients: in any log order, some not
    logged yet, some unpaid, some with their time deleted: anywhere in the log, or not logged yet.
    """
    times = draw(st.lists(TIMES, max_size=12))
    orders = draw(st.permutations(range(0, 2 * len(times), 2)))
    stones = st.none() | st.integers(0, len(times)).map(lambda i: 2 * i + 1)
    limits = st.none() | st.integers(0, 600) if limit else st.none()
    return [
        CreditEntry(
            hash=f"h{i}",
            order=orders[i] if draw(st.integers(0, 4)) else None,
            kind=draw(st.sampled_from(["auto", "kept", "manual"])),
            t0=t0,
            t1=t1,
            pays=t1 > t0 and draw(st.integers(0, 5)) > 0,
            given_back=draw(st.integers(0, 3)) == 0,
            given_back_at=draw(stones),
            limit_s=draw(limits),
            allowed=draw(st.integers(0, 3)) == 0,
            **draw(CONTRACTS),
        )
        for i, (t0, t1) in enumerate(times)
    ]


def parts(share: Credit) -> list[int]:
    return [getattr(share, field.name) for field in fields(share)]


@given(ledgers())
def test_every_second_of_a_segment_is_accounted_for(entries: list[CreditEntry]) -> None:
    shares = credit(entries)
    assert set(shares) == {entry.hash for entry in entries}
    for entry in entries:
        share = parts(shares[entry.hash])
        assert min(share) >= 0
        assert sum(share) == entry.seconds


@given(ledgers())
def test_allowed_time_is_paid_and_changes_no_other_segment(entries: list[CreditEntry]) -> None:
    shares = credit(entries)
    without = credit([replace(entry, allowed=False) for entry in entries])
    for entry in entries:
        share, cut = shares[entry.hash], without[entry.hash]
        if entry.allowed:
            cut = replace(cut, payable=cut.payable + cut.over_limit, over_limit=0)
        assert share == cut


def seconds_of(entry: CreditEntry) -> set[tuple[str, str, int]]:
    """The seconds of a segment, each for its freelancer and client."""
    return {(entry.sub, entry.client, second) for second in range(entry.t0, entry.t1)}


def in_log_order(entries: Sequence[CreditEntry]) -> list[CreditEntry]:
    logged = sorted((e for e in entries if e.order is not None), key=lambda e: e.order or 0)
    return [*logged, *(e for e in entries if e.order is None)]


def covers_for(earlier: CreditEntry, later: CreditEntry) -> bool:
    """Whether a segment covers the seconds of another one that follows in log order."""
    if not earlier.pays or not earlier.given_back or earlier.given_back_at is None:
        return earlier.pays
    return isinstance(later.order, int) and later.order < int(str(earlier.given_back_at))


def naive(entries: Sequence[CreditEntry]) -> dict[str, int]:
    """The paid seconds of each before any limit, second by second."""
    fresh = {}
    listed = in_log_order(entries)
    for i, entry in enumerate(listed):
        if entry.pays and not entry.given_back:
            covers = (seconds_of(each) for each in listed[:i] if covers_for(each, entry))
            fresh[entry.hash] = len(seconds_of(entry).difference(*covers))
    return fresh


@given(ledgers(limit=False))
def test_overlap_pays_once_and_the_first_in_the_log(entries: list[CreditEntry]) -> None:
    shares = credit(entries)
    fresh = naive(entries)
    for entry in entries:
        share = shares[entry.hash]
        assert share.payable == fresh.get(entry.hash, 0)
        if entry.hash in fresh:
            assert share.overlap == entry.seconds - share.payable


@given(ledgers(limit=False))
def test_payable_seconds_are_distinct_seconds(entries: list[CreditEntry]) -> None:
    entries = [entry for entry in entries if not entry.given_back]
    seconds: set[tuple[str, str, int]] = set()
    for entry in entries:
        if entry.pays:
            seconds |= seconds_of(entry)
    assert sum(share.payable for share in credit(entries).values()) == len(seconds)


@given(ledgers())
def test_a_client_is_paid_for_no_second_twice(entries: list[CreditEntry]) -> None:
    shares = credit(entries)
    people = {(entry.sub, entry.client) for entry in entries}
    for person in people:
        mine = [e for e in entries if (e.sub, e.client) == person and e.pays and not e.given_back]
        seconds = set[tuple[str, str, int]]().union(*map(seconds_of, mine))
        assert sum(shares[entry.hash].payable for entry in mine) <= len(seconds)


@given(ledgers())
def test_parallel_segments_share_a_second_with_an_earlier_one_for_another_client(
    entries: list[CreditEntry],
) -> None:
    listed = in_log_order(entries)
    expected = set()
    for i, entry in enumerate(listed):
        seconds = set(range(entry.t0, entry.t1))
        if (entry.pays and not entry.given_back) and any(
            other.sub == entry.sub
            and other.client != entry.client
            and covers_for(other, entry)
            and seconds & set(range(other.t0, other.t1))
            for other in listed[:i]
        ):
            expected.add(entry.hash)
    assert parallel(entries) == expected


@given(ledgers(), st.data())
def test_a_deletion_at_the_end_raises_no_pay(
    entries: list[CreditEntry], data: st.DataObject
) -> None:
    able = [i for i, entry in enumerate(entries) if not entry.given_back]
    assume(able)
    index = data.draw(st.sampled_from(able))
    # After everything logged; if something is not logged, last in the log.
    behind = st.none() if any(entry.order is None for entry in entries) else st.none() | st.just(99)
    gone = replace(entries[index], given_back=True, given_back_at=data.draw(behind))
    before, after = credit(entries), credit([*entries[:index], gone, *entries[index + 1 :]])
    lost = before[gone.hash].payable - after[gone.hash].payable
    assert after[gone.hash].payable == 0
    gains: Counter[tuple[str, int]] = Counter()
    sums: Counter[tuple[str, str]] = Counter()
    for entry in entries:
        one, two = before[entry.hash], after[entry.hash]
        sums[entry.sub, entry.client] += two.payable - one.payable
        if entry.hash == gone.hash:
            continue
        # Its contribution stays; the deleted one's part of the week's limit may go to it.
        assert two.overlap == one.overlap
        assert two.payable >= one.payable
        gains[entry.ctr, week_of(entry.t0)] += two.payable - one.payable
    of_gone = (gone.ctr, week_of(gone.t0))
    assert all(gain <= lost * (week == of_gone) for week, gain in gains.items())
    assert all(change <= 0 for change in sums.values())


@given(ledgers())
def test_of_several_deletions_the_first_sets_seconds_free(entries: list[CreditEntry]) -> None:
    """A later tombstone for the same segment changes nothing, and neither does one without a leaf;
    the later the first one, the less is paid.
    """
    later = [
        replace(entry, given_back_at=None if entry.given_back_at is None else 99)
        for entry in entries
    ]
    fresh, less = naive(entries), naive(later)
    shares = credit(later)
    for name, seconds in less.items():
        assert seconds <= fresh[name]
        assert shares[name].payable + shares[name].over_limit == seconds


@given(ledgers(), st.integers(0, 600))
def test_a_week_never_pays_more_than_its_limit(entries: list[CreditEntry], limit: int) -> None:
    entries = [replace(entry, limit_s=limit, allowed=False) for entry in entries]
    shares = credit(entries)
    weeks: dict[tuple[str, int], int] = {}
    for entry in entries:
        week = (entry.ctr, week_of(entry.t0))
        weeks[week] = weeks.get(week, 0) + shares[entry.hash].payable
    assert all(paid <= limit for paid in weeks.values())
    # The limit cuts only seconds that would be paid without it, and no more than needed.
    free = credit([replace(entry, limit_s=None) for entry in entries])
    for entry in entries:
        share = shares[entry.hash]
        assert share.payable + share.over_limit == free[entry.hash].payable
        if share.over_limit:
            assert weeks[entry.ctr, week_of(entry.t0)] == limit


@given(ledgers(), st.randoms(use_true_random=False))
def test_the_order_in_which_logged_segments_are_given_does_not_matter(
    entries: list[CreditEntry], shuffle: random.Random
) -> None:
    logged = [entry for entry in entries if entry.order is not None]
    mixed = shuffle.sample(logged, len(logged))
    assert credit(mixed) == credit(logged)


@given(ledgers())
def test_weeks_are_credited_independently(entries: list[CreditEntry]) -> None:
    apart = [entry for entry in entries if week_of(entry.t0) == week_of(max(entry.t0, entry.t1))]
    shares = credit(apart)
    for week in {week_of(entry.t0) for entry in apart}:
        alone = [entry for entry in apart if week_of(entry.t0) == week]
        assert credit(alone) == {entry.hash: shares[entry.hash] for entry in alone}


@given(ledgers())
def test_totals_add_up(entries: list[CreditEntry]) -> None:
    shares = credit(entries)
    result = totals(entries, shares)
    by_kind = result.tracked + result.kept + result.manual
    assert by_kind == sum(entry.seconds for entry in entries)
    fates = (result.payable, result.unpaid, result.given_back, result.overlap, result.over_limit)
    assert sum(fates) == by_kind
    half = len(entries) // 2
    one, two = totals(entries[:half], shares), totals(entries[half:], shares)
    for field in fields(result):
        assert getattr(one, field.name) + getattr(two, field.name) == getattr(result, field.name)


def entry(name: str, order: int | None, t0: int, t1: int, **more: Any) -> CreditEntry:
    return CreditEntry(name, order, "auto", START + t0, START + t1, **more)


def test_a_worked_example() -> None:
    entries = [
        entry("a", 5, 0, 600, limit_s=1000),
        entry("b", 3, 500, 700, limit_s=1000),
        entry("c", 9, 700, 1300, limit_s=1000),
        entry("d", 7, 1300, 1400, limit_s=1000, pays=False),
        entry("e", 8, 1400, 1500, limit_s=1000, given_back=True, given_back_at=10),
        entry("f", None, 1250, 1600, limit_s=None),
    ]
    assert credit(entries) == {
        "b": Credit(200),
        "a": Credit(500, overlap=100),
        "c": Credit(300, over_limit=300),
        "d": Credit(0, unpaid=100),
        "e": Credit(0, given_back=100),
        # By its own terms it has no limit, and it gets the seconds that no other segment was paid
        # for.
        "f": Credit(300, overlap=50),
    }


def test_a_segment_not_paid_covers_nothing() -> None:
    first, second = entry("a", 1, 0, 600, pays=False), entry("b", 2, 0, 600)
    assert credit([first, second])["b"] == Credit(600)


def test_a_deletion_makes_no_seconds_payable_on_another_contract() -> None:
    """The first segment is over its limit; the second contract has none."""
    of_client: dict[str, Any] = {"sub": "ana", "client": "acme"}
    first = entry("a", 1, 0, 600, ctr="shop", limit_s=0, **of_client)
    second = entry("b", 2, 100, 600, ctr="books", **of_client)
    anew = entry("d", 4, 0, 200, ctr="books", **of_client)
    assert credit([first, second])["b"] == Credit(0, overlap=500)
    for place in (3, None):
        gone = replace(first, given_back=True, given_back_at=place)
        assert credit([gone, second]) == {
            "a": Credit(0, given_back=600),
            "b": Credit(0, overlap=500),
        }
    # After the deletion, seconds that no other segment covers can be recorded again; not without a
    # leaf.
    gone = replace(first, given_back=True, given_back_at=3)
    assert credit([gone, second, anew])["d"] == Credit(100, overlap=100)
    assert credit([replace(gone, given_back_at=None), second, anew])["d"] == Credit(0, overlap=200)
    assert credit([gone, second, replace(anew, order=None)])["d"] == Credit(100, overlap=100)


def test_positions_in_several_logs_are_compared_in_the_order_of_the_logs() -> None:
    gone = CreditEntry(
        "a", LogPosition(2026, 1, 90), "auto", START, START + 600,
        given_back=True, given_back_at=LogPosition(2026, 2, 3),
    )  # fmt: skip
    before = CreditEntry("b", LogPosition(2026, 1, 95), "auto", START, START + 300)
    after = CreditEntry("c", LogPosition(2026, 2, 4), "auto", START, START + 600)
    assert credit([after, gone, before]) == {
        "a": Credit(0, given_back=600),
        "b": Credit(0, overlap=300),
        "c": Credit(300, overlap=300),
    }


def test_times_that_run_backwards_have_no_seconds() -> None:
    entries = [entry("a", 1, 100, 50), entry("b", 2, 100, 100), entry("c", 3, 90, 50, pays=False)]
    assert set(credit(entries).values()) == {Credit(0)}
    assert totals(entries, credit(entries)).tracked == 0


def test_the_segments_of_years_are_credited_in_one_call() -> None:
    entries = [entry(f"h{i}", i, i * 600, i * 600 + 599) for i in range(20_000)]
    assert sum(share.payable for share in credit(entries).values()) == 20_000 * 599


def rows(*minutes: Any) -> Minutes:
    return (*minutes, *[None] * (10 - len(minutes)))


BUSY, QUIET = (1, 0, 0, 0, None), (0, 0, 0, 0, None)


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        ([(BUSY,) * 10], "10"),
        ([(BUSY,) * 7 + (QUIET,) * 3], "7"),
        ([(QUIET,) * 10], "0"),
        ([rows(BUSY, BUSY, BUSY, QUIET, QUIET, QUIET, QUIET)], "3/7"),
        ([rows(QUIET)], "0/1"),
        ([rows(BUSY, QUIET), (None, BUSY, *[None] * 8)], "2/2"),
        ([(BUSY,) * 5 + (None,) * 5, (None,) * 5 + (QUIET,) * 5], "5"),
        ([(UNMEASURED,) * 10], ""),
        ([rows(UNMEASURED, BUSY)], "1/2"),
        ([(None,) * 10], ""),
        ([], ""),
    ],
)
def test_a_slots_level(cells: list[Minutes], text: str) -> None:
    assert str(activity_level(cells)) == text


def test_a_level_counts_minutes_not_segments() -> None:
    assert activity_level([rows(BUSY), rows(BUSY), rows(QUIET)]) == ActivityLevel(
        1, 1, measured=True
    )


@given(st.sampled_from(["auto", "kept", "manual"]))
def test_each_kind_has_its_own_sum(kind: Kind) -> None:
    one = CreditEntry("h", 1, kind, START, START + 7)
    result = totals([one], credit([one]))
    assert (result.tracked, result.kept, result.manual) == tuple(
        7 * (kind == name) for name in ("auto", "kept", "manual")
    )
