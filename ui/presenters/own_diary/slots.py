"""The day as rows of hours with six slots; hours without time fold into one line.

Hours and columns follow the clock of the person's time zone; the slots are those of the record.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING

from diary.core.slots import SLOT, slot_of
from tracker.model.activity import states
from tracker.model.protection import has_picture, missing
from ui.presenters.formatting import named, span, substitute, time_of_day
from ui.presenters.own_diary.protection import Unprotected, unprotected
from uploader.store.index.rows import UploadState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import tzinfo

    from tracker.model.activity import MinuteState
    from tracker.model.status import Status
    from ui.presenters.formatting import Translate
    from uploader.store.local_diary import DiaryEntry

HOUR, COLUMNS = 3600, 6
#: The name of the running slot's picture, which has no file of its own yet.
LIVE = "live"
_NOTHING: tuple[MinuteState, ...] = ("none",) * 10


class Ground(StrEnum):
    """The background of a slot without a picture."""

    HATCH = "hatch"  # something is missing
    AMBER = "amber"  # time that was not recorded automatically


class SentState(StrEnum):
    """The progress of a segment's upload, the least advanced first; the values name icons."""

    REFUSED = "attention"
    LOCAL = "computer"
    UPLOADED = "upload"
    LOGGED = "check"


@dataclass(frozen=True)
class SlotFacts:
    """The segments of a slot in the order of time, and the recording that runs in it. Neither: the
    client asks about time of which this computer has no segment.
    """

    begin_s: int
    entries: tuple[DiaryEntry, ...] = ()
    running: Status | None = None

    @property
    def memo(self) -> str:
        """The memo of its last segment."""
        if self.running is not None:
            return self.running.memo
        return (self.entries[-1].memo or "") if self.entries else ""

    @property
    def minutes(self) -> tuple[MinuteState, ...]:
        """Its ten minutes."""
        found = states(e.minutes for e in self.entries if e.minutes is not None)
        if self.running is None:
            return found
        return tuple(
            now if now != "none" else before
            for now, before in zip(self.running.minutes, found, strict=True)
        )


@dataclass(frozen=True)
class OwnSlotView:
    """One slot. `thumb` is the digest of its thumbnail, or LIVE; without one, `text` is on
    `ground`. `word` names an exception, `sent` is the icon of its state, `spoken` all of it.
    """

    begin_s: int
    thumb: str
    text: str
    ground: Ground
    minutes: tuple[MinuteState, ...]
    level: str
    word: str
    word_icon: str
    tone: str
    sent: str
    running: bool
    spoken: str


@dataclass(frozen=True)
class MemoBand:
    """A memo over the columns `first` to `last`."""

    first: int
    last: int
    text: str


@dataclass(frozen=True)
class HourView:
    """An hour with six slots, None where no time was recorded."""

    label: str
    slots: tuple[OwnSlotView | None, ...]
    bands: tuple[MemoBand, ...] = ()


@dataclass(frozen=True)
class GapView:
    """Hours without time."""

    text: str


RowView = HourView | GapView


@dataclass(frozen=True)
class _Place:
    row_s: int
    column: int


def group(
    entries: Iterable[DiaryEntry], running: Status | None, asked: Iterable[int] = ()
) -> tuple[SlotFacts, ...]:
    """The slots of segments, of a running recording and of questions, in the order of time."""
    found = {slot: SlotFacts(slot) for slot in asked}
    for entry in entries:
        begin = slot_of(entry.t0)
        facts = found.get(begin, SlotFacts(begin))
        found[begin] = replace(facts, entries=(*facts.entries, entry))
    if running is not None:
        facts = found.get(running.slot, SlotFacts(running.slot))
        found[running.slot] = replace(facts, running=running)
    return tuple(found[begin] for begin in sorted(found))


@dataclass(frozen=True)
class GridOptions:
    """The zone of the clock, the titles of the contracts if there are several, and the segments
    whose deletion can still be undone. `asked` are the slots with questions of the client, and
    whether one waits there.
    """

    zone: tzinfo | None = None
    titles: Mapping[str, str] = field(default_factory=dict)
    deleting: frozenset[str] = frozenset()
    asked: Mapping[int, bool] = field(default_factory=dict)


def rows(
    slots: Sequence[SlotFacts], options: GridOptions, translate: Translate
) -> tuple[RowView, ...]:
    """The rows of the grid."""
    made: list[RowView] = []
    placed = [(_place(facts.begin_s, options.zone), facts) for facts in slots]
    last: tuple[int, SlotFacts] | None = None
    for row_s, each in groupby(placed, key=lambda item: item[0].row_s):
        hour = list(each)
        if last is not None and row_s - last[0] > HOUR:
            made.append(_gap(last[1], hour[0][1], options.zone, translate))
        made.append(_hour(row_s, hour, options, translate))
        last = row_s, hour[-1][1]
    return tuple(made)


def _place(begin_s: int, zone: tzinfo | None) -> _Place:
    try:
        minute = datetime.fromtimestamp(begin_s, UTC).astimezone(zone).minute
    except (OverflowError, ValueError, OSError):
        minute = begin_s % HOUR // 60
    column = minute // (60 // COLUMNS)
    return _Place(begin_s - column * SLOT, column)


def _gap(before: SlotFacts, after: SlotFacts, zone: tzinfo | None, translate: Translate) -> GapView:
    return GapView(
        substitute(
            translate("Day", "{start}–{end}: no time recorded"),
            start=time_of_day((before.begin_s + SLOT) * 1000, zone),
            end=time_of_day(after.begin_s * 1000, zone),
        )
    )


def _hour(
    row_s: int,
    hour: list[tuple[_Place, SlotFacts]],
    options: GridOptions,
    translate: Translate,
) -> HourView:
    columns: list[OwnSlotView | None] = [None] * COLUMNS
    for place, facts in hour:
        columns[place.column] = slot_view(facts, options, translate)
    bands: list[MemoBand] = []
    for place, facts in hour:
        text = _band_text(facts, options, translate)
        before = bands[-1] if bands else None
        if before is not None and before.last == place.column - 1 and before.text == text:
            bands[-1] = replace(before, last=place.column)
        else:
            bands.append(MemoBand(place.column, place.column, text))
    # In a zone that is off by a part of ten minutes, the first slot begins a little later.
    label = f"{time_of_day(row_s * 1000, options.zone)[:2]}:00"
    return HourView(label, tuple(columns), tuple(bands))


def _band_text(facts: SlotFacts, options: GridOptions, translate: Translate) -> str:
    if facts.running is None and not facts.entries:
        return translate("Day", "Recorded on another computer")
    memo = facts.memo or translate("Day", "No memo")
    ctr = facts.running.ctr if facts.running else facts.entries[-1].ctr
    title = options.titles.get(ctr or "", "")
    return f"{named(title)} · {memo}" if title else memo


def slot_view(facts: SlotFacts, options: GridOptions, translate: Translate) -> OwnSlotView:
    """One slot."""
    minutes = facts.minutes
    measured = any(state in {"active", "quiet"} for state in minutes)
    level = str(minutes.count("active")) if measured else ""
    thumb, text, ground = _picture(facts, translate)
    word, icon, tone = _exception(facts, options, translate)
    sent = sent_state(facts.entries)
    view = OwnSlotView(
        begin_s=facts.begin_s,
        thumb=thumb,
        text=text,
        ground=ground,
        minutes=minutes,
        level=level,
        word=word,
        word_icon=icon,
        tone=tone,
        sent="running" if facts.running else sent.value if sent else "",
        running=facts.running is not None,
        spoken="",
    )
    return replace(view, spoken=_spoken(view, facts, options, translate))


def sent_state(entries: Iterable[DiaryEntry]) -> SentState | None:
    """The least advanced state of the segments; None without segments."""
    found = [_sent(entry) for entry in entries]
    order = list(SentState)
    return min(found, key=order.index, default=None)


def _sent(entry: DiaryEntry) -> SentState:
    match entry.state:
        case UploadState.DONE:
            return SentState.LOGGED if entry.pictures_sent else SentState.UPLOADED
        case UploadState.WAITING | UploadState.HELD:
            return SentState.LOCAL
    return SentState.REFUSED


def sent_text(state: SentState, translate: Translate) -> str:
    """The state in words."""
    texts = {
        SentState.REFUSED: translate("Day", "Set aside"),
        SentState.LOCAL: translate("Day", "Waiting on this computer"),
        SentState.UPLOADED: translate("Day", "Uploaded, picture waiting"),
        SentState.LOGGED: translate("Day", "Receipted and logged"),
    }
    return texts[state]


def _picture(facts: SlotFacts, translate: Translate) -> tuple[str, str, Ground]:
    """The thumbnail, or the text in its place, and its background."""
    running = facts.running
    if running is not None and running.picture is not None and has_picture(running):
        return LIVE, "", Ground.HATCH
    for entry in facts.entries:
        if entry.pictures:
            return entry.pictures[0].thumb, "", Ground.HATCH
    if running is not None and not facts.entries:
        return "", translate("Day", "No picture yet"), Ground.HATCH
    if not facts.entries:
        return "", translate("Day", "Other computer", "in a small slot"), Ground.HATCH
    entry = facts.entries[-1]
    if entry.gives_back:
        length = span(sum(e.t1 - e.t0 for e in facts.entries if e.gives_back), translate)
        return "", substitute(translate("Day", "{length} unpaid"), length=length), Ground.HATCH
    if entry.kind == "manual":
        return "", entry.note or translate("Day", "Entered manually"), Ground.AMBER
    if entry.kind == "kept":
        return "", entry.note or translate("Day", "Idle time"), Ground.AMBER
    return "", missing_picture(entry, translate), Ground.HATCH


def missing_picture(entry: DiaryEntry, translate: Translate) -> str:
    """Why a segment shows no picture."""
    if "shot" in entry.deleted:
        return translate("Day", "Picture deleted")
    texts = {
        "denied": translate("Day", "Screenshots blocked"),
        "unavailable": translate("Day", "Screenshots blocked"),
        "locked": translate("Day", "Screen locked"),
        "masked": translate("Day", "All covered"),
        "error": translate("Day", "Picture failed"),
    }
    return texts.get(entry.shot, translate("Day", "No picture due"))


def _exception(
    facts: SlotFacts, options: GridOptions, translate: Translate
) -> tuple[str, str, str]:
    """The exception word, its icon and its tone."""
    if options.asked.get(facts.begin_s):
        return translate("Day", "Question", "in a small slot"), "question", "attention"
    if facts.running is not None:
        failed = missing(facts.running)
        if failed is not None:
            return translate("Day", "Unprotected"), "shield-alert", "attention"
        recorded = sum(state != "none" for state in facts.running.minutes)
        text = substitute(translate("Day", "{number} of 10 min"), number=str(recorded))
        return text, "", "good"
    for entry in facts.entries:
        word = _entry_exception(entry, options, translate)
        if word is not None:
            return word
    state = sent_state(facts.entries)
    if state is SentState.LOCAL:
        return translate("Day", "Waiting"), "", ""
    return (translate("Day", "Uploaded"), "", "") if state is SentState.UPLOADED else ("", "", "")


def _entry_exception(
    entry: DiaryEntry, options: GridOptions, translate: Translate
) -> tuple[str, str, str] | None:
    if entry.hash in options.deleting:
        return translate("Day", "Deleting", "in a small slot"), "trash", ""
    if entry.state in {UploadState.REFUSED, UploadState.DAMAGED, UploadState.LOST}:
        return translate("Day", "Set aside", "in a small slot"), "attention", "attention"
    if entry.unpaying:
        return translate("Day", "Unpaid"), "attention", "attention"
    if entry.gives_back:
        return translate("Day", "Deleted"), "cross", ""
    words = {
        Unprotected.MEMO: (
            translate("Day", "No memo", "in a small slot"),
            "shield-alert",
            "attention",
        ),
        Unprotected.LIMIT: (translate("Day", "Over limit"), "shield-alert", "attention"),
        Unprotected.INPUT: (translate("Day", "Unmeasured"), "shield-alert", "attention"),
        Unprotected.PICTURE: (translate("Day", "No picture"), "no-picture", "attention"),
        Unprotected.NO_TIME: (translate("Day", "Unprotected"), "shield-alert", "attention"),
    }
    if entry.kind == "manual":
        return translate("Day", "Manual"), "pencil", "attention"
    if entry.kind == "kept":
        return translate("Day", "Idle, kept"), "clock", "attention"
    found = unprotected(entry)
    if found in words:
        return words[found]
    if "shot" in entry.deleted:
        return translate("Day", "No picture"), "no-picture", ""
    if any(picture.covered for picture in entry.pictures):
        return translate("Day", "Covered"), "covered", ""
    return None


def _spoken(view: OwnSlotView, facts: SlotFacts, options: GridOptions, translate: Translate) -> str:
    """Everything that the slot shows, for a screen reader and the tooltip."""
    times = slot_span(facts.begin_s, options.zone, translate)
    parts = [times, _band_text(facts, options, translate)]
    if view.level:
        text = translate("Day", "activity {level} of 10")
        parts.append(substitute(text, level=view.level))
    parts.append(view.text or translate("Day", "picture"))
    if view.word and view.word != view.text:
        parts.append(view.word)
    sent = sent_state(facts.entries)
    if view.running:
        parts.append(translate("Day", "recording now"))
    elif sent is not None:
        parts.append(sent_text(sent, translate))
    return ", ".join(parts)


def slot_span(begin_s: int, zone: tzinfo | None, translate: Translate) -> str:
    """09:20–09:30."""
    return substitute(
        translate("Day", "{start}–{end}"),
        start=time_of_day(begin_s * 1000, zone),
        end=time_of_day((begin_s + SLOT) * 1000, zone),
    )
