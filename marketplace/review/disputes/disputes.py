"""Disputes as the marketplace's operator sees and settles them.

Rules kept: the operator reads a contract only while it has an open dispute; each picture in an
evidence bundle counts as a view, which the freelancer sees; the operator's decision is a logged
review entry, which both sides see.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select

from marketplace.accounts.model import Account, operator_account
from marketplace.core.clock import MarketplaceClock
from marketplace.core.problems import ProblemError
from marketplace.records import review_entries
from marketplace.records.review_entries import StoredReview
from marketplace.review.decisions import Decisions
from marketplace.review.ledger import WeekLedger, week_ledger
from marketplace.storage import schema
from marketplace.storage.database import Database


@dataclass(frozen=True)
class Dispute:
    """A dispute (its digest) about a week of a contract; `at_s` is its time, Unix s. `answered` is
    true if the last word is the freelancer's.
    """

    digest: str
    ctr: str
    title: str
    freelancer: str
    client: str
    week: int
    at_s: int
    answered: bool
    settled: bool


@dataclass(frozen=True)
class DisputeDetail:
    """A dispute with the ledger of its week, and its entries in log order."""

    dispute: Dispute
    ledger: WeekLedger
    entries: tuple[StoredReview, ...]


class Disputes:
    """The operator's access to disputes; `name` is the marketplace's name. Blocks."""

    def __init__(
        self, store: Database, clock: MarketplaceClock, decisions: Decisions, name: str
    ) -> None:
        self._store = store
        self._clock = clock
        self._decisions = decisions
        self._name = name

    def listed(self, *, settled: bool = False) -> tuple[Dispute, ...]:
        """The open disputes, oldest first; with `settled`, all disputes."""
        columns = schema.review.c
        query = select(schema.review).where(columns.kind == "dispute").order_by(columns.idx)
        with self._store.read() as connection:
            found = [_dispute(connection, row) for row in connection.execute(query).all()]
        return tuple(each for each in found if settled or not each.settled)

    def detail(self, name: str) -> DisputeDetail:
        """A dispute by its digest or the beginning of it. Raises `not_found`, also if several
        disputes begin so.
        """
        columns = schema.review.c
        query = select(schema.review).where(
            columns.kind == "dispute", columns.digest.startswith(name, autoescape=True)
        )
        with self._store.read() as connection:
            # LIKE of SQLite ignores the case.
            rows = [row for row in connection.execute(query) if row.digest.startswith(name)]
            if not name or len(rows) != 1:
                raise ProblemError("not_found")
            dispute = _dispute(connection, rows[0])
            entries = review_entries.of_week(connection, dispute.ctr, dispute.week)
            ledger = week_ledger(connection, dispute.ctr, dispute.week)
        about = tuple(each for each in entries if dispute.digest in (each.digest, each.replies_to))
        return DisputeDetail(dispute, ledger, about)

    def operator(self) -> Account:
        """The account in whose name the operator acts; created when it is first needed."""
        now = self._clock.real_s()
        return self._store.write(lambda c: operator_account(c, self._name, now)).result()

    def resolve(self, name: str, text: str) -> Dispute:
        """Settle an open dispute with the reasons; returns it. Raises `not_found`, and
        `invalid_request` for an invalid text or a settled dispute.
        """
        dispute = self.detail(name).dispute
        if dispute.settled:
            raise ProblemError("invalid_request", "The dispute is settled already.")
        self._decisions.resolve(self.operator(), dispute.ctr, dispute.digest, text)
        return dispute


def _dispute(connection: Any, row: Row[Any]) -> Dispute:
    contract, person = schema.contract, schema.account
    about = connection.execute(select(contract).where(contract.c.ctr == row.ctr)).one()
    people = select(person.c.sub, person.c.name).where(
        person.c.sub.in_([about.freelancer, about.client])
    )
    names = {each.sub: each.name for each in connection.execute(people)}
    entries = review_entries.of_week(connection, row.ctr, row.week_s)
    thread = next(t for t in review_entries.threads(entries) if t.first.digest == row.digest)
    return Dispute(
        row.digest, row.ctr, about.title, names[about.freelancer], names[about.client],
        row.week_s, row.at_s, thread.answered, thread.settled,
    )  # fmt: skip
