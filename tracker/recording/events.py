"""What can happen to the recorder, and what it asks for: values only.

Every event is given to it together with a sample of the clocks.
"""

from __future__ import annotations

from dataclasses import dataclass

from diary.core.vocabulary import End, ShotReason
from diary.objects.picture import Shot
from tracker.model.status import Notice
from tracker.platform.clock import Fix, Instant
from tracker.recording.open_segment import Stretch


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
class GiveBackIdle:
    """The person gives the idle time back."""


@dataclass(frozen=True)
class Taken:
    """A capture succeeded and its files are on the disk. `thumb` are the thumbnail's bytes."""

    stretch: str
    due: int
    shot: Shot
    thumb: bytes


@dataclass(frozen=True)
class Failed:
    """A capture failed."""

    stretch: str
    due: int
    reason: ShotReason


@dataclass(frozen=True)
class Keep:
    """The person has looked at a picture and keeps it."""

    picture: str


@dataclass(frozen=True)
class Hold:
    """Somebody looks at a picture: its countdown stands still, or goes on."""

    picture: str
    held: bool


@dataclass(frozen=True)
class Delete:
    """The person deletes a picture, and with it the time of its stretch."""

    picture: str


@dataclass(frozen=True)
class TryAgain:
    """The person believes that the disk works again."""


@dataclass(frozen=True)
class Credited:
    """The credited time of the contracts is another one than before, as after a contact."""


@dataclass(frozen=True)
class UseMarketTime:
    """The person chooses the marketplace's time, which this computer's clock contradicts."""


@dataclass(frozen=True)
class Recovered:
    """A stretch that the journal held when the program started, with its time up to `upto`; `kid`
    is the key of the device that recorded it, empty where that is not known.
    """

    stretch: Stretch
    upto: Instant
    end: End
    kid: str = ""


@dataclass(frozen=True)
class Sealed:
    """The stretch that was to be sealed is a segment on the disk."""

    stretch: str


@dataclass(frozen=True)
class SetAside:
    """The stretch that was to be sealed cannot be, ever; it is kept apart. `clock`: since it was
    recorded with a clock that was ahead.
    """

    stretch: str
    clock: bool = False


@dataclass(frozen=True)
class Trouble:
    """The program failed: stop safely, try again later.

    `notice` is None if the person was told already.
    """

    notice: Notice | None


@dataclass(frozen=True)
class Refused:
    """The disk refused to keep something: hold it in memory, go on, try again later.

    `notice` is None if the person has seen it already; `owed` lists the effects still to be done.
    """

    notice: Notice | None
    owed: tuple[Effect, ...] = ()


@dataclass(frozen=True)
class Works:
    """The disk takes again what it had refused."""


Event = (
    Tick
    | Start
    | Stop
    | SetMemo
    | KeepIdle
    | GiveBackIdle
    | Taken
    | Failed
    | Keep
    | Hold
    | Delete
    | TryAgain
    | Credited
    | UseMarketTime
    | Recovered
    | Sealed
    | SetAside
    | Trouble
    | Refused
    | Works
)


@dataclass(frozen=True)
class Capture:
    """Take a picture now, for the moment `due`; its `at` is read from `fix`."""

    stretch: str
    due: int
    fix: Fix


@dataclass(frozen=True)
class Journal:
    """Keep the stretch as it stands; if it is open, its time up to `upto` is safe then."""

    stretch: Stretch
    upto: Instant


@dataclass(frozen=True)
class Unjournal:
    """Forget the journal's record of a stretch."""

    stretch: str


@dataclass(frozen=True)
class DropBlobs:
    """Destroy stored pictures that no segment and no other stretch names."""

    digests: tuple[str, ...]


@dataclass(frozen=True)
class Seal:
    """Seal the stretch; answer with Sealed, SetAside or Trouble before anything else."""

    stretch: Stretch


@dataclass(frozen=True)
class Say:
    """Tell the person."""

    notice: Notice


Effect = Capture | Journal | Unjournal | DropBlobs | Seal | Say
