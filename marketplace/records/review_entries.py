"""Stored review entries: decisions, questions, answers and comments about segments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, bindparam, func, or_, select

from diary.core.slots import WEEK, week_of
from diary.core.vocabulary import ReviewKind
from marketplace.log.log import parts
from marketplace.storage import schema

#: Real deadline of the review after the end of a week: Friday 24:00 UTC (docs/rules.md).
REVIEW_S = 5 * 86_400
#: The weeks before the present one whose entries a computer of the freelancer gets.
LISTED_WEEKS = 8


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


# Every check runs this statement; building it takes longer than running it.
_OF_WEEKS = (
    select(schema.review, schema.account.c.name)
    .join(schema.account, schema.account.c.sub == schema.review.c.sub)
    .where(schema.review.c.ctr == bindparam("of"))
    .where(schema.review.c.week_s >= bindparam("begin"), schema.review.c.week_s < bindparam("end"))
    .order_by(schema.review.c.idx)
)


def of_week(connection: Connection, ctr: str, week: int) -> tuple[StoredReview, ...]:
    """The entries about a contract's week (Unix s) in log order."""
    return tuple(entry for _, entry in of_weeks(connection, ctr, week, week + WEEK))


def of_weeks(
    connection: Connection, ctr: str, begin: int, end: int
) -> list[tuple[int, StoredReview]]:
    """The entries about a contract's weeks that begin in [begin, end) (Unix s), each with its week,
    in log order.
    """
    values = {"of": ctr, "begin": begin, "end": end}
    rows = connection.execute(_OF_WEEKS, values).all()
    segments: defaultdict[str, list[str]] = defaultdict(list)
    part = schema.review_segment
    for names in parts([row.digest for row in rows]):
        query = select(part).where(part.c.review.in_(names)).order_by(part.c.segment)
        for row in connection.execute(query):
            segments[row.review].append(row.segment)
    return [
        (
            row.week_s,
            StoredReview(
                row.digest, row.idx, row.kind, row.sub, row.name, row.at_s, row.text,
                row.replies_to, tuple(segments[row.digest]),
            ),
        )
        for row in rows
    ]  # fmt: skip


def labels(connection: Connection, ctr: str, weeks: Iterable[int]) -> dict[str, str]:
    """The last label of each labelled segment (by hash) in a contract's weeks (Unix s)."""
    table, part = schema.review.c, schema.review_segment.c
    rows = connection.execute(
        select(part.segment, table.text)
        .join(schema.review, table.digest == part.review)
        .where(table.ctr == ctr, table.week_s.in_(list(weeks)), table.kind == "label")
        .order_by(table.idx)
    )
    last = {row.segment: row.text for row in rows}
    return {segment: text for segment, text in last.items() if text}


def reply_of_salt(connection: Connection, ctr: str, week: int, salt: str) -> StoredReview | None:
    """The entry of a contract's week (Unix s) whose text has this salt; None if there is none."""
    columns = schema.review.c
    name = connection.execute(
        select(columns.digest).where(
            columns.ctr == ctr, columns.week_s == week, columns.salt == salt
        )
    ).scalar()
    found = () if name is None else of_week(connection, ctr, week)
    return next((entry for entry in found if entry.digest == name), None)


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


@dataclass(frozen=True)
class ReviewOfAccount:
    """An entry as a computer of the freelancer gets it. `name` is the author's; `slots` are those
    of its segments (Unix s), ascending. `text` and `salt` are None without a text.
    """

    idx: int
    text: str | None
    salt: str | None
    name: str
    slots: tuple[int, ...]


@dataclass(frozen=True)
class ReviewPage:
    """Entries in log order, the log row after which the next page begins, and whether it has any
    entries.
    """

    entries: tuple[ReviewOfAccount, ...]
    next: int
    more: bool


def newest_of_account(connection: Connection, sub: str, now_s: int) -> int:
    """The log row of the newest entry that `of_account` lists; -1 without any."""
    query = select(func.max(schema.review.c.idx)).where(_listed(sub, now_s))
    newest = connection.execute(query).scalar()
    return -1 if newest is None else int(newest)


def of_account(connection: Connection, sub: str, after: int, now_s: int, limit: int) -> ReviewPage:
    """At most `limit` entries about a freelancer's diary after the log row `after`: those with a
    text and those that settle a question, of this week and the LISTED_WEEKS before (`now_s`, Unix
    s).
    """
    columns = schema.review.c
    if after > newest_of_account(connection, sub, now_s):
        # Nothing follows. A log that became shorter is listed again from its begin.
        log_end = connection.execute(select(func.max(schema.leaf.c.idx))).scalar()
        after = after if log_end is not None and after <= log_end else -1
    rows = connection.execute(
        select(schema.review, schema.account.c.name)
        .join(schema.account, schema.account.c.sub == columns.sub)
        .where(_listed(sub, now_s), columns.idx > after)
        .order_by(columns.idx)
        .limit(limit + 1)
    ).all()
    found = rows[:limit]
    slots = _slots(connection, [row.digest for row in found])
    return ReviewPage(
        tuple(
            ReviewOfAccount(row.idx, row.text, row.salt, row.name, slots.get(row.digest, ()))
            for row in found
        ),
        found[-1].idx if found else after,
        len(rows) > limit,
    )


def by_digest(connection: Connection, name: str) -> ReviewOfAccount:
    """The entry of a digest. Raises NoResultFound for an unknown one."""
    review, account = schema.review, schema.account
    row = connection.execute(
        select(review, account.c.name)
        .join(account, account.c.sub == review.c.sub)
        .where(review.c.digest == name)
    ).one()
    slots = _slots(connection, [name]).get(name, ())
    return ReviewOfAccount(row.idx, row.text, row.salt, row.name, slots)


def _listed(sub: str, now_s: int) -> ColumnElement[bool]:
    review, contract = schema.review.c, schema.contract.c
    own = select(contract.ctr).where(contract.freelancer == sub)
    return and_(
        review.ctr.in_(own),
        review.week_s >= week_of(now_s) - LISTED_WEEKS * WEEK,
        or_(
            review.kind.in_(("label", "comment", "question", "answer", "dispute")),
            review.replies_to.is_not(None),
        ),
    )


def _slots(connection: Connection, names: list[str]) -> dict[str, tuple[int, ...]]:
    """The slots of the segments of entries, by digest, ascending."""
    part, segment = schema.review_segment, schema.segment
    found: defaultdict[str, list[int]] = defaultdict(list)
    for some in parts(names):
        query = (
            select(part.c.review, segment.c.slot)
            .join(segment, segment.c.hash == part.c.segment)
            .where(part.c.review.in_(some))
            .distinct()
            .order_by(segment.c.slot)
        )
        for row in connection.execute(query):
            found[row.review].append(row.slot)
    return {name: tuple(slots) for name, slots in found.items()}
