"""Create accounts, contracts, terms and invitations.

Terms are never backdated: they are logged first and take effect after the time of their leaf.
"""

from __future__ import annotations

import contextlib
import secrets
from dataclasses import asdict, dataclass, fields
from functools import partial
from typing import Any, Literal

from babel.numbers import list_currencies
from sqlalchemy import Connection, delete, or_, select

from diary.core.findings import DiaryError
from diary.core.slots import week_of
from diary.formats.encoding import parse_canonical
from diary.log.leaf import LeafType, contract_attr
from diary.objects.segment import random_id
from diary.objects.terms import MAX_PICTURE_TOLERANCE_MS, Terms
from marketplace.accounts import one_time_codes
from marketplace.accounts.model import new_account
from marketplace.contracts.queries import Contract, pseudonym
from marketplace.core.clock import MarketplaceClock
from marketplace.core.config import RULES
from marketplace.log.log import Log, LogEntry, Row
from marketplace.storage import schema
from marketplace.storage.database import Database

#: The real time that people need in a demo, at any speed.
_DEMO_PICTURE_MS = 2_000
_DEMO_REVIEW_S = 2
_MAX_REVIEW_S = 600
#: Real ms from the creation of terms to their start; they must be logged before it.
_AHEAD_MS = 500
#: The highest rate of an hour, in the minor unit of its currency.
MAX_RATE = 10**12
#: The members of terms that freelancer and client agree on.
_AGREED = {field.name for field in fields(Terms)} - {"aud", "ctr", "sub", "client", "from_s"}


@dataclass(frozen=True)
class Invitation:
    """One-time codes for the people of a contract: `enrol` for the freelancer's computer, the
    others for a browser.
    """

    enrol: str
    freelancer: str
    client: str


class ContractRegistry:
    """Creates accounts, contracts, terms and invitations of the marketplace `aud`. Blocks."""

    def __init__(self, store: Database, log: Log, clock: MarketplaceClock, aud: str) -> None:
        self._store = store
        self._log = log
        self._clock = clock
        self._aud = aud

    def set_up(self, *, freelancer: str, client: str, title: str, **agreed: Any) -> bool:
        """Create a freelancer, a client and a contract unless a contract exists; returns whether it
        created them.
        """
        with self._store.read() as connection:
            if connection.execute(select(schema.contract.c.ctr).limit(1)).first() is not None:
                return False
        self.add_contract(
            title,
            freelancer=self.add_account("freelancer", freelancer),
            client=self.add_account("client", client),
            **agreed,
        )
        return True

    def add_account(self, role: Literal["freelancer", "client"], name: str) -> str:
        """Create an account; returns its `sub`."""
        now = self._clock.real_s()
        return self._store.write(
            lambda connection: new_account(connection, role, name, now)
        ).result()

    def add_contract(self, title: str, *, freelancer: str, client: str, **agreed: Any) -> Contract:
        """Create a contract and log its first terms; `agreed` are fields of `Terms`."""
        contract = Contract(random_id(secrets.token_bytes), title, freelancer, client)
        row: dict[str, object] = {**asdict(contract), "created_s": self._clock.real_s()}
        self._store.write(partial(schema.insert, table=schema.contract, rows=[row])).result()
        self.set_terms(contract, **agreed)
        return contract

    def set_terms(self, contract: Contract, **agreed: Any) -> Terms:
        """Log new terms of a contract, in force half a real second from now; returns them."""
        with self._store.read() as connection:
            client = pseudonym(connection, contract.client)
        while True:
            terms = self._terms(contract, client, agreed)

            def rows(index: int, _rt_ms: int, terms: Terms = terms) -> list[Row]:
                row: dict[str, object] = {
                    "hash": terms.digest,
                    "ctr": terms.ctr,
                    "idx": index,
                    "from_s": terms.from_s,
                    "state": terms.state,
                    "limit_s": terms.limit_s,
                    "edit_until_s": terms.edit_until_s,
                }
                return [(schema.terms, row)]

            attrs = contract_attr(terms.ctr)
            entry = LogEntry(LeafType.TERMS, terms.digest, attrs, terms.data(), rows)
            placed = self._log.append(entry).result()
            # Otherwise the log was slow and the terms would be backdated: log new ones.
            if placed.rt_ms <= terms.from_s * 1000:
                return terms

    def end_contracts(self, sub: str) -> None:
        """Log terms with the state `ended` for the contracts of a freelancer or client."""
        columns = schema.contract.c
        with self._store.read() as connection:
            rows = connection.execute(
                select(schema.contract).where(or_(columns.freelancer == sub, columns.client == sub))
            ).all()
            latest = [(row, _latest_terms(connection, row.ctr)) for row in rows]
        for row, obj in latest:
            if obj.get("state") != "ended":
                agreed = {name: value for name, value in obj.items() if name in _AGREED}
                contract = Contract(row.ctr, row.title, row.freelancer, row.client)
                self.set_terms(contract, **{**agreed, "state": "ended"})

    def set_rate(self, ctr: str, hourly_minor: int, currency: str, week: int) -> None:
        """Set the rate of an hour from the week that begins at `week` (Unix s).

        `currency` is an ISO 4217 code, `hourly_minor` in its minor unit, 0 to MAX_RATE. Raises
        ValueError for other values, and for a week that has ended.
        """
        if currency not in list_currencies():
            raise ValueError(f"{currency!r} is no ISO 4217 currency")
        if not 0 <= hourly_minor <= MAX_RATE:
            raise ValueError("the rate is out of range")
        if week != week_of(week) or week < week_of(self._clock.wall_s()):
            raise ValueError("a rate begins with this week or a later one")
        key: dict[str, object] = {"ctr": ctr, "from_s": week}
        row = {**key, "hourly_minor": hourly_minor, "currency": currency}
        table = schema.contract_rate

        def job(connection: Connection) -> None:
            connection.execute(delete(table).where(table.c.ctr == ctr, table.c.from_s == week))
            schema.insert(connection, table, [row])

        self._store.write(job).result()

    def renew_terms(self) -> None:
        """Log the latest terms of a contract again if they name no client.

        Earlier versions wrote such terms; clients cannot record on them.
        """
        old: list[tuple[Contract, dict[str, Any]]] = []
        with self._store.read() as connection:
            for row in connection.execute(select(schema.contract)).all():
                obj = _latest_terms(connection, row.ctr)
                if obj and "client" not in obj:
                    contract = Contract(row.ctr, row.title, row.freelancer, row.client)
                    old.append((contract, {n: v for n, v in obj.items() if n in _AGREED}))
        for contract, agreed in old:
            self.set_terms(contract, **agreed)

    def _terms(self, contract: Contract, client: str, agreed: dict[str, Any]) -> Terms:
        speed = self._clock.speed
        fields: dict[str, Any] = {"rules": RULES, **agreed}
        if self._clock.lapse is not None:
            # In a demo, people get the same real seconds for pictures and their review.
            picture, review = _DEMO_PICTURE_MS * speed, _DEMO_REVIEW_S * speed
            tolerance = min(MAX_PICTURE_TOLERANCE_MS, max(Terms.shot_tol_ms, picture))
            fields.setdefault("shot_tol_ms", tolerance)
            fields.setdefault("review_s", min(_MAX_REVIEW_S, max(Terms.review_s, review)))
        start_ms = self._clock.wall_ms() + _AHEAD_MS * speed
        return Terms(
            aud=self._aud,
            ctr=contract.ctr,
            sub=contract.freelancer,
            client=client,
            from_s=-(-start_ms // 1000),
            **fields,
        )

    def invite(self) -> Invitation | None:
        """Codes for the people of the oldest contract; None if there is no contract."""
        now = self._clock.real_s()

        def job(connection: Connection) -> Invitation | None:
            columns = schema.contract.c
            row = connection.execute(
                select(schema.contract).order_by(columns.created_s, columns.ctr).limit(1)
            ).first()
            if row is None:
                return None
            return Invitation(
                enrol=one_time_codes.new(connection, row.freelancer, "enrol", now),
                freelancer=one_time_codes.new(connection, row.freelancer, "signin", now),
                client=one_time_codes.new(connection, row.client, "signin", now),
            )

        return self._store.write(job).result()


def _latest_terms(connection: Connection, ctr: str) -> dict[str, Any]:
    """The object of the latest terms of a contract; empty if it cannot be read."""
    columns = schema.terms.c
    data = connection.execute(
        select(schema.leaf.c.object)
        .join(schema.terms, columns.idx == schema.leaf.c.idx)
        .where(columns.ctr == ctr)
        .order_by(columns.from_s.desc(), columns.idx.desc())
        .limit(1)
    ).scalar()
    with contextlib.suppress(DiaryError):
        return dict(parse_canonical(data or b""))
    return {}
