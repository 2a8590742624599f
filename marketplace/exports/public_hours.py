"""The public page of a freelancer: verified hours and their period, and nothing else.

Rules kept: it exists only while the freelancer shows it; its address is random, or a name that the
freelancer chose; it has no contract, client, picture or memo. Verified hours are paid time by the
stored results of the checks, in weeks whose review has ended, without time that was entered
manually or kept while idle.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.exc import IntegrityError

from diary.core.slots import week_of
from diary.objects.segment import random_id
from marketplace.accounts.model import Account
from marketplace.core.clock import MarketplaceClock
from marketplace.core.problems import ProblemError, not_found
from marketplace.records.review_entries import REVIEW_S
from marketplace.storage import schema
from marketplace.storage.database import Database

#: A chosen name is shorter than a random one, so that they never collide.
_CHOSEN = re.compile(r"[a-z0-9](?:[a-z0-9-]{1,18}[a-z0-9])")
_WEEK_S = 7 * 86_400


@dataclass(frozen=True)
class PublicProfile:
    """The settings of a public page: its name in the address, and whether search engines may list
    it.
    """

    slug: str
    listed: bool


@dataclass(frozen=True)
class VerifiedHours:
    """A freelancer's name, verified seconds, and the first and last day with paid time (Unix s,
    None without any).
    """

    name: str
    listed: bool
    seconds: int
    first_s: int | None
    last_s: int | None


class PublicHours:
    """Public pages of freelancers. Blocks."""

    def __init__(self, store: Database, clock: MarketplaceClock) -> None:
        self._store = store
        self._clock = clock

    def of(self, sub: str) -> PublicProfile | None:
        """The public page of an account; None if it has none."""
        table = schema.public_profile
        with self._store.read() as connection:
            row = connection.execute(select(table).where(table.c.sub == sub)).first()
        return None if row is None else PublicProfile(row.slug, row.listed)

    def show(self, person: Account, slug: str, *, listed: bool) -> None:
        """Show the page under a chosen name, or with "" under the present or a random one.

        Raises `not_found` for an account that is not a freelancer, `public_name_invalid` and
        `public_name_taken`.
        """
        if person.role != "freelancer":
            raise not_found()
        slug = slug.strip().lower()
        if slug and not _CHOSEN.fullmatch(slug):
            raise ProblemError("public_name_invalid")
        now = self._clock.real_s()

        def job(connection: Connection) -> None:
            table = schema.public_profile
            present = connection.execute(
                select(table.c.slug).where(table.c.sub == person.sub)
            ).scalar()
            connection.execute(delete(table).where(table.c.sub == person.sub))
            row: dict[str, object] = {
                "sub": person.sub,
                "slug": slug or present or random_id(secrets.token_bytes),
                "listed": listed,
                "since_s": now,
            }
            try:
                schema.insert(connection, table, [row])
            except IntegrityError as error:
                raise ProblemError("public_name_taken") from error

        self._store.write(job).result()

    def hide(self, person: Account) -> None:
        """Remove the page at once; a random address is never used again."""
        table = schema.public_profile
        self._store.write(
            lambda connection: connection.execute(delete(table).where(table.c.sub == person.sub))
        ).result()

    def read(self, slug: str) -> VerifiedHours:
        """The contents of a page. Raises `not_found` for an unknown or hidden one."""
        table, account = schema.public_profile, schema.account
        days, contract = schema.daily_total, schema.contract
        # The weeks whose review has ended.
        before = week_of(self._clock.wall_s() - REVIEW_S - _WEEK_S) + _WEEK_S
        with self._store.read() as connection:
            row = connection.execute(
                select(table.c.sub, table.c.listed, account.c.name)
                .join(account, account.c.sub == table.c.sub)
                .where(table.c.slug == slug)
            ).first()
            if row is None:
                raise not_found()
            paid, other, first, last = connection.execute(
                select(
                    func.sum(days.c.payable),
                    func.sum(days.c.manual + days.c.kept),
                    func.min(days.c.day_s),
                    func.max(days.c.day_s),
                )
                .join(contract, contract.c.ctr == days.c.ctr)
                .where(contract.c.freelancer == row.sub)
                .where(days.c.payable > 0, days.c.day_s < before)
            ).one()
        # A day's payable part of manual time is not stored: subtract all of it.
        seconds = max(0, int(paid or 0) - int(other or 0))
        return VerifiedHours(row.name, row.listed, seconds, first, last)
