"""Exceptions: the time of a week that its client should look at.

Pure functions over the columns of segments. Everything else needs nothing from the client.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from diary.core.findings import Finding
from diary.core.slots import SLOT
from diary.core.vocabulary import LAWFULLY_ABSENT
from diary.verification.credit import Credit
from marketplace.records.segment_facts import CheckFacts

ExceptionKind = Literal[
    "failed", "over-limit", "question", "manual", "kept", "no-picture", "overlap", "deleted"
]
#: The kinds that the check of a segment alone decides, as stored in `segment.attention`.
Reason = Literal["failed", "manual", "kept", "no-picture", "deleted"]


@dataclass(frozen=True)
class WeekException:
    """Neighbouring segments (hashes, in order of time) with the same need for attention.

    `t0` and `t1` bound them (Unix s); `seconds` are the affected ones. A settled exception needs no
    more attention.
    """

    kind: ExceptionKind
    segments: tuple[str, ...]
    t0: int
    t1: int
    seconds: int
    settled: bool = False


def reasons(
    kind: str,
    facts: CheckFacts | None,
    findings: Iterable[Finding],
    *,
    picture_missing: bool,
    deleted: bool,
) -> tuple[Reason, ...]:
    """Why a client should look at a segment of a kind. `deleted`: its freelancer deleted a part."""
    found: list[Reason] = []
    if facts is None or any(finding.is_error for finding in findings):
        found.append("failed")
    if kind == "manual":
        found.append("manual")
    elif kind == "kept":
        found.append("kept")
    elif facts is not None and (
        picture_missing or (facts.shot != "ok" and facts.shot not in LAWFULLY_ABSENT)
    ):
        found.append("no-picture")
    if deleted or (facts is not None and facts.end == "deleted"):
        found.append("deleted")
    return tuple(found)


def find(
    rows: Iterable[Any], shares: Mapping[str, Credit], settled: Mapping[str, frozenset[str]]
) -> list[WeekException]:
    """The exceptions of one contract and week, most important kind first, each kind by time.

    `rows` have the columns hash, t0, t1 and attention; `shares` their credit. `settled` are the
    segments that the client has settled, by kind: `over-limit` or "" for all kinds.
    """
    found: defaultdict[ExceptionKind, list[WeekException]] = defaultdict(list)
    for row in sorted(rows, key=lambda each: (each.t0, each.t1, each.hash)):
        for kind, seconds in _parts(row, shares[row.hash]):
            done = row.hash in settled.get("", ()) or row.hash in settled.get(kind, ())
            one = WeekException(kind, (row.hash,), row.t0, row.t1, seconds, settled=done)
            listed = found[kind]
            if listed and _continues(listed[-1], one):
                listed[-1] = _joined(listed[-1], one)
            else:
                listed.append(one)
    return [each for kind in get_args(ExceptionKind) for each in found[kind]]


def _parts(row: Any, share: Credit) -> list[tuple[ExceptionKind, int]]:
    """The kinds of attention that a segment needs, and the seconds that each affects."""
    length = max(0, row.t1 - row.t0)
    stored = [reason for reason in get_args(Reason) if reason in (row.attention or "").split()]
    # Deleted time is no part of the total, so that its kind no longer matters.
    kinds: list[tuple[ExceptionKind, int]] = [
        (reason, length) for reason in stored if reason == "deleted" or not share.given_back
    ]
    if share.over_limit:
        kinds.append(("over-limit", share.over_limit))
    if share.overlap:
        kinds.append(("overlap", share.overlap))
    return kinds


def _continues(last: WeekException, one: WeekException) -> bool:
    """Whether one exception continues another: time over the limit is one exception a week."""
    near = one.kind == "over-limit" or one.t0 - last.t1 < SLOT
    return near and last.settled == one.settled


def _joined(last: WeekException, one: WeekException) -> WeekException:
    return replace(
        last,
        segments=(*last.segments, *one.segments),
        t1=max(last.t1, one.t1),
        seconds=last.seconds + one.seconds,
    )
