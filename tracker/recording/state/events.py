"""The recorder's events and effects: values only. Each event comes with a clock reading."""

from __future__ import annotations

from dataclasses import dataclass

from diary.core.vocabulary import End, PictureReason
from diary.objects.picture import Picture
from tracker.model.status import Notice
from tracker.platform.clock import ClockMapping, ClockReading
from tracker.recording.state.cover_areas import Area
from tracker.recording.state.open_segment import OpenSegment


@dataclass(frozen=True)
class Tick:
    """Time has passed."""


@dataclass(frozen=True)
class Start:
    """The person starts work, or switches to another contract or memo."""

    ctr: str
    memo: str


@dataclass(frozen=True)
class Stop:
    """The run ends now, for the reason `end`; by default the person stops it."""

    end: End = "stop"


@dataclass(frozen=True)
class Pause:
    """The person interrupts the run; nothing is recorded until Resume."""


@dataclass(frozen=True)
class Resume:
    """The person continues the paused run, on its contract and memo."""


@dataclass(frozen=True)
class SetMemo:
    """The person changes the memo for the work from now on."""

    memo: str


@dataclass(frozen=True)
class KeepIdle:
    """The person keeps the idle time that ended the run; `note` explains it."""

    note: str


@dataclass(frozen=True)
class DiscardIdle:
    """The person deletes the idle time."""


@dataclass(frozen=True)
class PictureTaken:
    """A capture succeeded and its files are on the disk. `thumb` are the thumbnail's bytes."""

    segment_id: str
    due: int
    picture: Picture
    thumb: bytes


@dataclass(frozen=True)
class PictureFailed:
    """A capture failed."""

    segment_id: str
    due: int
    reason: PictureReason


@dataclass(frozen=True)
class KeepPicture:
    """The person ends the review of a picture and keeps it."""

    picture: str


@dataclass(frozen=True)
class HoldPicture:
    """The person pauses or resumes the countdown of a picture's review."""

    picture: str
    held: bool


@dataclass(frozen=True)
class CoverPicture:
    """The person covers areas of a picture and keeps it with its time."""

    picture: str
    areas: tuple[Area, ...]


@dataclass(frozen=True)
class PictureCovered:
    """The areas are painted over. The files of `picture`, which replaces the earlier one, are on
    the disk. `thumb` are the thumbnail's bytes.
    """

    picture_id: str
    areas: tuple[Area, ...]
    picture: Picture
    thumb: bytes


@dataclass(frozen=True)
class CoverFailed:
    """The areas could not be painted over."""

    picture_id: str
    areas: tuple[Area, ...]


@dataclass(frozen=True)
class DeletePicture:
    """The person deletes a picture with the time of its segment."""

    picture: str


@dataclass(frozen=True)
class UndoDeletion:
    """The person undoes the deletion of a picture."""

    picture: str


@dataclass(frozen=True)
class FinishDeletions:
    """No deletion can be undone any more, since the program ends."""


@dataclass(frozen=True)
class RetryNow:
    """The person asks to retry the disk now."""


@dataclass(frozen=True)
class TotalsChanged:
    """The credited time of the contracts changed, for example after a synchronization."""


@dataclass(frozen=True)
class UseMarketplaceTime:
    """The person chooses the marketplace's time over this computer's clock."""


@dataclass(frozen=True)
class Recovered:
    """A segment found in the journal at the start, with its time up to `upto`; `kid` is the key of
    the device that recorded it, empty if unknown.
    """

    segment: OpenSegment
    upto: ClockReading
    end: End
    kid: str = ""


@dataclass(frozen=True)
class Sealed:
    """The segment to be sealed is sealed and on disk."""

    segment_id: str


@dataclass(frozen=True)
class JournalSetAside:
    """The segment to be sealed can never be, and is set aside. `clock`: because it was recorded
    with a clock that was ahead.
    """

    segment_id: str
    clock: bool = False


@dataclass(frozen=True)
class StorageFailed:
    """The program failed: stop safely, retry later.

    `notice` is None if the person was notified already.
    """

    notice: Notice | None


@dataclass(frozen=True)
class StorageRefused:
    """The disk refused a write: keep the data in memory, continue, retry later.

    `notice` is None if the person was notified already; `owed` lists the pending effects.
    """

    notice: Notice | None
    owed: tuple[Effect, ...] = ()


@dataclass(frozen=True)
class StorageWorks:
    """The disk accepts writes again."""


Event = (
    Tick
    | Start
    | Stop
    | Pause
    | Resume
    | SetMemo
    | KeepIdle
    | DiscardIdle
    | PictureTaken
    | PictureFailed
    | KeepPicture
    | HoldPicture
    | CoverPicture
    | PictureCovered
    | CoverFailed
    | DeletePicture
    | UndoDeletion
    | FinishDeletions
    | RetryNow
    | TotalsChanged
    | UseMarketplaceTime
    | Recovered
    | Sealed
    | JournalSetAside
    | StorageFailed
    | StorageRefused
    | StorageWorks
)


@dataclass(frozen=True)
class TakePicture:
    """Take a picture now for the scheduled time `due`; `mapping` converts its time. `ctr` is the
    contract, whose masking rules apply.
    """

    segment_id: str
    due: int
    mapping: ClockMapping
    ctr: str = ""


@dataclass(frozen=True)
class PaintCovers:
    """Store `picture` again with the areas painted over."""

    picture_id: str
    areas: tuple[Area, ...]
    picture: Picture


@dataclass(frozen=True)
class WriteJournal:
    """Write the segment's current state to the journal; for an open one, its time is then safe up
    to `upto`.
    """

    segment: OpenSegment
    upto: ClockReading


@dataclass(frozen=True)
class ForgetJournal:
    """Remove a segment's record from the journal."""

    segment_id: str


@dataclass(frozen=True)
class DropBlobs:
    """Delete stored picture files that no segment names."""

    digests: tuple[str, ...]


@dataclass(frozen=True)
class SealSegment:
    """Seal the segment; the next event is Sealed, JournalSetAside or StorageFailed."""

    segment: OpenSegment


@dataclass(frozen=True)
class Notify:
    """Show the person a notice."""

    notice: Notice


Effect = TakePicture | PaintCovers | WriteJournal | ForgetJournal | DropBlobs | SealSegment | Notify
