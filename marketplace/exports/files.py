"""The files of a contract's hours: one row of a table for each format.

Totals are for every role with access; memos and single segments are not for finance.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from diary.core.findings import DiaryError
from diary.formats.encoding import b64_encode
from diary.log.checkpoint import open_checkpoint
from diary.log.signed_note import NoteVerifier
from marketplace.accounts.model import Account
from marketplace.contracts.access import Needs, open_contract
from marketplace.core.clock import MarketplaceClock
from marketplace.exports import tables
from marketplace.exports.bundle import Bundles
from marketplace.exports.calendar import diary_ics
from marketplace.exports.hours import ContractHours, read_hours
from marketplace.exports.period import Period
from marketplace.exports.timesheet import TimesheetProof, timesheet_pdf
from marketplace.log.log import checkpoint
from marketplace.storage.database import Database

_CSV = "text/csv; charset=utf-8"


@dataclass(frozen=True)
class ExportFormat:
    """A kind of file: its name in the address, its media type and what it shows."""

    name: str
    media_type: str
    needs: Needs


TIMESHEET = ExportFormat("timesheet.pdf", "application/pdf", "totals")
CALENDAR = ExportFormat("diary.ics", "text/calendar; charset=utf-8", "content")
#: The tables, each with its function.
_TABLES: dict[ExportFormat, Callable[[ContractHours], bytes]] = {
    ExportFormat("segments.csv", _CSV, "content"): tables.segments_csv,
    ExportFormat("solidtime.csv", _CSV, "content"): tables.solidtime_csv,
    ExportFormat("toggl.csv", _CSV, "content"): tables.toggl_csv,
    ExportFormat("clockify.csv", _CSV, "content"): tables.clockify_csv,
}
FORMATS = (TIMESHEET, *_TABLES, CALENDAR)


@dataclass(frozen=True)
class ExportedFile:
    """A file to download."""

    name: str
    media_type: str
    data: bytes


class HoursExports:
    """Exports hours of the marketplace `aud`; `verifiers` returns the keys of its log. Blocks."""

    def __init__(
        self,
        store: Database,
        clock: MarketplaceClock,
        bundles: Bundles,
        aud: str,
        verifiers: Callable[[], Sequence[NoteVerifier]],
    ) -> None:
        self._store = store
        self._clock = clock
        self._bundles = bundles
        self._aud = aud
        self._verifiers = verifiers

    def export(
        self, account: Account, ctr: str, period: Period, kind: ExportFormat
    ) -> ExportedFile:
        """A file about a contract. Raises `not_found` and `role_forbidden` like `open_contract`."""
        with self._store.read() as connection:
            access = open_contract(connection, account, ctr, kind.needs)
            hours = read_hours(connection, access, period, entries=kind.needs == "content")
            head = self._head(connection)
        if kind is TIMESHEET:
            record = self._record(account, hours)
            proof = None if head is None else TimesheetProof(*head, record)
            data = timesheet_pdf(hours, proof, self._clock.wall_s())
        elif kind is CALENDAR:
            data = diary_ics(hours, self._aud)
        else:
            data = _TABLES[kind](hours)
        # Addresses and file names have no text of a person.
        return ExportedFile(f"workdiary-{ctr}-{period.name}-{kind.name}", kind.media_type, data)

    def _head(self, connection: Connection) -> tuple[str, int, str] | None:
        """Origin, size and root of the newest checkpoint; None for an empty log."""
        newest = checkpoint(connection)
        if newest is None:
            return None
        try:
            opened = open_checkpoint(newest[1], self._verifiers())
        except DiaryError:
            return None  # changed in storage
        return opened.origin, opened.size, b64_encode(opened.root)

    def _record(self, account: Account, hours: ContractHours) -> str | None:
        """The digest of the record of a single week that has begun, for a role that may read it."""
        begun = hours.period.begin_s <= self._clock.wall_s()
        if hours.period.week_name is None or not begun or hours.access.role == "finance":
            return None
        return self._bundles.tag(account, hours.access.contract.ctr, hours.period.begin_s)
