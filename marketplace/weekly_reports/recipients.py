"""The recipients of weekly reports: added by a client's people, confirmed by the reader.

Rules kept: an address gets nothing but the request to confirm it, and at most
`MAX_REQUESTS` of these in `REQUESTS_S` from all clients together; opening a link changes nothing;
an address that unsubscribed cannot be added again for `ENDED_S`. Each link names one recipient by a
random code of its own: only the hash of a confirmation is stored, and the code that unsubscribes is
in each message.

Every role may add recipients, also finance: a report has hours and money, no pictures or memos.
Owners and managers see and remove all recipients of the company, finance its own.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any, Literal, cast

from sqlalchemy import Connection, Row, delete, func, select, update

from diary.formats.encoding import b64url_encode, digest
from marketplace.accounts.companies import companies_with_own
from marketplace.accounts.credentials import normalised
from marketplace.accounts.model import Account, account
from marketplace.accounts.roles import role_in
from marketplace.core.clock import MarketplaceClock
from marketplace.core.i18n import languages
from marketplace.core.problems import ProblemError, not_found
from marketplace.notifications.queue import enqueue_to
from marketplace.storage import schema
from marketplace.storage.database import Database

State = Literal["pending", "active", "bouncing", "unsubscribed"]
"""`bouncing`: the mail server of the address refused the last report. After MAX_REFUSED refusals in
a row nothing more is sent."""
#: Recipients of one company at most, and those of them that have not confirmed their address.
MAX_RECIPIENTS, MAX_PENDING = 50, 10
#: Requests to confirm one address, from all companies together, in so many seconds.
MAX_REQUESTS, REQUESTS_S = 3, 30 * 86_400
#: Seconds in which a request can be confirmed; then the address is deleted.
PENDING_S = 7 * 86_400
#: Seconds after which the address of a reader who unsubscribed is deleted.
ENDED_S = 30 * 86_400
MAX_REFUSED = 3
_ID_BYTES, _CODE_BYTES = 16, 16
_LONGEST_CODE = 100


@dataclass(frozen=True)
class ReportRecipient:
    """An address with the report that it gets: of the contract `title`, None for all contracts.

    `author` is the name of the person who added it. `stopped` is true after MAX_REFUSED refusals.
    """

    id: str
    company: str
    address: str
    title: str | None
    author: str
    language: str
    state: State
    stopped: bool


@dataclass(frozen=True)
class ReportingCompany:
    """A client for which a person may add recipients, with its contracts (identifier, title)."""

    sub: str
    name: str
    contracts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Subscription:
    """What the reader of a link subscribes to: `title` is None for all contracts."""

    company: str
    title: str | None
    address: str
    state: State


class ReportRecipients:
    """Manages recipients. Times are real time, unless a column states otherwise. Blocks."""

    def __init__(self, store: Database, clock: MarketplaceClock) -> None:
        self._store = store
        self._clock = clock

    def companies(self, person: Account) -> tuple[ReportingCompany, ...]:
        """The companies for which a person may add recipients; none for a freelancer."""
        columns = schema.contract.c
        with self._store.read() as connection:
            found = []
            for sub in _companies(connection, person):
                company = account(connection, sub)
                rows = connection.execute(
                    select(columns.ctr, columns.title)
                    .where(columns.client == sub)
                    .order_by(columns.title, columns.ctr)
                )
                if company is not None:
                    listed = tuple((row.ctr, row.title) for row in rows)
                    found.append(ReportingCompany(sub, company.name, listed))
            return tuple(found)

    def of(self, person: Account) -> tuple[ReportRecipient, ...]:
        """The recipients that a person may see, in the order of their addition."""
        table, author = schema.report_recipient, schema.account
        with self._store.read() as connection:
            companies = _companies(connection, person)
            rows = connection.execute(
                select(table, schema.contract.c.title, author.c.name.label("author"))
                .outerjoin(schema.contract, schema.contract.c.ctr == table.c.ctr)
                .join(author, author.c.sub == table.c.sub)
                .where(table.c.company.in_(companies), self._kept())
                .order_by(table.c.created_s, table.c.id)
            ).all()
            return tuple(
                ReportRecipient(
                    row.id, row.company, row.address, row.title, row.author, row.language,
                    cast("State", row.state), row.refused >= MAX_REFUSED,
                )
                for row in rows
                if _may_remove(connection, person, row)
            )  # fmt: skip

    def add(
        self, person: Account, company: str | None, ctr: str | None, address: str, language: str
    ) -> None:
        """Add a recipient and ask it to confirm; `company` is None for the only one of the person,
        `ctr` None for all contracts.

        Raises `address_invalid`, `not_found` for a company or contract of others,
        `recipient_known`, `recipient_unsubscribed`, `recipients_full`, and `too_many` (429) for an
        address that got too many requests.
        """
        wanted = normalised(address)
        if wanted is None:
            raise ProblemError("address_invalid")
        if language not in languages():
            raise ProblemError("invalid_request", "Choose a language of the list.")
        now = self._clock.real_s()
        code = secrets.token_urlsafe(_CODE_BYTES)
        row: dict[str, object] = {
            "id": b64url_encode(secrets.token_bytes(_ID_BYTES)),
            "sub": person.sub,
            "ctr": ctr,
            "address": wanted,
            "language": language,
            "state": "pending",
            "hash": _hash(code),
            "expires_s": now + PENDING_S,
            "secret": secrets.token_urlsafe(_CODE_BYTES),
            "created_s": now,
            "refused": 0,
        }

        def job(connection: Connection) -> None:
            companies = _companies(connection, person)
            owner = companies[0] if company is None and len(companies) == 1 else company
            if owner not in companies:
                raise not_found()
            row["company"] = owner
            title = _checked_title(connection, str(owner), ctr)
            self._check_limits(connection, row, now)
            schema.insert(connection, schema.report_recipient, [row])
            client = account(connection, str(owner))
            values = {
                "recipient": str(row["id"]),
                "person": person.name,
                "company": "" if client is None else client.name,
                "path": f"/subscribe/{code}",
            }
            kind = "report_confirm" if title is None else "report_confirm_one"
            if title is not None:
                values["contract"] = title
            enqueue_to(connection, wanted, kind, values, now, language)

        self._store.write(job).result()

    def _check_limits(self, connection: Connection, new: dict[str, object], now_s: int) -> None:
        columns, message = schema.report_recipient.c, schema.message.c
        rows = connection.execute(
            select(columns.ctr, columns.address, columns.state).where(
                columns.company == new["company"], self._kept()
            )
        ).all()
        for row in rows:
            if row.address == new["address"] and row.state == "unsubscribed":
                raise ProblemError("recipient_unsubscribed")
            if (row.address, row.ctr) == (new["address"], new["ctr"]):
                raise ProblemError("recipient_known")
        pending = sum(row.state == "pending" for row in rows)
        if len(rows) >= MAX_RECIPIENTS or pending >= MAX_PENDING:
            raise ProblemError("recipients_full")
        requests = connection.execute(
            select(func.count()).where(
                message.address == new["address"],
                message.kind.in_(CONFIRMATIONS),
                message.created_s > now_s - REQUESTS_S,
            )
        ).scalar_one()
        if requests >= MAX_REQUESTS:
            raise ProblemError("too_many", headers={"Retry-After": "86400"})

    def remove(self, person: Account, recipient: str) -> None:
        """Remove a recipient with what waits for it. Raises `not_found`."""
        columns = schema.report_recipient.c

        def job(connection: Connection) -> None:
            row = connection.execute(
                select(schema.report_recipient).where(columns.id == recipient)
            ).first()
            if row is None or not _may_remove(connection, person, row):
                raise not_found()
            drop(connection, columns.id == recipient)

        self._store.write(job).result()

    def offer(self, code: str) -> Subscription | None:
        """What a code confirms; None for one that is unknown, used or expired. Changes nothing."""
        with self._store.read() as connection:
            row = self._pending(connection, code)
            return None if row is None else _subscription(connection, row)

    def confirm(self, code: str) -> bool:
        """Use a code; False for an invalid one. Weeks that lock from now on are reported."""
        columns = schema.report_recipient.c

        def job(connection: Connection) -> bool:
            row = self._pending(connection, code)
            if row is not None:
                self._activate(connection, columns.id == row.id)
            return row is not None

        return self._store.write(job).result()

    def subscription(self, secret: str) -> Subscription | None:
        """What the code of a message unsubscribes from; None for an unknown one."""
        columns = schema.report_recipient.c
        if len(secret) > _LONGEST_CODE:
            return None
        with self._store.read() as connection:
            row = connection.execute(
                select(schema.report_recipient).where(columns.secret == secret)
            ).first()
            return None if row is None else _subscription(connection, row)

    def unsubscribe(self, secret: str) -> None:
        """Send nothing more to the recipient of a message's code; again is no error."""
        columns = schema.report_recipient.c
        job = (
            update(schema.report_recipient)
            .where(columns.secret == secret, columns.state != "unsubscribed")
            .values(state="unsubscribed", hash=None, expires_s=None, ended_s=self._clock.real_s())
        )
        self._store.write(lambda connection: connection.execute(job)).result()

    def subscribe_again(self, secret: str) -> None:
        """Undo `unsubscribe`, for the reader of the message."""
        columns = schema.report_recipient.c
        ended = (columns.secret == secret) & (columns.state == "unsubscribed")
        self._store.write(lambda connection: self._activate(connection, ended)).result()

    def _activate(self, connection: Connection, where: Any) -> None:
        connection.execute(
            update(schema.report_recipient)
            .where(where)
            .values(
                state="active", hash=None, expires_s=None, ended_s=None, refused=0,
                from_s=self._clock.wall_s(),
            )
        )  # fmt: skip

    def _pending(self, connection: Connection, code: str) -> Row[Any] | None:
        columns = schema.report_recipient.c
        if len(code) > _LONGEST_CODE:
            return None
        return connection.execute(
            select(schema.report_recipient).where(
                columns.hash == _hash(code),
                columns.state == "pending",
                columns.expires_s > self._clock.real_s(),
            )
        ).first()

    def _kept(self) -> Any:
        """Neither an expired request nor an address that is due for deletion."""
        columns, now = schema.report_recipient.c, self._clock.real_s()
        return (columns.expires_s.is_(None) | (columns.expires_s > now)) & (
            columns.ended_s.is_(None) | (columns.ended_s > now - ENDED_S)
        )


#: The kinds of message that ask for a confirmation.
CONFIRMATIONS = ("report_confirm", "report_confirm_one")


def drop(connection: Connection, where: Any) -> None:
    """Delete recipients with their deliveries. Their queued messages are not sent any more."""
    recipient, sent = schema.report_recipient, schema.report_delivery
    chosen = select(recipient.c.id).where(where)
    connection.execute(delete(sent).where(sent.c.recipient.in_(chosen)))
    connection.execute(delete(recipient).where(where))


def _companies(connection: Connection, person: Account) -> tuple[str, ...]:
    return () if person.role != "client" else companies_with_own(connection, person.sub)


def _may_remove(connection: Connection, person: Account, row: Row[Any]) -> bool:
    role = role_in(connection, row.company, person.sub)
    return role in ("owner", "manager") or (role is not None and row.sub == person.sub)


def _checked_title(connection: Connection, company: str, ctr: str | None) -> str | None:
    if ctr is None:
        return None
    columns = schema.contract.c
    title: str | None = connection.execute(
        select(columns.title).where(columns.ctr == ctr, columns.client == company)
    ).scalar()
    if title is None:
        raise not_found()
    return title


def _subscription(connection: Connection, row: Row[Any]) -> Subscription:
    company = account(connection, row.company)
    title = None if row.ctr is None else _checked_title(connection, row.company, row.ctr)
    name = "" if company is None else company.name
    return Subscription(name, title, row.address, cast("State", row.state))


def _hash(code: str) -> str:
    return digest(code.encode("utf-8", "replace"))
