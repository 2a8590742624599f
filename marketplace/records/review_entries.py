"""Stored review entries: decisions, questions, answers and comments about segments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, select

from diary.core.vocabulary import ReviewKind
from marketplace.log.log import parts
from marketplace.storage import schema

#: Real deadline of the review after the end of a week: Friday 24:00 UTC (docs/rules.md).
REVIEW_S = 5 * 86_400


@dataclass(frozen=True)
class StoredReview:
    """A logged review entry with its text. `digest` names it, `sub` is its author's account, `name`
    the author's name, `at_s` its time (Unix s), `segments` are hashes.
    """

    digest: str
    idx: int
    kind: ReviewKind
    sub: str
    name: str
    at_s: int
    text: str | None
    replies_to: str | None
    segments: tuple[str, ...]


@dataclass(frozen=True)
class Thread:
    """A question or dispute with its replies in log order. `settled` is true after a `resolve`."""

    first: StoredReview
    replies: tuple[StoredReview, ...]

    @property
    def settled(self) -> bool:
        """Whether the client has settled it."""
        return any(reply.kind == "resolve" for reply in self.replies)

    @property
    def answered(self) -> bool:
        """Whether the last word is the freelancer's answer."""
        return bool(self.replies) and self.replies[-1].kind == "answer"


def of_week(connection: Connection, ctr: str, week: int) -> tuple[StoredReview, ...]:
    """The entries about a contract's week (Unix s) in log order."""
    table, account = schema.review, schema.account
    rows = connection.execute(
        select(table, account.c.name)
        .join(account, account.c.sub == table.c.sub)
        .where(table.c.ctr == ctr, table.c.week_s == week)
        .order_by(table.c.idx)
    ).all()
    segments: defaultdict[str, list[str]] = defaultdict(list)
    part = schema.review_segment
    for names in parts([row.digest for row in rows]):
        query = select(part).where(part.c.review.in_(names)).order_by(part.c.segment)
        for row in connection.execute(query):
            segments[row.review].append(row.segment)
    return tuple(
        StoredReview(
            row.digest, row.idx, row.kind, row.sub, row.name, row.at_s, row.text, row.replies_to,
            tuple(segments[row.digest]),
        )
        for row in rows
    )  # fmt: skip


def threads(entries: Iterable[StoredReview]) -> tuple[Thread, ...]:
    """The questions and disputes of a week in log order, with their replies."""
    listed = list(entries)
    return tuple(
        Thread(first, tuple(each for each in listed if each.replies_to == first.digest))
        for first in listed
        if first.kind in ("question", "dispute")
    )


def settled(entries: Iterable[StoredReview]) -> dict[str, frozenset[str]]:
    """The segments that the client has settled, by kind of exception; "" is every kind."""
    by_kind: defaultdict[str, set[str]] = defaultdict(set)
    for entry in entries:
        if entry.kind == "approve" or (entry.kind == "resolve" and entry.replies_to is None):
            by_kind[""].update(entry.segments)
        elif entry.kind == "allow":
            by_kind["over-limit"].update(entry.segments)
    return {kind: frozenset(names) for kind, names in by_kind.items()}


def approved(entries: Iterable[StoredReview]) -> frozenset[str]:
    """The segments that the client approved."""
    return frozenset(n for entry in entries if entry.kind == "approve" for n in entry.segments)
