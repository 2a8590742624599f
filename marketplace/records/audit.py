"""The background audit: all stored bytes are verified again, in turn.

Pages show the results of the last check of each segment. The audit renews them: it checks the
segments in log order, with their pictures, receipts and neighbours, and then the whole log. It
rests most of the time, so that it takes a small part of one processor, and continues after a
restart where it ended.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Sequence

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.exc import SQLAlchemyError

from diary.log.signed_note import NoteVerifier
from marketplace.core import logging
from marketplace.core.clock import MarketplaceClock
from marketplace.core.metrics import AuditFigures
from marketplace.log.audit import audit_log, keep_findings
from marketplace.storage import schema
from marketplace.storage.database import Database, DatabaseError

#: Segments in one step.
_STEP = 16
#: The rest after a step, as a multiple of the time that the step took.
_REST = 19
#: Real seconds until the first pass.
_FIRST_S = 60.0
#: Real seconds between the end of a pass and the begin of the next one.
_BETWEEN_S = 3_600.0
_log = logging.get("marketplace.records.audit")


class RecordAudit:
    """Verifies all stored bytes periodically. All methods but `run` block.

    `recheck` checks segments (by hash) and stores the results; `verifiers` are the log's keys.
    """

    def __init__(
        self,
        store: Database,
        clock: MarketplaceClock,
        recheck: Callable[[Sequence[str]], None],
        verifiers: Callable[[], Sequence[NoteVerifier]],
    ) -> None:
        self._store = store
        self._clock = clock
        self._recheck = recheck
        self._verifiers = verifiers
        self._stopping = threading.Event()

    async def run(self) -> None:
        """Run passes until cancelled, the first one a minute after the start."""
        await asyncio.sleep(_FIRST_S)
        while True:
            try:
                await asyncio.to_thread(self.run_pass, rest=self._rest)
            except (DatabaseError, SQLAlchemyError, OSError) as error:
                _log.error("audit_failed", kind=type(error).__name__)
            await asyncio.sleep(_BETWEEN_S)

    def figures(self) -> AuditFigures:
        """The results of the last complete pass and of the last checks, for the metrics."""
        table, finding = schema.audit.c, schema.finding.c
        with self._store.read() as connection:
            ended = connection.execute(select(func.max(table.ended_s))).scalar()
            of_log = connection.execute(
                select(func.count()).select_from(schema.log_finding)
            ).scalar_one()
            by_code = connection.execute(
                select(finding.code, func.count()).group_by(finding.code).order_by(finding.code)
            )
            return AuditFigures(ended, of_log, {row.code: row[1] for row in by_code})

    def stop(self) -> None:
        """Stop a running pass after its current step; the next start continues there."""
        self._stopping.set()

    def run_pass(self, rest: Callable[[float], None] = lambda _: None) -> bool:
        """Complete the pass that is under way, or a new one; False if it was stopped.

        `rest` is called after each step with the duration of the step in seconds.
        """
        number, idx = self._store.write(self._begin).result()
        while not self._stopping.is_set():
            begun = time.monotonic()
            columns = schema.segment.c
            with self._store.read() as connection:
                query = select(columns.hash, columns.idx).where(columns.idx >= idx)
                rows = connection.execute(query.order_by(columns.idx).limit(_STEP)).all()
            if not rows:
                break
            self._recheck([row.hash for row in rows])
            idx = int(rows[-1].idx) + 1
            at = schema.audit.c.id == number
            step = update(schema.audit).where(at).values(next_idx=idx)
            self._store.write(lambda c, step=step: c.execute(step)).result()  # type: ignore[misc]
            rest(time.monotonic() - begun)
        return not self._stopping.is_set() and self._audit_log(number, rest)

    def _audit_log(self, number: int, rest: Callable[[float], None]) -> bool:
        begun = time.monotonic()

        def pause() -> None:
            nonlocal begun
            rest(time.monotonic() - begun)
            begun = time.monotonic()

        findings = audit_log(self._store.read, self._verifiers(), pause)
        now = self._clock.real_s()

        def job(connection: Connection) -> None:
            keep_findings(connection, findings)
            at = schema.audit.c.id == number
            connection.execute(update(schema.audit).where(at).values(ended_s=now))
            connection.execute(delete(schema.audit).where(schema.audit.c.id < number))

        self._store.write(job).result()
        _log.info("audit_ended", log_findings=len(findings))
        return True

    def _begin(self, connection: Connection) -> tuple[int, int]:
        """The number of the pass under way and the log row at which it continues."""
        table = schema.audit
        row = connection.execute(select(table).where(table.c.ended_s.is_(None))).first()
        if row is not None:
            return row.id, row.next_idx
        newest = connection.execute(select(table.c.id).order_by(table.c.id.desc()).limit(1))
        number = (newest.scalar() or 0) + 1
        values: dict[str, object] = {
            "id": number,
            "begun_s": self._clock.real_s(),
            "ended_s": None,
            "next_idx": 0,
        }
        schema.insert(connection, table, [values])
        return number, 0

    def _rest(self, worked_s: float) -> None:
        self._stopping.wait(worked_s * _REST)
