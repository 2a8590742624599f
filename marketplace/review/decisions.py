"""Review actions of a client and a freelancer: each one is a logged review entry.

Rules kept (docs/rules.md): a week is approved after it locks, Monday 12:00 UTC by default; the
client acts until Friday 24:00 UTC; each entry has its author and time, and both sides see it. The
log has the hash of a text, so that the text can be erased (`docs/protocol.md` section 5.5).
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select, update

from diary.core.slots import WEEK, week_of
from diary.core.vocabulary import ReviewKind
from diary.formats.encoding import b64url_encode, digest
from diary.log.leaf import LeafType
from diary.objects.review_entry import ReviewEntry
from marketplace.accounts.model import Account
from marketplace.accounts.roles import members
from marketplace.contracts.access import ContractAccess, open_contract
from marketplace.contracts.queries import pseudonym
from marketplace.core.clock import MarketplaceClock
from marketplace.core.problems import ProblemError
from marketplace.core.week_names import name_of_week
from marketplace.log.log import Log, LogEntry, Row, parts
from marketplace.notifications.queue import row_for
from marketplace.records import credited_totals, review_entries
from marketplace.records.review_entries import REVIEW_S, StoredReview
from marketplace.review.ledger import week_data, week_ledger
from marketplace.storage import schema
from marketplace.storage.database import Database
from marketplace.webhooks.events import Event, rows_for

#: Characters of a text and of a label at most.
MAX_TEXT, MAX_LABEL = 2_000, 40
#: Segments of one entry at most: its receipt, with the object, then has at most 65,536 bytes
#: (`docs/protocol.md` section 7.4). A week of 40 hours has about 250.
MOST_SEGMENTS = 900
#: Entries about one contract's week at most.
MAX_ENTRIES = 500
#: The messages to the other side, by kind of entry, with their webhook event for both sides.
_NOTIFIED: dict[str, Event] = {
    "question": "question.created",
    "answer": "answer.created",
    "dispute": "dispute.created",
    "dispute_resolved": "dispute.resolved",
    "approve": "week.approved",
}
#: The authors of entries in webhook events; the others belong to the client's company.
_SIDES = {"freelancer": "freelancer", "operator": "marketplace"}
#: Seconds after the end of a week in which it can be edited, without terms.
_EDIT_UNTIL_S = 43_200


@dataclass(frozen=True)
class WeekDeadlines:
    """When a week locks and when its review ends, Unix s."""

    locks_s: int
    review_ends_s: int


def deadlines(connection: Connection, ctr: str, week: int) -> WeekDeadlines:
    """The deadlines of the week that begins at `week` (Unix s), by its latest terms."""
    end, columns = week + WEEK, schema.terms.c
    edit_until = connection.execute(
        select(columns.edit_until_s)
        .where(columns.ctr == ctr, columns.from_s < end)
        .order_by(columns.from_s.desc(), columns.idx.desc())
        .limit(1)
    ).scalar()
    return WeekDeadlines(
        end + (_EDIT_UNTIL_S if edit_until is None else edit_until), end + REVIEW_S
    )


@dataclass(frozen=True)
class LoggedEntry:
    """The digest of a logged entry; `fresh` if it was not logged before."""

    digest: str
    fresh: bool


class Decisions:
    """Logs review entries of the marketplace `aud`. Blocks.

    Each method takes the signed-in account. It raises `not_found` and `role_forbidden` like
    `open_contract`, `review_ended` (409) after Friday 24:00 UTC, `too_often` (409) beyond
    MAX_ENTRIES, `invalid_request` (422) for an invalid text, and DatabaseError on a failed write.
    """

    def __init__(self, store: Database, log: Log, clock: MarketplaceClock, aud: str) -> None:
        self._store = store
        self._log = log
        self._clock = clock
        self._aud = aud
        #: Of two replies with one salt, the second finds the first.
        self._replying = store.mutex("replies")

    def approve(self, account: Account, ctr: str, week: int, names: Collection[str]) -> None:
        """Approve the segments of a week (by hash). Raises `week_open` (409) before it locks."""
        access = self._client(account, ctr, week)
        with self._store.read() as connection:
            if self._clock.wall_s() < deadlines(connection, ctr, week).locks_s:
                raise ProblemError("week_open")
            present = review_entries.of_week(connection, ctr, week)
        left = sorted(set(names) - review_entries.approved(present))
        for part in parts(left, MOST_SEGMENTS):
            self._add(account, access, week, "approve", part)

    def settle(self, account: Account, ctr: str, week: int, names: Collection[str]) -> None:
        """Accept the segments of an exception (by hash)."""
        access = self._client(account, ctr, week)
        for part in parts(sorted(names), MOST_SEGMENTS):
            self._add(account, access, week, "resolve", part)

    def allow(self, account: Account, ctr: str, week: int, names: Collection[str]) -> None:
        """Pay the time of segments (by hash) that is over the weekly limit."""
        access = self._client(account, ctr, week)
        for part in parts(sorted(names), MOST_SEGMENTS):
            self._add(account, access, week, "allow", part)
        self.apply_allowed()

    def ask(self, account: Account, ctr: str, week: int, names: Sequence[str], text: str) -> None:
        """Ask a question about segments (by hash) of a week."""
        access = self._client(account, ctr, week)
        self._add(account, access, week, "question", names[:MOST_SEGMENTS], checked_text(text))

    def dispute(
        self, account: Account, ctr: str, week: int, names: Sequence[str], text: str
    ) -> None:
        """Open a dispute about segments (by hash) of a week, within the review."""
        access = self._client(account, ctr, week)
        self._add(account, access, week, "dispute", names[:MOST_SEGMENTS], checked_text(text))

    def comment(
        self, account: Account, ctr: str, week: int, names: Sequence[str], text: str
    ) -> None:
        """Comment on segments (by hash) of a week, as either side; possible after the review."""
        self._note(account, ctr, week, "comment", names, checked_text(text))

    def label(self, account: Account, ctr: str, week: int, names: Sequence[str], text: str) -> None:
        """Label segments (by hash) of a week with one line, as either side; possible after the
        review. A later label replaces it on the pages.
        """
        text = checked_text(text, MAX_LABEL)
        if "\n" in text:
            raise ProblemError("invalid_request", "A label has one line.")
        self._note(account, ctr, week, "label", names, text)

    def reply(
        self, account: Account, ctr: str, first: str, text: str, salt: str | None = None
    ) -> LoggedEntry:
        """Answer a question or dispute (by digest) as the freelancer; the client comments on it.

        Possible after the review too. Raises `not_found` for an unknown one. A `salt` (b64u(32))
        names the reply: the same one again gets the reply that was logged first; with another text
        it raises `invalid_request`.
        """
        text = checked_text(text)
        with self._store.read() as connection:
            access = open_contract(connection, account, ctr, "content")
        entry, week = self._thread(ctr, first)
        names = entry.segments[:MOST_SEGMENTS]
        kind: ReviewKind = "answer" if access.role == "freelancer" else "comment"
        if salt is None:
            name = self._add(account, access, week, kind, names, text, first)
            return LoggedEntry(name, fresh=True)
        with self._replying:
            with self._store.read() as connection:
                logged = review_entries.reply_of_salt(connection, ctr, week, salt)
            if logged is None:
                name = self._add(account, access, week, kind, names, text, first, salt)
                return LoggedEntry(name, fresh=True)
        if (logged.sub, logged.replies_to, logged.text) != (account.sub, first, text):
            raise ProblemError("invalid_request", "The salt belongs to another text.")
        return LoggedEntry(logged.digest, fresh=False)

    def resolve(self, account: Account, ctr: str, first: str, text: str | None = None) -> None:
        """Settle a question or dispute (by digest) as the client, or a dispute as the operator of
        the marketplace, who gives the reasons; possible after the review too.
        """
        operator = account.role == "operator"
        reasons = checked_text(text or "") if operator else None
        with self._store.read() as connection:
            access = open_contract(connection, account, ctr, "content" if operator else "decision")
        entry, week = self._thread(ctr, first)
        if operator and entry.kind != "dispute":
            raise ProblemError("not_found")
        notice = "dispute_resolved" if entry.kind == "dispute" else None
        names = entry.segments[:MOST_SEGMENTS]
        self._add(account, access, week, "resolve", names, reasons, first, notice=notice)

    def apply_allowed(self) -> None:
        """Mark the segments that clients allowed, and compute their weeks again. A crash between
        entry and mark is repaired by the next call.
        """
        part, review, segment = schema.review_segment.c, schema.review.c, schema.segment.c
        query = (
            select(part.segment)
            .join(schema.review, review.digest == part.review)
            .join(schema.segment, segment.hash == part.segment)
            .where(review.kind == "allow", segment.allowed.is_(False))
        )

        def job(connection: Connection) -> None:
            names = [row.segment for row in connection.execute(query)]
            for some in parts(names):
                here = segment.hash.in_(some)
                connection.execute(update(schema.segment).where(here).values(allowed=True))
            credited_totals.refresh(connection, credited_totals.weeks_of(connection, names))

        self._store.write(job).result()

    def _note(
        self, account: Account, ctr: str, week: int, kind: ReviewKind, names: Sequence[str],
        text: str,
    ) -> None:  # fmt: skip
        with self._store.read() as connection:
            access = open_contract(connection, account, ctr, "content")
        self._add(account, access, week, kind, names[:MOST_SEGMENTS], text)

    def _client(self, account: Account, ctr: str, week: int) -> ContractAccess:
        with self._store.read() as connection:
            access = open_contract(connection, account, ctr, "decision")
            if self._clock.wall_s() >= deadlines(connection, ctr, week).review_ends_s:
                raise ProblemError("review_ended")
        return access

    def _thread(self, ctr: str, first: str) -> tuple[StoredReview, int]:
        """The question or dispute and its week."""
        columns = schema.review.c
        with self._store.read() as connection:
            week = connection.execute(
                select(columns.week_s).where(columns.digest == first, columns.ctr == ctr)
            ).scalar()
            entries = () if week is None else review_entries.of_week(connection, ctr, week)
        for thread in review_entries.threads(entries):
            if thread.first.digest == first and week is not None:
                return thread.first, week
        raise ProblemError("not_found")

    def _add(
        self,
        account: Account,
        access: ContractAccess,
        week: int,
        kind: ReviewKind,
        names: Sequence[str],
        text: str | None = None,
        replies_to: str | None = None,
        salt: str | None = None,
        *,
        notice: str | None = None,
    ) -> str:
        """Log an entry; returns its digest. Without a `salt` a text gets a fresh one."""
        notice = notice or kind
        ctr, at_s = access.contract.ctr, self._clock.wall_s()
        if text is not None and salt is None:
            salt = b64url_encode(secrets.token_bytes(32))
        with self._store.read() as connection:
            self._check(connection, ctr, week, names)
            by = _author(connection, access, account)
            messages = self._messages(connection, access, account, notice, week)
        entry = ReviewEntry(
            aud=self._aud,
            ctr=ctr,
            at=at_s,
            by=by,
            kind=kind,
            segments=tuple(names),
            text=None if text is None else digest(f"{salt}{text}".encode()),
            replies_to=replies_to,
        )
        name = digest(entry.data())
        with self._store.read() as connection:
            events = self._events(connection, access, notice, week, name, replies_to)

        def rows(index: int, _rt_ms: int) -> list[Row]:
            row: dict[str, object] = {
                "digest": name, "idx": index, "ctr": ctr, "week_s": week, "kind": kind,
                "sub": account.sub, "at_s": at_s, "text": text, "salt": salt,
                "replies_to": replies_to,
            }  # fmt: skip
            made: list[Row] = [(schema.review, row)]
            made += ((schema.review_segment, {"review": name, "segment": n}) for n in names)
            made += ((schema.message, message) for message in messages)
            made += events
            return made

        logged = LogEntry(LeafType.REVIEW, name, "", entry.data(), rows)
        self._log.append(logged).result()
        people = [(access.contract.freelancer, week)]
        self._store.write(lambda c: credited_totals.refresh(c, people)).result()
        return name

    def _messages(
        self,
        connection: Connection,
        access: ContractAccess,
        author: Account,
        notice: str,
        week: int,
    ) -> list[dict[str, object]]:
        """The rows of the messages to the other side, or to both sides if the operator is the
        author. They name the entry's kind, not its text.
        """
        if notice not in _NOTIFIED:
            return []
        readers = [] if access.role == "freelancer" else [access.contract.freelancer]
        if access.role in ("freelancer", "operator"):
            people = members(connection, access.contract.client)
            readers += [each.sub for each in people if each.role != "finance"]
        values = {
            "person": author.name,
            "contract": access.contract.title,
            "path": f"/contracts/{access.contract.ctr}/weeks/{name_of_week(week)}",
        }
        now = self._clock.real_s()
        rows = (row_for(connection, reader, notice, values, now) for reader in readers)
        return [row for row in rows if row is not None]

    def _events(
        self,
        connection: Connection,
        access: ContractAccess,
        notice: str,
        week: int,
        entry: str,
        replies_to: str | None,
    ) -> list[Row]:
        """The rows of the webhook events of both sides. They have no text of the entry."""
        if notice not in _NOTIFIED:
            return []
        contract = access.contract
        data: dict[str, object] = {
            **week_data(week_ledger(connection, contract.ctr, week)),
            "entry": entry,
            "replies_to": replies_to,
            "by": _SIDES.get(access.role, "client"),
        }
        sides = [contract.freelancer, contract.client]
        return rows_for(connection, sides, _NOTIFIED[notice], data, self._clock.real_s())

    def _check(self, connection: Connection, ctr: str, week: int, names: Sequence[str]) -> None:
        """Raise a problem unless all segments are of the contract's week."""
        columns = schema.segment.c
        known = 0
        for part in parts(list(names)):
            known += connection.execute(
                select(func.count()).where(
                    columns.hash.in_(part), columns.ctr == ctr,
                    columns.slot >= week, columns.slot < week + WEEK,
                )
            ).scalar_one()  # fmt: skip
        if week != week_of(week) or not names or known != len(set(names)):
            raise ProblemError("not_found")
        count = connection.execute(
            select(func.count()).where(schema.review.c.ctr == ctr, schema.review.c.week_s == week)
        ).scalar_one()
        if count >= MAX_ENTRIES:
            raise ProblemError("too_often", "There are too many entries about this week.")


def checked_text(text: str, longest: int = MAX_TEXT) -> str:
    """The text without surrounding white space. Raises `invalid_request` for an empty text, one
    above `longest` characters, and one that cannot be encoded or contains NUL.
    """
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise ProblemError("invalid_request", "Write a text first.")
    if len(text) > longest:
        raise ProblemError("invalid_request", f"The text has more than {longest} characters.")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ProblemError("invalid_request", "The text has invalid characters.") from None
    if "\0" in text:  # PostgreSQL cannot store it, and the log has the hash of the text
        raise ProblemError("invalid_request", "The text has invalid characters.")
    return text


def _author(connection: Connection, access: ContractAccess, account: Account) -> str:
    """The `by` of an entry: the freelancer's `sub`, the client, `client/person`, or the
    marketplace.
    """
    if access.role == "operator":
        return "marketplace"
    if access.role == "freelancer":
        return account.sub
    client = pseudonym(connection, access.contract.client)
    if account.sub == access.contract.client:
        return client
    return f"{client}/{pseudonym(connection, account.sub)}"
