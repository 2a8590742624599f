"""Exceptions: which time of a week its client should look at. Pure functions."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diary.core.findings import Code, Finding
from diary.core.slots import SLOT
from diary.verification.credit import Credit
from marketplace.records.exceptions import WeekException, find, reasons
from tests.marketplace.live_marketplace import START


@dataclass(frozen=True)
class Row:
    hash: str
    t0: int
    t1: int
    attention: str | None = None


def rows(*attention: str | None) -> list[Row]:
    """Neighbouring full slots with these reasons."""
    return [
        Row(f"h{place}", START + place * SLOT, START + (place + 1) * SLOT, reason)
        for place, reason in enumerate(attention)
    ]


def paid(listed: list[Row]) -> dict[str, Credit]:
    return {row.hash: Credit(row.t1 - row.t0) for row in listed}


def shapes(found: list[WeekException]) -> list[tuple[str, tuple[str, ...], int]]:
    return [(each.kind, each.segments, each.seconds) for each in found]


def test_time_without_a_reason_is_no_exception() -> None:
    listed = rows(None, None)
    assert find(listed, paid(listed), {}) == []


def test_neighbours_with_one_reason_are_one_exception() -> None:
    listed = rows("manual", "manual", None, "manual", "kept")
    assert shapes(find(listed, paid(listed), {})) == [
        ("manual", ("h0", "h1"), 1200),
        ("manual", ("h3",), 600),
        ("kept", ("h4",), 600),
    ]


def test_time_over_the_limit_is_one_exception_of_a_week() -> None:
    listed = rows(None, None, None, None)
    shares = paid(listed) | {"h0": Credit(500, over_limit=100), "h3": Credit(0, over_limit=600)}
    (found,) = find(listed, shares, {})
    assert (found.kind, found.segments, found.seconds) == ("over-limit", ("h0", "h3"), 700)
    assert (found.t0, found.t1) == (START, START + 4 * SLOT)


def test_a_segment_can_have_several_reasons_and_errors_come_first() -> None:
    listed = rows("kept deleted failed")
    shares = {"h0": Credit(0, overlap=200, over_limit=400)}
    kinds = [each.kind for each in find(listed, shares, {})]
    assert kinds == ["failed", "over-limit", "kept", "overlap", "deleted"]


def test_deleted_time_needs_a_look_only_as_deleted() -> None:
    listed = rows("no-picture deleted")
    shares = {"h0": Credit(0, given_back=600)}
    assert [each.kind for each in find(listed, shares, {})] == ["deleted"]


def test_what_the_client_settled_stays_listed_as_settled() -> None:
    listed = rows("manual", "manual", "kept")
    settled = {"": frozenset({"h0", "h2"})}
    found = find(listed, paid(listed), settled)
    assert [(each.kind, each.segments, each.settled) for each in found] == [
        ("manual", ("h0",), True),
        ("manual", ("h1",), False),
        ("kept", ("h2",), True),
    ]


def test_a_permission_for_the_limit_settles_nothing_else() -> None:
    listed = rows("manual")
    shares = {"h0": Credit(0, over_limit=600)}
    found = find(listed, shares, {"over-limit": frozenset({"h0"})})
    assert {each.kind: each.settled for each in found} == {"over-limit": True, "manual": False}


@given(st.lists(st.sampled_from(["manual", "kept", "no-picture", None]), max_size=30))
def test_each_segment_is_in_one_exception_for_each_of_its_reasons(
    attention: list[str | None],
) -> None:
    listed = rows(*attention)
    found = find(listed, paid(listed), {})
    named = [(each.kind, name) for each in found for name in each.segments]
    wanted = [(row.attention, row.hash) for row in listed if row.attention]
    assert sorted(named) == sorted(wanted)
    assert sum(each.seconds for each in found) == SLOT * len(wanted)


@pytest.mark.parametrize(
    ("kind", "missing", "deleted", "wanted"),
    [
        ("auto", False, False, ("failed",)),
        ("manual", False, False, ("failed", "manual")),
        ("kept", True, True, ("failed", "kept", "deleted")),
    ],
)
def test_a_segment_that_cannot_be_read_has_failed(
    kind: str, missing: bool, deleted: bool, wanted: tuple[str, ...]
) -> None:
    assert reasons(kind, None, (), picture_missing=missing, deleted=deleted) == wanted


def test_a_warning_is_no_reason_and_an_error_is_one() -> None:
    late = Finding("segment", "h", Code.W_LATE)
    assert "failed" in reasons("auto", None, [late], picture_missing=False, deleted=False)
    overlap = Finding("segment", "h", Code.E_SIG)
    assert reasons("manual", None, [overlap], picture_missing=False, deleted=False) == (
        "failed",
        "manual",
    )
