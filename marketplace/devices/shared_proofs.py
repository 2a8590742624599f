"""The identifiers of used proofs in the database, for processes that share it (ADR 0036).

One thread stores the identifiers of all waiting requests with one statement, which also finds the
revoked devices among them: a request waits for one round trip. The rows are committed without
waiting for the disk; after a crash of the database server, proofs of its last second may be used
again. An identifier is stored as a keyed 128-bit hash until its proof has expired. The number of a
device's rows is bounded by its rate in each process (`rate_limit`).
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import dataclass
from hashlib import blake2b
from typing import NamedTuple

from sqlalchemy import Connection, text

from diary.log.leaf import LeafType
from marketplace.core import logging
from marketplace.storage.database import DatabaseError

_log = logging.get("marketplace.devices.shared_proofs")
#: Requests in one statement at most.
_AT_ONCE = 256
#: The longest wait of a thread, in seconds.
_WAIT_S = 30.0
#: Seconds between two deletions of expired rows.
_SWEEP_S = 60
_STORE = text(
    "INSERT INTO used_proof (mark, until_s)"
    " SELECT * FROM unnest(CAST(:marks AS bytea[]), CAST(:ends AS bigint[]))"
    " ON CONFLICT (mark) DO NOTHING RETURNING mark"
)
_REVOKED = text(
    f"SELECT subject FROM statement WHERE type = '{LeafType.REVOKE.value}'"  # noqa: S608
    " AND subject = ANY(CAST(:kids AS text[]))"
)
_EXPIRED = text("DELETE FROM used_proof WHERE until_s < :now")


class ProofUse(NamedTuple):
    """Whether a proof is used for the first time, and whether its device was revoked."""

    first: bool
    revoked: bool


@dataclass(frozen=True)
class _Asked:
    kid: str
    mark: bytes
    until_s: int
    result: Future[ProofUse]


class SharedProofs:
    """The proofs used within `window_s` real seconds around their `iat`. Thread-safe.

    `connect` opens a connection that commits each statement; `secret` is the same in all processes.
    """

    def __init__(
        self,
        connect: Callable[[], AbstractContextManager[Connection]],
        secret: bytes,
        window_s: int,
        now_s: Callable[[], int],
    ) -> None:
        self._connect = connect
        # The key of another use must be another one.
        self._key = blake2b(b"used proofs", key=secret, digest_size=32).digest()
        self._window_s = window_s
        self._now_s = now_s
        self._swept_s = 0
        self._asked: queue.SimpleQueue[_Asked | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="used-proofs", daemon=True)
        self._thread.start()

    def use(self, kid: str, name: str, iat: int) -> Future[ProofUse]:
        """Remember an identifier of a device; `iat` (Unix s) lies within the window around now.

        The future raises DatabaseError if the database is unavailable.
        """
        data = f"{kid} {name}".encode("utf-8", "replace")
        mark = blake2b(data, digest_size=16, key=self._key).digest()
        asked = _Asked(kid, mark, iat + self._window_s, Future())
        self._asked.put(asked)
        return asked.result

    def use_now(self, kid: str, name: str, iat: int) -> ProofUse:
        """`use` for a thread, which waits. Raises DatabaseError."""
        try:
            return self.use(kid, name, iat).result(_WAIT_S)
        except TimeoutError as error:
            raise DatabaseError("the database does not respond") from error

    def close(self) -> None:
        """Answer what was asked, then end."""
        self._asked.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (first := self._asked.get()) is not None:
            batch, ended = [first], False
            while len(batch) < _AT_ONCE:
                try:
                    asked = self._asked.get_nowait()
                except queue.Empty:
                    break
                if asked is None:
                    ended = True
                    break
                batch.append(asked)
            self._answer([each for each in batch if each.result.set_running_or_notify_cancel()])
            if ended:
                return

    def _answer(self, batch: list[_Asked]) -> None:
        try:
            with self._connect() as connection:
                values: dict[str, object] = {
                    "marks": [each.mark for each in batch],
                    "ends": [each.until_s for each in batch],
                }
                fresh = {bytes(row.mark) for row in connection.execute(_STORE, values)}
                kids = {"kids": sorted({each.kid for each in batch})}
                revoked = {row.subject for row in connection.execute(_REVOKED, kids)}
                self._sweep(connection)
        except Exception as error:  # noqa: BLE001 - each request must get an answer
            if not isinstance(error, DatabaseError):
                _log.exception("defect")
            for each in batch:
                each.result.set_exception(DatabaseError(str(error)))
            return
        for each in batch:
            # Of two requests with one proof in this batch, the first one used it.
            first = each.mark in fresh
            fresh.discard(each.mark)
            each.result.set_result(ProofUse(first, each.kid in revoked))

    def _sweep(self, connection: Connection) -> None:
        """Delete expired rows."""
        now = self._now_s()
        if now >= self._swept_s + _SWEEP_S:
            self._swept_s = now
            connection.execute(_EXPIRED, {"now": now})
