"""The week of a contract: what its client pays, and what needs attention first."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, select

from diary.core.findings import Finding
from diary.core.slots import DAY, SLOT, WEEK, slot_of, to_datetime, week_of
from diary.formats.encoding import digest
from diary.verification.credit import Credit, activity_level, credit
from marketplace.accounts.model import Account
from marketplace.contracts.access import ContractAccess, open_contract
from marketplace.core.clock import MarketplaceClock
from marketplace.core.i18n import tr
from marketplace.records import credited_totals, exceptions, review_entries, segment_facts
from marketplace.records.exceptions import WeekException
from marketplace.records.findings import stored_findings
from marketplace.records.review_entries import StoredReview, Thread
from marketplace.records.segment_facts import CheckFacts, StoredFacts
from marketplace.review import page_share, sentences
from marketplace.review.decisions import deadlines
from marketplace.review.ledger import week_ledger
from marketplace.review.week_view import (
    EntryView,
    ExceptionView,
    SlotReview,
    StripSlot,
    ThreadView,
    WeekDay,
    WeekState,
    WeekView,
)
from marketplace.storage import schema
from marketplace.storage.database import Database

_NO_CREDIT = Credit(0)
#: Segments whose facts a week page reads at most; an honest week has some 500.
_MOST_FACTS = 3_000


class WeekQueries:
    """Read access for the week page. Thread-safe; each call reads one consistent snapshot."""

    def __init__(self, store: Database, clock: MarketplaceClock) -> None:
        self._store = store
        self._clock = clock

    def week(self, account: Account, ctr: str, week: int, tz: ZoneInfo) -> WeekView:
        """The week that begins at `week` (Unix s), with days in the time zone `tz`.

        A person without access to content gets the ledger alone. Raises `not_found`.
        """
        now = self._clock.wall_s()
        with self._store.read() as connection:
            access = open_contract(connection, account, ctr, "totals")
            return _Week(connection, access, week, tz, now).view()

    def slot_review(self, account: Account, ctr: str, slot: int, tz: ZoneInfo) -> SlotReview:
        """The review of a slot (Unix s). Raises `not_found` and `role_forbidden`."""
        now = self._clock.wall_s()
        with self._store.read() as connection:
            access = open_contract(connection, account, ctr)
            return _Week(connection, access, week_of(slot), tz, now).slot_review(slot)

    def segments_of_week(self, ctr: str, week: int) -> tuple[str, ...]:
        """The hashes of the segments of a contract's freelancer in a week, in order of time."""
        with self._store.read() as connection:
            sub = connection.execute(
                select(schema.contract.c.freelancer).where(schema.contract.c.ctr == ctr)
            ).scalar_one()
            rows = credited_totals.credited_week(connection, sub, week).rows
        return tuple(row.hash for row in rows if row.ctr == ctr)

    def segments_of_slot(self, ctr: str, slot: int) -> tuple[str, ...]:
        """The hashes of a contract's segments in a slot (Unix s), in log order."""
        columns = schema.segment.c
        query = select(columns.hash).where(columns.ctr == ctr, columns.slot == slot)
        with self._store.read() as connection:
            return tuple(row.hash for row in connection.execute(query.order_by(columns.idx)))


@dataclass(frozen=True)
class _Numbered:
    """An exception with its number on the page, and its question."""

    number: int
    found: WeekException
    thread: ThreadView | None


class _Week:
    """Gathers the week of one contract for one viewer."""

    def __init__(
        self, connection: Connection, access: ContractAccess, week: int, tz: ZoneInfo, now: int
    ) -> None:
        self._connection = connection
        self._access = access
        self._week = week
        self._tz = tz
        self._now = now
        contract = access.contract
        of_week = credited_totals.credited_week(connection, contract.freelancer, week)
        self._rows = [row for row in of_week.rows if row.ctr == contract.ctr]
        self._shares = of_week.shares
        self._entries = of_week.entries
        self._reviews = review_entries.of_week(connection, contract.ctr, week)
        self._content = access.role != "finance"
        self._facts: Mapping[str, StoredFacts] = {}
        self._findings: Mapping[str, Sequence[Finding]] = {}

    def _read_facts(self, names: Iterable[str]) -> None:
        """Read the stored results of the checks of segments, as far as the viewer may see them."""
        listed = list(islice(names, _MOST_FACTS)) if self._content else []
        self._facts = segment_facts.read(self._connection, listed)
        self._findings, _ = stored_findings(self._connection, self._facts)

    def slot_review(self, slot: int) -> SlotReview:
        names = {row.hash for row in self._rows if row.slot == slot}
        numbered = self._numbered()
        here = [each for each in numbered if names.intersection(each.found.segments)]
        named = sorted({name for each in here for name in each.found.segments})
        self._read_facts(named[: page_share.OF_SLOT])
        first = min((each.number for each in here), default=1)
        last = max((each.number for each in here), default=0)
        others = [each for each in numbered if each not in here and not each.found.settled]
        about = [each for each in self._reviews if names.intersection(each.segments)]
        notes = [
            each
            for each in about
            if each.kind == "label" or (each.kind == "comment" and each.replies_to is None)
        ]
        due = deadlines(self._connection, self._access.contract.ctr, self._week)
        return SlotReview(
            week=self._week,
            role=self._access.role,
            state=_state(self._now, due.locks_s, due.review_ends_s),
            exceptions=tuple(self._exception(each) for each in here if each.thread is None),
            threads=tuple(each.thread for each in here if each.thread is not None),
            notes=tuple(self._entry(each) for each in notes),
            label=next((each.text for each in reversed(notes) if each.kind == "label"), None),
            count=len(numbered),
            previous=next(
                (self._exception(each) for each in reversed(others) if each.number < first), None
            ),
            next=next((self._exception(each) for each in others if each.number > last), None),
        )

    def view(self) -> WeekView:
        connection, access, week, tz = self._connection, self._access, self._week, self._tz
        self._read_facts(row.hash for row in self._rows)
        due = deadlines(connection, access.contract.ctr, week)
        terms = access.terms(connection, min(week + WEEK, max(self._now, week)))
        numbered = self._numbered()
        views = tuple(map(self._exception, numbered))
        days = self._days(views)
        ledger = week_ledger(connection, access.contract.ctr, week)
        listed = [row.hash for row in self._rows]
        first, last = _edges(connection, access)
        return WeekView(
            ctr=access.contract.ctr,
            title=access.contract.title,
            person=access.person,
            client=access.client,
            role=access.role,
            week=week,
            date=to_datetime(week, dt.UTC).date(),
            tz=str(tz),
            person_tz=str(access.zone(connection)),
            now=to_datetime(self._now, tz),
            state=_state(self._now, due.locks_s, due.review_ends_s),
            locks_at=to_datetime(due.locks_s, dt.UTC),
            review_ends_at=to_datetime(due.review_ends_s, dt.UTC),
            ledger=ledger,
            limit_s=terms.limit_s if terms else None,
            exceptions=views,
            days=days,
            threads=tuple(each.thread for each in numbered if each.thread is not None),
            entries=tuple(self._entry(each) for each in self._reviews),
            quiet=sum(not slot.exceptions for day in days for slot in day.slots),
            approved=self._approval(listed),
            allowed_s=self._allowed_s(),
            segments=tuple(listed),
            version=version_of(listed, ledger.totals.payable, ledger.amount_minor),
            checked=len(self._facts),
            failing=sum(any(f.is_error for f in found) for found in self._findings.values()),
            checked_at=_oldest(self._facts.values(), tz),
            previous=first is not None and week_of(first) < week,
            next=week + WEEK <= self._now or (last is not None and week_of(last) > week),
        )

    def _entry(self, stored: StoredReview) -> EntryView:
        text = stored.text if self._content else None
        at = to_datetime(stored.at_s, self._tz)
        return EntryView(stored.kind, stored.name, at, text, len(stored.segments))

    def _thread(self, thread: Thread) -> ThreadView:
        times = [row for row in self._rows if row.hash in thread.first.segments]
        t0 = min((row.t0 for row in times), default=self._week)
        t1 = max((row.t1 for row in times), default=self._week)
        return ThreadView(
            digest=thread.first.digest,
            first=self._entry(thread.first),
            replies=tuple(self._entry(each) for each in thread.replies),
            slot=slot_of(t0),
            start=to_datetime(t0, self._tz),
            end=to_datetime(t1, self._tz),
            answered=thread.answered,
            settled=thread.settled,
        )

    def _numbered(self) -> list[_Numbered]:
        """The exceptions and questions of the week in the order of the page."""
        threads = [self._thread(each) for each in review_entries.threads(self._reviews)]
        settled = review_entries.settled(self._reviews)
        rows = [row for row in self._rows if row.pays is not None]
        found = exceptions.find(rows, self._shares, settled)
        by_digest = {each.digest: each for each in self._reviews}
        asked = [
            WeekException(
                "question",
                by_digest[thread.digest].segments,
                int(thread.start.timestamp()),
                int(thread.end.timestamp()),
                int(thread.end.timestamp() - thread.start.timestamp()),
                settled=thread.settled,
            )
            for thread in threads
        ]
        of_thread = dict(zip(map(id, asked), threads, strict=True))
        rank = {"failed": 0, "over-limit": 1, "question": 2}
        both = sorted([*found, *asked], key=lambda each: rank.get(each.kind, 3))
        return [
            _Numbered(number, each, of_thread.get(id(each))) for number, each in enumerate(both, 1)
        ]

    def _exception(self, numbered: _Numbered) -> ExceptionView:
        found, thread = numbered.found, numbered.thread
        name = thread.digest if thread else version_of(found.segments, found.seconds, None)
        return ExceptionView(
            number=numbered.number,
            id=f"{found.kind}-{name[:22]}",
            kind=found.kind,
            detail=self._detail(found, thread) if self._content else "",
            start=to_datetime(found.t0, self._tz),
            end=to_datetime(found.t1, self._tz),
            seconds=found.seconds,
            slot=slot_of(found.t0),
            segments=found.segments,
            settled=found.settled,
            thread=thread,
        )

    def _detail(self, found: WeekException, thread: ThreadView | None) -> str:
        facts = [self._facts[name].facts for name in found.segments if name in self._facts]
        known = [each for each in facts if each is not None]
        if thread is not None:
            said = (thread.replies or (thread.first,))[-1]
            return sentences.quoted(said.author, said.text or "")
        if found.kind == "over-limit":
            return tr("Unpaid unless the client allows it.")
        if found.kind == "overlap":
            return tr("Recorded twice for the same client, paid once.")
        if found.kind in ("manual", "kept"):
            return _note(known)
        if found.kind == "no-picture":
            return _no_picture(known, self._access.person)
        if found.kind == "failed":
            codes = {
                f.code: f
                for name in found.segments
                for f in self._findings.get(name, ())
                if f.is_error
            }
            return " ".join(
                f"{sentences.finding_text(code)} ({code.value})" for code in codes
            ) or tr("The record cannot be read.")
        given_back = any(self._shares[name].given_back for name in found.segments)
        return tr("Not part of the total.") if given_back else tr("The time stays.")

    def _days(self, exceptions_: Sequence[ExceptionView]) -> tuple[WeekDay, ...]:
        numbers: defaultdict[str, tuple[int, ...]] = defaultdict(tuple)
        for each in exceptions_:
            for name in () if each.settled else each.segments:
                numbers[name] += (each.number,)
        dates = _dates(self._week, self._tz)
        groups: defaultdict[dt.date, list[Row[Any]]] = defaultdict(list)
        for date in dates[:7] if _is_east(self._week, self._tz) else dates[-7:]:
            groups[date] = []
        for row in self._rows:
            groups[to_datetime(row.slot, self._tz).date()].append(row)
        return tuple(
            WeekDay(
                date=date,
                slots=self._strip(rows, numbers),
                seconds=sum(max(0, row.t1 - row.t0) for row in rows),
                payable_s=sum(self._shares.get(row.hash, _NO_CREDIT).payable for row in rows),
            )
            for date, rows in sorted(groups.items())
        )

    def _strip(
        self, rows: Sequence[Row[Any]], numbers: Mapping[str, tuple[int, ...]]
    ) -> tuple[StripSlot, ...]:
        slots: defaultdict[int, list[Row[Any]]] = defaultdict(list)
        for row in rows:
            slots[row.slot].append(row)
        labels = {
            name: each.text
            for each in self._reviews
            if each.kind == "label" and self._content
            for name in each.segments
        }
        strip = []
        for slot, of_slot in sorted(slots.items()):
            facts = [self._facts[row.hash].facts for row in of_slot if row.hash in self._facts]
            minutes = [each.minutes for each in facts if each is not None and each.minutes]
            level = activity_level(minutes)
            start = to_datetime(slot, self._tz)
            named = [text for row in of_slot if (text := labels.get(row.hash))]
            strip.append(
                StripSlot(
                    slot=slot,
                    minute=start.hour * 60 + start.minute,
                    level=level.active if level.measured else None,
                    exceptions=tuple(
                        sorted({n for row in of_slot for n in numbers.get(row.hash, ())})
                    ),
                    recorded=any(row.kind == "auto" and not row.given_back for row in of_slot),
                    label=named[-1] if named else "",
                )
            )
        return tuple(strip)

    def _approval(self, listed: Sequence[str]) -> EntryView | None:
        approvals = [each for each in self._reviews if each.kind == "approve"]
        if not approvals or not review_entries.approved(approvals).issuperset(listed):
            return None
        return self._entry(approvals[-1])

    def _allowed_s(self) -> int:
        """The difference that the client's permission makes, in seconds."""
        if not any(row.allowed for row in self._rows):
            return 0
        without = credit([replace(entry, allowed=False) for entry in self._entries])
        return sum(
            self._shares[row.hash].payable - without[row.hash].payable
            for row in self._rows
            if row.hash in without
        )


def version_of(names: Iterable[str], seconds: int, amount_minor: int | None) -> str:
    """A digest of what a page shows of segments: their hashes, seconds and money."""
    return digest(f"{' '.join(sorted(names))} {seconds} {amount_minor}".encode())


def _state(now: int, locks_s: int, ends_s: int) -> WeekState:
    return "open" if now < locks_s else "review" if now < ends_s else "ended"


def _oldest(facts: Iterable[StoredFacts], tz: dt.tzinfo) -> dt.datetime | None:
    times = [each.checked_s for each in facts]
    return to_datetime(min(times), tz) if times else None


def _edges(connection: Connection, access: ContractAccess) -> tuple[int | None, int | None]:
    """The first and last slots of the contract."""
    first = access.near_slot(connection, 0, 1 << 52, later=True)
    return first, access.near_slot(connection, 1 << 52, 0, later=False)


def _is_east(week: int, tz: dt.tzinfo) -> bool:
    """Whether the zone is east of UTC. Outside of UTC a week touches eight days, of which the last
    (east) or the first one is short and needs a row only with time.
    """
    return (to_datetime(week, tz).utcoffset() or dt.timedelta()) >= dt.timedelta()


def _dates(week: int, tz: dt.tzinfo) -> list[dt.date]:
    """The dates of a time zone in the week that begins at `week` (Unix s)."""
    moments = (to_datetime(week + number * DAY, tz) for number in range(7))
    last = to_datetime(week + WEEK - SLOT, tz)
    return sorted({*(moment.date() for moment in moments), last.date()})


def _note(facts: Sequence[CheckFacts]) -> str:
    """The notes and, without any, the memos of manual or kept time."""
    texts = dict.fromkeys(each.note or each.memo or "" for each in facts)
    return " ".join(f"“{text}”" for text in texts if text) or sentences.no_memo_text(deleted=False)


def _no_picture(facts: Sequence[CheckFacts], person: str) -> str:
    """The reasons for missing pictures."""
    codes = dict.fromkeys("missing" if each.shot == "ok" else each.shot for each in facts)
    return ". ".join(sentences.no_picture_text(code, person) for code in codes)
