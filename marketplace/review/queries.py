"""The queries of the review pages: access control, and the stored results of all checks.

Every segment is verified on arrival and again by the background audit; pages show these results and
their age (ADR 0022). The proof is the check in the browser, which verifies the signed bytes. Only
the bytes of a picture are compared with their signed hash before each delivery.

Each method takes the signed-in account and returns data of its contracts only; otherwise it raises
the problem `not_found` (404), whether the contract exists or not. People with the role finance get
`role_forbidden` (403) for all but the home page.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, select

from diary.core.findings import DiaryError, Finding
from diary.core.slots import DAY, SLOT, WEEK, slot_of, to_datetime, week_of
from diary.formats.encoding import digest
from diary.formats.sd_jwt import remove_disclosures
from diary.objects.picture import Blob, Picture
from diary.verification import credit
from diary.verification.check import authenticate
from marketplace.accounts.model import Account
from marketplace.contracts.access import (
    ContractAccess,
    ContractPeople,
    open_contract,
    people_with_access,
)
from marketplace.core.clock import MarketplaceClock
from marketplace.core.problems import ProblemError, not_found
from marketplace.devices.lookup import device as enrolled
from marketplace.log import audit, shards
from marketplace.log.log import checkpoint
from marketplace.log.shards import Shard
from marketplace.records import credited_totals, review_entries, segment_facts
from marketplace.records.checked_segment import CheckedSegment
from marketplace.records.examiner import RecordChecker, blob_reader_for
from marketplace.records.findings import stored_findings
from marketplace.records.neighbours import SegmentRow, overlapping
from marketplace.records.picture_views import PictureViews
from marketplace.records.quota import held_by, is_owner, too_large
from marketplace.records.segment_facts import PictureFacts
from marketplace.records.statements import deleted_digests, deletions
from marketplace.review import page_share
from marketplace.review.activity import minute_rows, slot_level
from marketplace.review.day import badge, bounds, oldest_check, totals
from marketplace.review.home import HomeQuery, home_view
from marketplace.review.signals import signal_views, visible_from
from marketplace.review.slot import (
    by_slot,
    finding_views,
    marks_of,
    memo_of,
    no_memo_of,
    segment_detail,
    slot_view,
)
from marketplace.review.view_models import (
    ContractFacts,
    DayView,
    HomeView,
    PictureFile,
    SlotDetail,
)
from marketplace.storage import schema
from marketplace.storage.blobs import Blobs
from marketplace.storage.database import Database

_NO_CREDIT = credit.Credit(0)


class ReviewQueries:
    """Read access for the pages. Thread-safe; each call reads one consistent snapshot."""

    def __init__(
        self,
        store: Database,
        blobs: Blobs,
        clock: MarketplaceClock,
        examiner: RecordChecker,
        viewings: PictureViews,
    ) -> None:
        self._store = store
        self._blobs = blobs
        self._clock = clock
        self._examiner = examiner
        self._viewings = viewings

    def home(self, account: Account, query: HomeQuery | None = None) -> HomeView:
        """The contracts of an account in a week."""
        now, real_s = self._clock.wall_s(), self._clock.real_s()
        with self._store.read() as connection:
            return home_view(connection, account, query or HomeQuery(), now, real_s)

    def people(self, account: Account, ctr: str) -> ContractPeople:
        """The people who can see a contract, for each of them."""
        with self._store.read() as connection:
            return people_with_access(connection, account, ctr, self._clock.wall_s())

    def person_zone(self, account: Account, ctr: str) -> ZoneInfo:
        """The time zone of the freelancer's last segment, not verified; UTC if there is none.

        Pages in the freelancer's time zone call it before `day` and `slot`.
        """
        with self._store.read() as connection:
            return open_contract(connection, account, ctr).zone(connection)

    def contract_facts(self, account: Account, ctr: str, at: int) -> ContractFacts:
        """Facts of a contract at the instant `at` (Unix s)."""
        with self._store.read() as connection:
            access = open_contract(connection, account, ctr)
            terms = access.terms(connection, at)
            zone = str(access.zone(connection))
        return ContractFacts(zone, terms.retention_days if terms else None)

    def day(self, account: Account, ctr: str, date: dt.date | None, tz: ZoneInfo) -> DayView:
        """The day `date` in the time zone `tz`; None for the last day with time, or today."""
        now = self._clock.wall_s()
        with self._store.read() as connection:
            access = open_contract(connection, account, ctr)
            date = date or access.near_day(connection, now + DAY, 0, tz, later=False)
            date = date or to_datetime(now, tz).date()
            begin, end = bounds(date, tz)
            items, general = self._items(connection, access, begin, end)
            today = [item for item in items if begin <= item.row.slot < end]
            thumbs = {shot.thumb for shot in _pictures(today)}
            held = held_by(connection, access.contract.freelancer, thumbs)
            held |= dict.fromkeys(too_large(connection, thumbs), False)
            labels = review_entries.labels(connection, ctr, range(week_of(begin), end, WEEK))
            slots = tuple(
                slot_view(slot, of_slot, held, tz, labels)
                for slot, of_slot in by_slot(today).items()
            )
            terms = access.terms(connection, min(end, now))
            shown_from = visible_from(end - 1, terms)
            asked = access.role == "freelancer" or now >= shown_from
            return DayView(
                ctr=ctr,
                title=access.contract.title,
                person=access.person,
                client=access.client,
                date=date,
                tz=str(tz),
                person_tz=str(access.zone(connection)),
                now=to_datetime(now, tz),
                totals=totals(items, today, week_of(end - 1), terms),
                slots=slots,
                badge=badge(slots, general, oldest_check(today, tz)),
                previous=access.near_day(connection, begin, 0, tz, later=False),
                next=access.near_day(connection, end, now + DAY, tz, later=True),
                signals=signal_views(today) if asked else (),
                signals_from=to_datetime(shown_from, tz),
            )

    def slot(
        self, account: Account, ctr: str, slot: int, tz: ZoneInfo, page: int = 1
    ) -> SlotDetail:
        """One ten-minute slot. Raises `not_found` without time or without such a page."""
        now = self._clock.wall_s()
        if slot % SLOT or slot > now + DAY:
            raise not_found()
        with self._store.read() as connection:
            access = open_contract(connection, account, ctr)
            items, general = self._items(connection, access, slot, slot + SLOT, page)
            all_of_slot = by_slot(items).get(slot, [])
            mine = [item for item in all_of_slot if not item.skipped]
            if not mine:
                raise not_found()
            shas = {shot.sha256 for shot in _pictures(mine)}
            held = held_by(connection, access.contract.freelancer, shas)
            present = _shards_now(connection)
            level, level_text = slot_level(mine)
            before = access.near_slot(connection, slot, 0, later=False)
            after = access.near_slot(connection, slot + SLOT, now + DAY, later=True)
            return SlotDetail(
                ctr=ctr,
                title=access.contract.title,
                person=access.person,
                client=access.client,
                slot=slot,
                start=to_datetime(slot, tz),
                end=to_datetime(slot + SLOT, tz),
                date=to_datetime(slot, tz).date(),
                tz=str(tz),
                previous=None if before is None else slot_of(before),
                next=None if after is None else slot_of(after),
                segments=tuple(
                    segment_detail(
                        item,
                        _device_name(connection, item.row.kid),
                        shards.holding(present, item.row.idx),
                        held,
                        tz,
                    )
                    for item in mine
                ),
                rows=minute_rows(slot, mine, tz),
                level=level,
                level_text=level_text,
                memo=memo_of(mine),
                marks=marks_of(mine),
                findings=finding_views([*(f for item in mine for f in item.findings), *general]),
                checked=True,
                no_memo=no_memo_of(mine),
                page=page,
                pages=page_share.pages(len(all_of_slot)),
                count=len(all_of_slot),
                first=(page - 1) * page_share.OF_SLOT + 1,
            )

    def picture(self, account: Account, segment: str, index: int) -> PictureFile:
        """The full picture `index` of a segment; records the view.

        Raises the problem `picture_changed` (410) when the stored bytes are not the signed ones.
        """
        ctr, file = self._file(account, segment, index, lambda shot: shot.blob)
        # Recorded before the bytes are returned, so that no view goes unrecorded.
        self._viewings.record(account, ctr, [(segment, index)], "full")
        return file

    def thumb(self, account: Account, segment: str, index: int) -> PictureFile:
        """The thumbnail of a picture; records the view.

        Raises the problem `thumbnail_too_large` (410) for a file that is larger than a thumbnail.
        """
        ctr, file = self._file(account, segment, index, lambda shot: shot.thumb)
        with self._store.read() as connection:
            if too_large(connection, [file.sha256]):
                raise ProblemError("thumbnail_too_large")
        self._viewings.record(account, ctr, [(segment, index)], "thumb")
        return file

    def diary(
        self, account: Account, ctr: str, begin: int, end: int
    ) -> list[tuple[SegmentRow, bytes, tuple[Finding, ...]]]:
        """The stored segments with begin <= slot < end (Unix s), each without its deleted parts and
        with its current findings.
        """
        with self._store.read() as connection:
            access = open_contract(connection, account, ctr)
            columns = schema.segment.c
            query = access.segments().where(columns.slot >= begin, columns.slot < end)
            rows = connection.execute(query.order_by(columns.idx)).all()
            reader = blob_reader_for(connection, self._blobs, access.contract.freelancer)
            beside = overlapping(connection, rows)
            examined = self._examiner.examine(connection, rows, reader, beside)
            return [
                (
                    row,
                    remove_disclosures(
                        row.data, deleted_digests(examined.deletions.get(row.hash, ()))
                    ),
                    examined.findings.get(row.hash, ()),
                )
                for row in rows
            ]

    def _items(
        self,
        connection: Connection,
        access: ContractAccess,
        begin: int,
        end: int,
        page: int = 1,
    ) -> tuple[list[CheckedSegment], list[Finding]]:
        """The credited segments of the weeks around [begin, end), with the stored results of their
        checks in [begin, end) within the limits of `marketplace.review.page_share`; and the stored
        findings about no single segment.
        """
        sub, ctr = access.contract.freelancer, access.contract.ctr
        rows: list[Row[Any]] = []
        shares: dict[str, credit.Credit] = {}
        for week in range(week_of(begin), end, WEEK):
            of_week = credited_totals.credited_week(connection, sub, week)
            rows += (row for row in of_week.rows if row.ctr == ctr)
            shares |= of_week.shares
        chosen = page_share.chosen(rows, begin, end, page)
        facts = segment_facts.read(connection, chosen)
        findings, general = stored_findings(connection, facts)
        gone = deletions(connection, self._examiner.aud, facts)
        items = []
        for row in rows:
            stored = facts.get(row.hash)
            item = CheckedSegment(
                row,
                None if stored is None else stored.facts,
                tuple(findings.get(row.hash, ())),
                shares.get(row.hash, _NO_CREDIT),
                gone.get(row.hash, ()),
                access.person,
                skipped=stored is None,
                checked_s=0 if stored is None else stored.checked_s,
            )
            items.append(item)
        return items, [*audit.stored_findings(connection), *general]

    def _file(
        self, account: Account, segment: str, index: int, part: Callable[[Picture], Blob]
    ) -> tuple[str, PictureFile]:
        with self._store.read() as connection:
            row = connection.execute(
                select(schema.segment.c.ctr).where(schema.segment.c.hash == segment)
            ).first()
            if row is None:
                raise not_found()
            access = open_contract(connection, account, row.ctr)
            stored = connection.execute(
                access.segments().where(schema.segment.c.hash == segment)
            ).all()
            shot = self._shot(connection, stored[0], index) if stored else None
            if shot is None:
                raise not_found()
            wanted = part(shot)
            held = is_owner(connection, access.contract.freelancer, wanted.sha256)
        # Without the connection: an object store may take long.
        data = self._blobs.read(wanted.sha256) if held else None
        if data is None:
            raise ProblemError("picture_missing")
        if digest(data) != wanted.sha256:
            raise ProblemError("picture_changed")
        return row.ctr, PictureFile(data, "image/webp", wanted.sha256)

    def _shot(self, connection: Connection, row: SegmentRow, index: int) -> Picture | None:
        """A signed picture that is not deleted; None if the segment is not authentic."""
        gone = deletions(connection, self._examiner.aud, [row.hash]).get(row.hash, ())
        data = remove_disclosures(row.data, deleted_digests(gone))
        try:
            sealed = authenticate(data, lambda kid: enrolled(connection, kid), self._examiner.aud)
        except DiaryError:
            return None
        return sealed.pictures.get(index)


def _pictures(items: Iterable[CheckedSegment]) -> Iterator[PictureFacts]:
    for item in items:
        if item.facts is not None:
            yield from item.facts.pictures


def _shards_now(connection: Connection) -> list[Shard]:
    """All shards with their current sizes."""
    now = []
    for shard in shards.read(connection):
        newest = checkpoint(connection, shard)
        now.append(replace(shard, size=newest[0] if newest else 0))
    return now


def _device_name(connection: Connection, kid: str) -> str:
    enrolment = enrolled(connection, kid)
    return enrolment.name if enrolment else ""
