"""The e-mail address and the password of an account.

Rules kept: only argon2id hashes are stored (RFC 9106); a check takes one hash for an unknown
address too, so that its duration does not reveal which addresses exist; only a few hashes run at
once, since each takes 64 MiB.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import Connection, select, update
from sqlalchemy.exc import IntegrityError

from marketplace.accounts.model import Account, account
from marketplace.core.clock import MarketplaceClock
from marketplace.core.problems import ProblemError
from marketplace.notifications.queue import enqueue
from marketplace.storage import schema
from marketplace.storage.database import Database

#: Length of a password in characters. The upper bound limits the work of one request.
MIN_PASSWORD, MAX_PASSWORD = 12, 256
#: The longest address (RFC 5321 section 4.5.3.1.3, without the angle brackets).
MAX_ADDRESS = 254
_ADDRESS = re.compile(r"[^\s@<>()\[\]\\,;:\"\x00-\x20\x7f]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)*")
_AT_ONCE = 2
_HASHER = PasswordHasher()


@dataclass(frozen=True)
class SignInData:
    """What an account can sign in with: its e-mail address, and whether it has a password."""

    address: str | None
    has_password: bool


@cache
def _hash_of_no_account(hasher: PasswordHasher) -> str:
    """The hash that is verified for an unknown address, so that it takes as long as a known one."""
    return hasher.hash("the password of no account")


class Credentials:
    """Addresses and passwords of accounts. Blocks; a hash takes some 50 ms of one core."""

    def __init__(
        self, store: Database, clock: MarketplaceClock, hasher: PasswordHasher | None = None
    ) -> None:
        self._store = store
        self._clock = clock
        self._hasher = hasher or _HASHER
        self._turns = threading.BoundedSemaphore(_AT_ONCE)
        self._no_account = _hash_of_no_account(self._hasher)

    def of(self, sub: str) -> SignInData:
        """The address of an account, and whether it has a password."""
        with self._store.read() as connection:
            return SignInData(_address(connection, sub), _hash(connection, sub) is not None)

    def check(self, address: str, password: str) -> Account | None:
        """The account of an address and its password; None if they do not belong together."""
        wanted = normalised(address)
        with self._store.read() as connection:
            columns = schema.account.c
            sub = connection.execute(select(columns.sub).where(columns.email == wanted)).scalar()
            stored = None if sub is None else _hash(connection, sub)
            found = None if sub is None else account(connection, sub)
        passed = self._verify(stored or self._no_account, password)
        return found if passed and stored is not None else None

    def matches(self, sub: str, password: str) -> bool:
        """Whether this is the password of the account."""
        with self._store.read() as connection:
            stored = _hash(connection, sub)
        passed = self._verify(stored or self._no_account, password)
        return passed and stored is not None

    def set_password(self, sub: str, password: str) -> None:
        """Store a new password. Raises `password_length`."""
        hashed = self.hashed(password)
        now = self._clock.real_s()
        self._store.write(lambda connection: store_password(connection, sub, hashed, now)).result()

    def hashed(self, password: str) -> str:
        """The hash of a new password. Raises `password_length`."""
        if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
            raise ProblemError("password_length")
        with self._turns:
            return self._hasher.hash(password)

    def set_address(self, sub: str, address: str) -> None:
        """Store the e-mail address of an account. Raises `address_invalid` and `address_taken`."""
        wanted = normalised(address)
        if wanted is None:
            raise ProblemError("address_invalid")
        self._store.write(lambda connection: store_address(connection, sub, wanted)).result()

    def _verify(self, hashed: str, password: str) -> bool:
        if len(password) > MAX_PASSWORD:
            return False
        with self._turns:
            try:
                return self._hasher.verify(hashed, password)
            except (VerifyMismatchError, InvalidHashError):
                return False


def normalised(address: str) -> str | None:
    """An address as it is stored and compared, in lower case; None for a wrong one."""
    text = address.strip().lower()
    return text if len(text) <= MAX_ADDRESS and _ADDRESS.fullmatch(text) else None


def store_address(connection: Connection, sub: str, address: str) -> None:
    """Store a normalised address. Raises `address_taken`."""
    columns = schema.account.c
    try:
        connection.execute(update(schema.account).where(columns.sub == sub).values(email=address))
    except IntegrityError as error:
        raise ProblemError("address_taken") from error


def store_password(connection: Connection, sub: str, hashed: str, now_s: int) -> None:
    """Store the hash of a password, and report the change to the account's address."""
    connection.execute(
        update(schema.account)
        .where(schema.account.c.sub == sub)
        .values(password=hashed, password_s=now_s)
    )
    enqueue(connection, sub, "password_changed", {"path": "/account"}, now_s)


def _address(connection: Connection, sub: str) -> str | None:
    query = select(schema.account.c.email).where(schema.account.c.sub == sub)
    return connection.execute(query).scalar()


def _hash(connection: Connection, sub: str) -> str | None:
    query = select(schema.account.c.password).where(schema.account.c.sub == sub)
    return connection.execute(query).scalar()
