"""Sign-ins that have begun, in the database, for processes that share it (ADR 0036).

A sign-in may begin at one process and end at another one. Each is taken once. As many wait at once
as one process would keep in its memory; the oldest are deleted first.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Literal

from sqlalchemy import Connection, text

from diary.formats.encoding import digest

Kind = Literal["passkey", "oidc"]

#: Sign-ins of a kind that wait at once.
MAX_PENDING = 10_000
#: New ones between two deletions of old ones.
_SWEEP = 128
_PUT = text(
    "INSERT INTO pending_sign_in (name, kind, data, until_s) VALUES (:name, :kind, :data, :until_s)"
)
_TAKE = text(
    "DELETE FROM pending_sign_in WHERE name = :name AND kind = :kind RETURNING data, until_s"
)
_SWEEP_OLD = text(
    "DELETE FROM pending_sign_in WHERE name IN (SELECT name FROM pending_sign_in"
    " WHERE kind = :kind ORDER BY until_s DESC OFFSET :most)"
)


class PendingSignIns:
    """The begun sign-ins of all processes. Thread-safe; raises DatabaseError.

    `connect` opens a connection that commits each statement; `now_s` is real time (Unix s).
    """

    def __init__(
        self, connect: Callable[[], AbstractContextManager[Connection]], now_s: Callable[[], int]
    ) -> None:
        self._connect = connect
        self._now_s = now_s
        self._gate = threading.Lock()  # guards the one below
        self._since_sweep = _SWEEP

    def put(self, kind: Kind, name: bytes, data: str, until_s: int) -> None:
        """Keep the data of a random name until a time (Unix s)."""
        with self._gate:
            self._since_sweep += 1
            sweep = self._since_sweep >= _SWEEP
            if sweep:
                self._since_sweep = 0
        values = {"name": digest(name), "kind": kind, "data": data, "until_s": until_s}
        with self._connect() as connection:
            connection.execute(_PUT, values)
            if sweep:
                connection.execute(_SWEEP_OLD, {"kind": kind, "most": MAX_PENDING})

    def take(self, kind: Kind, name: bytes) -> str | None:
        """The data of a name, once; None for one that is unknown, used or too old."""
        with self._connect() as connection:
            row = connection.execute(_TAKE, {"name": digest(name), "kind": kind}).first()
        return None if row is None or row.until_s <= self._now_s() else str(row.data)
