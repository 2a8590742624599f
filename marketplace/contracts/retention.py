"""How long a contract's memos and activity counts are kept: the choice of its freelancer.

The terms agree how long pictures are kept. Memos and counts stay until they are deleted, unless the
freelancer chooses a number of days (ADR 0030). Both sides see the choice.
"""

from __future__ import annotations

from typing import Literal, get_args

from sqlalchemy import Connection, delete, select, update

from marketplace.accounts.model import Account
from marketplace.contracts.access import open_contract
from marketplace.core.clock import MarketplaceClock
from marketplace.core.problems import ProblemError
from marketplace.storage import schema
from marketplace.storage.database import Database

#: A memo includes the note and earlier memos; `minutes` are the counts of input.
Part = Literal["memo", "minutes"]
PARTS: tuple[Part, ...] = get_args(Part)
#: Days that the freelancer can choose. The shortest ends after each review and its questions.
CHOICES = (60, 90, 180, 365, 730)


class ContractRetention:
    """Reads and stores the choices. Blocks."""

    def __init__(self, store: Database, clock: MarketplaceClock) -> None:
        self._store = store
        self._clock = clock

    def days(self, account: Account, ctr: str) -> dict[Part, int | None]:
        """The days by part; None: until it is deleted. Raises `not_found` like `open_contract`."""
        with self._store.read() as connection:
            open_contract(connection, account, ctr, "totals")
            return read(connection, ctr)

    def choose(self, account: Account, ctr: str, part: Part, days: int | None) -> None:
        """Keep a part for `days` after the log received its segment; None keeps it until it is
        deleted.

        Raises `not_found`, `role_forbidden` for everyone but the freelancer, and `invalid_request`
        for other numbers than CHOICES.
        """
        if days is not None and days not in CHOICES:
            raise ProblemError("invalid_request", "Choose one of the offered periods.")
        with self._store.read() as connection:
            access = open_contract(connection, account, ctr, "totals")
        if access.role != "freelancer":
            raise ProblemError("role_forbidden")
        now = self._clock.real_s()
        self._store.write(lambda connection: _store(connection, ctr, part, days, now)).result()


def read(connection: Connection, ctr: str) -> dict[Part, int | None]:
    """The days by part of a contract."""
    table = schema.contract_retention
    query = select(table.c.part, table.c.days).where(table.c.ctr == ctr)
    found = {row.part: row.days for row in connection.execute(query)}
    return {part: found.get(part) for part in PARTS}


def _store(connection: Connection, ctr: str, part: Part, days: int | None, now_s: int) -> None:
    table = schema.contract_retention
    mine = (table.c.ctr == ctr, table.c.part == part)
    if days is None:
        connection.execute(delete(table).where(*mine))
        return
    changed = connection.execute(update(table).where(*mine).values(days=days, set_s=now_s))
    if not changed.rowcount:
        row: dict[str, object] = {
            "ctr": ctr, "part": part, "days": days, "set_s": now_s, "done_idx": -1,
        }  # fmt: skip
        schema.insert(connection, table, [row])
