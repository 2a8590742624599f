"""Links by e-mail: a new password, and the confirmation of an address.

Rules kept: a request for a link does the same work and gets the same response whether the address
has an account or not; a link works once, for an hour, and a newer one replaces it; a new password
ends all sessions.
"""

from __future__ import annotations

from sqlalchemy import Connection, select

from marketplace.accounts import one_time_codes
from marketplace.accounts.credentials import (
    Credentials,
    normalised,
    store_address,
    store_password,
)
from marketplace.accounts.model import Account, account
from marketplace.accounts.sign_in_links import end_sessions
from marketplace.core.clock import MarketplaceClock
from marketplace.core.i18n import current_language
from marketplace.core.problems import ProblemError
from marketplace.notifications.queue import enqueue, enqueue_to
from marketplace.storage import schema
from marketplace.storage.database import Database


class Recovery:
    """Issues and uses links by e-mail. Times are real time. Blocks."""

    def __init__(self, store: Database, clock: MarketplaceClock, credentials: Credentials) -> None:
        self._store = store
        self._clock = clock
        self._credentials = credentials

    def request_reset(self, address: str) -> None:
        """Queue a link for a new password if the address belongs to an account."""
        now, wanted = self._clock.real_s(), normalised(address)

        def job(connection: Connection) -> None:
            columns = schema.account.c
            sub = connection.execute(
                select(columns.sub).where(columns.email == (wanted or ""))
            ).scalar()
            if sub is not None:
                code = one_time_codes.new(connection, sub, "reset", now)
                enqueue(connection, sub, "reset", {"path": f"/reset/{code}"}, now)

        self._store.write(job).result()

    def peek(self, code: str) -> Account | None:
        """The account of a link for a new password; None for an invalid one. Changes nothing."""
        with self._store.read() as connection:
            row = one_time_codes.find(connection, code, "reset", self._clock.real_s())
            return None if row is None else account(connection, row.sub)

    def reset(self, code: str, password: str) -> str | None:
        """Use a link: store the password and end all sessions; returns the account's `sub`.

        None for an invalid link. Raises `password_length`, which does not use the link up.
        """
        if self.peek(code) is None:
            return None
        hashed = self._credentials.hashed(password)
        now = self._clock.real_s()

        def job(connection: Connection) -> str | None:
            sub = one_time_codes.use(connection, code, "reset", now)
            if sub is not None:
                store_password(connection, sub, hashed, now)
                end_sessions(connection, sub, now)
            return sub

        return self._store.write(job).result()

    def request_address(self, person: Account, address: str) -> None:
        """Send a link to a new address, which belongs to the account once the link is used.

        Raises `address_invalid`. Whether another account has the address shows when the link is
        used, and so only to its reader.
        """
        wanted = normalised(address)
        if wanted is None:
            raise ProblemError("address_invalid")
        # The database's thread has no language.
        now, language = self._clock.real_s(), current_language()

        def job(connection: Connection) -> None:
            code = one_time_codes.new(connection, person.sub, "address", now, data=wanted)
            values = {"person": person.name, "path": f"/address/{code}"}
            enqueue_to(connection, wanted, "address", values, now, language)

        self._store.write(job).result()

    def offered_address(self, code: str) -> str | None:
        """The address that a link confirms; None for an invalid link. Changes nothing."""
        with self._store.read() as connection:
            row = one_time_codes.find(connection, code, "address", self._clock.real_s())
            return None if row is None else str(row.data)

    def confirm_address(self, code: str) -> bool:
        """Use a link that confirms an address; False for an invalid one. Raises `address_taken`."""
        now = self._clock.real_s()

        def job(connection: Connection) -> bool:
            row = one_time_codes.find(connection, code, "address", now)
            if row is None:
                return False
            one_time_codes.use(connection, code, "address", now)
            store_address(connection, row.sub, row.data)
            return True

        return self._store.write(job).result()
