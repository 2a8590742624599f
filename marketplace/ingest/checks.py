"""Check logged segments and store the results: findings, facts and credited totals.

A new segment is checked after it was logged, in batches of one thread, since a check reads its
neighbours and costs more than accepting it. After a crash the next start checks the segments
without a stored result.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, delete, select, update
from sqlalchemy.exc import SQLAlchemyError

from diary.core.findings import Code, Finding
from diary.verification import credit
from marketplace.core import logging
from marketplace.core.clock import MarketplaceClock
from marketplace.core.metrics import Metrics
from marketplace.log import shards
from marketplace.log.log import parts
from marketplace.records import credited_totals, exceptions, segment_facts
from marketplace.records.checked_segment import checked_entry
from marketplace.records.examiner import CheckRequest, RecordChecker, blob_reader_for
from marketplace.records.neighbours import SegmentRow, decided_by, overlapping
from marketplace.records.segment_facts import CheckFacts
from marketplace.storage import schema
from marketplace.storage.blobs import Blobs
from marketplace.storage.database import Database, DatabaseError

#: Segments in one check at most.
_AT_ONCE = 64
#: The same for segments that were left: an outage that left them may interrupt this check too.
_LEFT_AT_ONCE = 16
#: Segments whose findings wait for the next response to their device, at most.
_OWED = 16_384
#: Seconds between two checks at most while segments are being accepted, and the same in durations
#: of the last check: under load, accepting gets most of the time.
_PATIENCE_S, _PATIENCE = 0.5, 2.0
_log = logging.get("marketplace.ingest")

_FORGET = delete(schema.finding).where(
    schema.finding.c.segment.in_(bindparam("segments", expanding=True))
)
#: The columns to set are the keys of its rows.
_STORE = update(schema.segment).where(schema.segment.c.hash == bindparam("of"))


class _Found(NamedTuple):
    """The check of a segment: its row, its findings and those about its device or the log, its
    ledger entry, the log row after which its seconds can be recorded again, its facts, and the
    reasons for which its client should look at it.
    """

    row: SegmentRow
    findings: tuple[Finding, ...]
    general: tuple[Finding, ...]
    entry: credit.CreditEntry
    given_back_idx: int | None
    facts: CheckFacts | None
    attention: tuple[str, ...]


@dataclass(frozen=True)
class PendingCheck:
    """A check that has been requested: the future with the findings of the segment (None: it could
    not be checked), and the number of segments that were waiting before it.
    """

    findings: Future[tuple[Finding, ...] | None]
    before: int


class SegmentChecks:
    """Checks segments: one after the other, so that the result of the newest state is stored last.
    Thread-safe. Close it before the database.
    """

    def __init__(
        self,
        store: Database,
        blobs: Blobs,
        examiner: RecordChecker,
        clock: MarketplaceClock,
        metrics: Metrics,
    ) -> None:
        self._store = store
        self._blobs = blobs
        self._examiner = examiner
        self._clock = clock
        self._metrics = metrics
        metrics.segments_waiting.set_function(lambda: self.waiting)
        #: Held from reading the state of segments until their results are stored, by one process.
        self._checking = store.mutex("segment checks")
        self._changed = threading.Condition()  # guards those below
        self._waiting: dict[str, Future[tuple[Finding, ...] | None]] = {}
        self._in_check = 0
        self._accepting = 0
        #: The devices of segments that were answered as pending, and findings that are ready.
        self._owed: OrderedDict[str, str] = OrderedDict()
        self._ready: defaultdict[str, dict[str, tuple[Finding, ...]]] = defaultdict(dict)
        self._closed = False
        #: Whether a check failed, or an earlier process may have left some.
        self._some_failed = True
        #: Seconds between two calls of `check_failed`.
        self.retry_s = 30.0
        self._thread = threading.Thread(target=self._run, name="segment-checks", daemon=True)
        self._thread.start()

    def request(self, name: str) -> PendingCheck:
        """Check a logged segment and those whose results depend on it, soon."""
        with self._changed:
            future = self._waiting.get(name)
            if future is None:
                future = Future()
                if self._closed:
                    future.set_result(None)
                    return PendingCheck(future, 0)
                self._waiting[name] = future
                self._changed.notify_all()
            return PendingCheck(future, len(self._waiting) + self._in_check - 1)

    def owe(self, kid: str, name: str) -> None:
        """Keep the findings of a segment, once it is checked, for the next response to its device.

        The oldest of too many are dropped, since the device also asks for them.
        """
        with self._changed:
            self._owed[name] = kid
            if len(self._owed) > _OWED:
                dropped, of_device = self._owed.popitem(last=False)
                self._take_ready(of_device, dropped)

    def take_ready(self, kid: str) -> dict[str, tuple[Finding, ...]]:
        """The findings that have become known since the device's last response, by segment."""
        with self._changed:
            return {
                name: found
                for name in [*self._ready.get(kid, {})][:_AT_ONCE]
                if (found := self._take_ready(kid, name)) is not None
            }

    def _take_ready(self, kid: str, name: str) -> tuple[Finding, ...] | None:
        self._owed.pop(name, None)
        listed = self._ready.get(kid)
        if listed is None:
            return None
        found = listed.pop(name, None)
        if not listed:
            del self._ready[kid]
        return found

    @contextlib.contextmanager
    def accepting(self) -> Iterator[None]:
        """Let checks wait while the block accepts a segment."""
        with self._changed:
            self._accepting += 1
        try:
            yield
        finally:
            with self._changed:
                self._accepting -= 1
                if not self._accepting:
                    self._changed.notify_all()

    @property
    def waiting(self) -> int:
        """The number of segments whose check was requested and has not begun."""
        with self._changed:
            return len(self._waiting)

    def drain(self) -> None:
        """Wait until all requested checks have ended."""
        with self._changed:
            self._changed.wait_for(lambda: not (self._waiting or self._in_check) or self._closed)

    def close(self) -> None:
        """End the thread after its present batch; the next start checks the rest."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._thread.join()

    def blob_arrived(self, sha: str) -> None:
        """Check the segments again that name a picture that has arrived."""
        columns = schema.segment_blob.c
        with self._store.read() as connection:
            query = select(columns.segment).where(columns.sha256 == sha).limit(_AT_ONCE)
            names = [row.segment for row in connection.execute(query)]
        self.recheck(names)

    def recheck(self, names: Sequence[str]) -> None:
        """Check segments again, for example after a statement about them."""
        if not names:
            return
        with self._checking:
            with self._store.read() as connection:
                found = self._findings(connection, names)
            self._keep(found)

    def check_unchecked(self, age_s: float = 0.0) -> None:
        """Check the segments without a stored result: after a crash or an upgrade.

        `age_s` is the least time since they were logged: the process that logged younger ones may
        still check them.
        """
        columns = schema.segment.c
        query = select(columns.hash).where(columns.checked.is_(False)).order_by(columns.idx.desc())
        if age_s:
            latest = self._clock.wall_ms() - round(age_s * 1000)
            leaf = schema.leaf.c
            query = query.join(schema.leaf, leaf.idx == columns.idx).where(leaf.rt_ms <= latest)
        with self._store.read() as connection:
            names = [row.hash for row in connection.execute(query)]
        for part in parts(names, _LEFT_AT_ONCE):
            self.recheck(part)

    def check_failed(self) -> None:
        """Check what an earlier process left, and then what could not be checked, for example
        while the pictures were unavailable.

        Raises DatabaseError or OSError; the next call tries again.
        """
        if not self._some_failed:
            return
        self._some_failed = False
        try:
            self.check_unchecked()
        except BaseException:
            self._some_failed = True
            raise

    def _run(self) -> None:
        patience = _PATIENCE_S
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._closed)
                self._changed.wait_for(
                    lambda: not self._accepting or self._closed, timeout=patience
                )
                if self._closed:
                    for future in self._waiting.values():
                        future.set_result(None)
                    return
                taken = {name: self._waiting.pop(name) for name in [*self._waiting][:_AT_ONCE]}
                self._in_check = len(taken)
            begin = time.monotonic()
            found = self._checked(list(taken))
            patience = max(_PATIENCE_S, _PATIENCE * (time.monotonic() - begin))
            with self._changed:
                # Before the results: the next upload of the same sender waits for no other.
                self._in_check = 0
                for name in found.keys() & self._owed.keys():
                    self._ready[self._owed[name]][name] = found[name].findings
                self._changed.notify_all()
            for name, future in taken.items():
                future.set_result(found[name].findings if name in found else None)

    def _checked(self, names: Sequence[str]) -> dict[str, _Found]:
        """The results of new segments; without those that could not be checked now."""
        try:
            found = self._check_new(names)
        except (SQLAlchemyError, DatabaseError, OSError) as error:
            self._some_failed = True
            _log.warning("segments_not_checked", count=len(names), kind=type(error).__name__)
            return {}
        except Exception:  # noqa: BLE001 - a defect must not end the thread
            _log.exception("defect")
            return {}
        for name in names:
            for finding in found[name].findings if name in found else ():
                self._metrics.findings.labels(finding.code.value).inc()
        return found

    def _check_new(self, names: Sequence[str]) -> dict[str, _Found]:
        with self._checking:
            with self._store.read() as connection:
                found = self._findings(connection, names)
                after: set[str] = set()
                for each in found.values():
                    after |= decided_by(connection, each.row)
                found |= self._findings(connection, after - found.keys())
            self._keep(found)
        return found

    def _findings(self, connection: Connection, names: Iterable[str]) -> dict[str, _Found]:
        wanted = list(names)
        columns = schema.segment.c
        query = select(schema.segment, schema.device.c.sub).join(schema.device)
        by_sub: dict[str, list[SegmentRow]] = defaultdict(list)
        if wanted:
            for row in connection.execute(query.where(columns.hash.in_(wanted))):
                by_sub[row.sub].append(row)
        found: dict[str, _Found] = {}
        present = shards.read(connection)
        requests = [
            CheckRequest(
                rows, blob_reader_for(connection, self._blobs, sub), overlapping(connection, rows)
            )
            for sub, rows in by_sub.items()
        ]
        results = self._examiner.examine_all(connection, requests)
        for request, examined in zip(requests, results, strict=True):
            for row in request.rows:
                findings = examined.findings.get(row.hash, ())
                checked = examined.report.segments.get(row.hash)
                position = checked.shown.given_back_at if checked is not None else None
                index = None if position is None else shards.row_of(present, position)
                facts = None if checked is None else CheckFacts.of(checked)
                found[row.hash] = _Found(
                    row,
                    findings,
                    examined.general,
                    checked_entry(row, checked, findings),
                    index,
                    facts,
                    exceptions.reasons(
                        row.kind,
                        facts,
                        findings,
                        picture_missing=any(f.code is Code.W_BLOB_MISSING for f in findings),
                        deleted=any(
                            each.by is not None and each.effective
                            for each in examined.deletions.get(row.hash, ())
                        ),
                    ),
                )
        return found

    def _keep(self, found: dict[str, _Found]) -> None:
        """Store findings and the totals in one transaction. If the write fails, `check_failed`
        checks the segments again.
        """
        now = self._clock.real_s()

        def job(connection: Connection) -> None:
            self._checking.require(connection)
            for part in parts(sorted(found)):
                connection.execute(_FORGET, {"segments": part})
            listed = [
                _finding_row(name, finding)
                for name, each in found.items()
                for finding in (*each.findings, *each.general)
            ]
            if listed:
                schema.insert(connection, schema.finding, listed)
            segment_facts.write(connection, [(e.row, e.facts) for e in found.values()], now)
            connection.execute(_STORE, [_result_row(name, each) for name, each in found.items()])
            credited_totals.refresh(connection, credited_totals.weeks_of(connection, found))

        if found:
            with contextlib.suppress(DatabaseError):
                self._store.write(job).result()


def _result_row(name: str, found: _Found) -> dict[str, object]:
    return {
        "of": name,
        "checked": True,
        "pays": found.entry.pays,
        "limit_s": found.entry.limit_s,
        "client": found.entry.client or None,
        "given_back_idx": found.given_back_idx,
        "attention": " ".join(found.attention) or None,
    }


def _finding_row(name: str, finding: Finding) -> dict[str, object]:
    return {
        "segment": name,
        "kind": finding.kind,
        "subject": finding.subject,
        "code": finding.code.value,
        "detail": finding.detail,
    }
