"""What can happen to the recorder, and what it asks for: values only.

Every event is given to it together with a sample of the clocks.
"""

from __future__ import annotations

from dataclasses import dataclass

from diary.core.vocabulary import End, PictureReason
from diary.objects.picture import Picture
from tracker.model.status import Notice
from tracker.platform.clock import ClockMapping, ClockReading
from tracker.recording.state.open_segment import OpenSegment


@dataclass(frozen=True)
class Tick:
    """Time has passed."""


@dataclass(frozen=True)
class Start:
    """The person starts work, or goes over to another contract or memo."""

    ctr: str
    memo: str


@dataclass(frozen=True)
class Stop:
    """The run ends now, for this reason; a person's own doing unless `end` says otherwise."""

    end: End = "stop"


@dataclass(frozen=True)
class SetMemo:
    """The person works on something else from now on."""

    memo: str


@dataclass(frozen=True)
class KeepIdle:
    """The person keeps the idle time that ended the run, and says in `note` what it was."""

    note: str


@dataclass(frozen=True)
class DiscardIdle:
    """The person gives the idle time back."""


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
    """The person has looked at a picture and keeps it."""

    picture: str


@dataclass(frozen=True)
class HoldPicture:
    """Somebody looks at a picture: its countdown stands still, or goes on."""

    picture: str
    held: bool


@dataclass(frozen=True)
class DeletePicture:
    """The person deletes a picture, and with it the time of its segment."""

    picture: str


@dataclass(frozen=True)
class RetryNow:
    """The person believes that the disk works again."""


@dataclass(frozen=True)
class TotalsChanged:
    """The credited time of the contracts is another one than before, as after a contact."""


@dataclass(frozen=True)
class UseMarketTime:
    """The person chooses the marketplace's time, which this computer's clock contradicts."""


@dataclass(frozen=True)
class Recovered:
    """A segment that the journal held when the program started, with its time up to `upto`; `kid`
    is the key of the device that recorded it, empty where that is not known.
    """

    segment: OpenSegment
    upto: ClockReading
    end: End
    kid: str = ""


@dataclass(frozen=True)
class Sealed:
    """The segment that was to be sealed is a segment on the disk."""

    segment_id: str


@dataclass(frozen=True)
class JournalSetAside:
    """The segment that was to be sealed cannot be, ever; it is kept apart. `clock`: since it was
    recorded with a clock that was ahead.
    """

    segment_id: str
    clock: bool = False


@dataclass(frozen=True)
class StorageFailed:
    """The program failed: stop safely, try again later.

    `notice` is None if the person was told already.
    """

    notice: Notice | None


@dataclass(frozen=True)
class StorageRefused:
    """The disk refused to keep something: hold it in memory, go on, try again later.

    `notice` is None if the person has seen it already; `owed` lists the effects still to be done.
    """

    notice: Notice | None
    owed: tuple[Effect, ...] = ()


@dataclass(frozen=True)
class StorageWorks:
    """The disk takes again what it had refused."""


Event = (
    Tick
    | Start
    | Stop
    | SetMemo
    | KeepIdle
    | DiscardIdle
    | PictureTaken
    | PictureFailed
    | KeepPicture
    | HoldPicture
    | DeletePicture
    | RetryNow
    | TotalsChanged
    | UseMarketTime
    | Recovered
    | Sealed
    | JournalSetAside
    | StorageFailed
    | StorageRefused
    | StorageWorks
)


@dataclass(frozen=True)
class TakePicture:
    """Take a picture now, for the moment `due`; its `at` is read from `fix`."""

    segment_id: str
    due: int
    mapping: ClockMapping


@dataclass(frozen=True)
class WriteJournal:
    """Keep the segment as it stands; if it is open, its time up to `upto` is safe then."""

    segment: OpenSegment
    upto: ClockReading


@dataclass(frozen=True)
class ForgetJournal:
    """Forget the journal's record of a segment."""

    segment_id: str


@dataclass(frozen=True)
class DropBlobs:
    """Destroy stored pictures that no segment and no other segment names."""

    digests: tuple[str, ...]


@dataclass(frozen=True)
class SealSegment:
    """Seal the segment; answer with Sealed, SetAside or Trouble before anything else."""

    segment: OpenSegment


@dataclass(frozen=True)
class Notify:
    """Tell the person."""

    notice: Notice


Effect = TakePicture | WriteJournal | ForgetJournal | DropBlobs | SealSegment | Notify
