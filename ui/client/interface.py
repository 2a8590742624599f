"""The interface between the windows and the client, as protocols and values. No Qt.

`ui.client.open_client` makes the real client; tests use a fake one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from diary.core.vocabulary import InputQuality
    from diary.interfaces import ContractInfo
    from tracker.model.status import Status
    from tracker.recording.state.cover_areas import Area
    from ui.client.trial_picture import TrialPicture
    from ui.presenters.app_state import StartupPhase
    from ui.presenters.consent import Agreement
    from ui.presenters.diary import RowAction
    from ui.presenters.own_diary.manual_time import ManualEntry
    from ui.settings.settings import Settings
    from uploader.api.picture_views import ViewsResponse
    from uploader.export.week_check import WeekRecord
    from uploader.store.local_diary import LocalDay
    from uploader.store.reviews.entries import ReviewThread
    from uploader.worker.status import UploadStatus


class Commands(Protocol):
    """The recorder's commands. They return at once; the next status has their result."""

    def choose(self, ctr: str) -> None:
        """Select the contract whose totals the status has while nothing is recorded."""

    def start(self, ctr: str, memo: str) -> None:
        """Record on this contract with this memo; end the recording of another contract."""

    def stop(self) -> None:
        """End the recording."""

    def pause(self) -> None:
        """Interrupt the recording; no time counts until `resume`."""

    def resume(self) -> None:
        """Continue the paused recording on its contract and memo."""

    def set_memo(self, memo: str) -> None:
        """Continue with another memo."""

    def keep_idle(self, note: str) -> None:
        """Keep the idle time that ended the recording, with the person's note."""

    def discard_idle(self) -> None:
        """Delete the idle time."""

    def keep_picture(self, picture: str) -> None:
        """End a picture's countdown."""

    def hold_picture(self, picture: str, held: bool) -> None:
        """Hold a picture's countdown, or let it continue."""

    def cover_picture(self, picture: str, areas: tuple[Area, ...]) -> None:
        """Cover areas of a picture, in its pixels, and keep it."""

    def use_marketplace_time(self) -> None:
        """Use the marketplace's time instead of this computer's clock."""

    def delete_picture(self, picture: str) -> None:
        """Delete a picture and remove its time."""

    def undo_deletion(self, picture: str) -> None:
        """Undo a deletion, for ten seconds."""


class Client(Protocol):
    """An open client: its keys are loaded and its recorder runs."""

    @property
    def engine(self) -> Commands:
        """The recorder."""

    @property
    def aud(self) -> str:
        """The marketplace's name."""

    @property
    def account(self) -> str:
        """The person's name at the marketplace."""

    @property
    def demo(self) -> bool:
        """Whether the marketplace is a demo."""

    def now_ms(self) -> int:
        """Session time (demo time in a demo), Unix ms."""

    def agreement(self) -> Agreement | None:
        """The person's agreement on the consent page; None before there is one."""

    def save_agreement(self, agreement: Agreement) -> None:
        """Save an agreement in the state folder. Raises OSError with a `code`."""

    def input_quality(self) -> InputQuality:
        """The quality of input measurement on the desktop detected at the start."""

    def needs_permission(self) -> bool:
        """Whether the desktop may ask for permission to take pictures at the next Start."""

    def last_contract(self) -> str | None:
        """The contract that was started last."""

    def remember_contract(self, ctr: str) -> None:
        """Remember the contract that was started."""

    def try_again(self) -> None:
        """Retry at once what the disk or the network refused."""

    def send_again(self, segment: str | None) -> None:
        """Upload a refused segment again, by its hash, or (None) all refused work."""

    def request_picture(self, file: str) -> None:
        """Read a picture by the digest of its file; it is reported."""

    def request_thumbnails(self, names: tuple[str, ...]) -> None:
        """Read thumbnails by the digests of their files; they are reported."""

    def request_day(self, at_s: int | None = None) -> None:
        """Read the entries of the day with `at_s` (Unix s), by default today's; they are reported
        now and after each change.
        """

    def request_views(self, segment: str) -> None:
        """Ask the marketplace who viewed the pictures of a segment, by its hash; it is reported."""

    def change_memo(self, segment: str, memo: str) -> None:
        """Give a sealed segment another memo; a failure is reported as a notice."""

    def delete(self, segment: str, action: RowAction) -> None:
        """Delete a part of a sealed segment, here and at the marketplace; likewise."""

    def add_manual_time(self, entry: ManualEntry) -> None:
        """Add time that was not recorded; the outcome is reported."""

    def check_week(self, ctr: str, week: int, file: str) -> None:
        """Save the record of the week that begins at `week` (Unix s) to `file` ("": to none) and
        check it; the outcome is reported.
        """

    def answer_question(self, ctr: str, question: str, text: str) -> None:
        """Answer the question of a client, by its digest: stored at once, sent when online; a
        failure of the disk is reported as a notice.
        """

    def vouch(self, kid: str) -> None:
        """Sign a vouch for another device of the account."""

    def apply_settings(self, settings: Settings) -> None:
        """Use these settings for the next pictures."""

    def request_applications(self) -> None:
        """Find the names of the applications with windows; they are reported."""

    def request_trial_picture(self) -> None:
        """Take a picture that is only shown; it is reported."""

    def sign_out(self, seconds: float) -> str:
        """Seal, upload pending work (for at most `seconds` real seconds), sign the device's
        retirement, destroy its keys, close. Returns `signed_out`, or the code of the failure.
        """

    def leave(self, seconds: float) -> None:
        """Seal, upload pending work for at most `seconds` real seconds, and close."""

    def close(self, timeout: float) -> None:
        """Seal, end the threads, release the folder; at most `timeout` real seconds."""


@dataclass(frozen=True)
class SyncReport:
    """The upload's status, the contracts, the memos used on each, the latest first, and the
    questions of clients.
    """

    upload: UploadStatus
    contracts: tuple[ContractInfo, ...] = ()
    memos: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    threads: tuple[ReviewThread, ...] = ()


@dataclass(frozen=True)
class LoadedPicture:
    """The file of a picture, by its digest; `data` is empty if it is no longer on this computer."""

    file: str
    data: bytes


@dataclass(frozen=True)
class SegmentViews:
    """Who viewed the pictures of a segment, by its hash; None if that could not be read."""

    segment: str
    views: ViewsResponse | None


@dataclass(frozen=True)
class ClientCallbacks:
    """The functions that the client reports to, from any of its threads. `notice` takes the code of
    a notice, `thumbnails` files by their digests, empty if they are not on this computer. `manual`
    takes the code of the problem because of which manual time was not added, "" for none.
    """

    phase: Callable[[StartupPhase], None]
    status: Callable[[Status], None]
    sync: Callable[[SyncReport], None]
    day: Callable[[LocalDay], None] = lambda _: None
    notice: Callable[[str], None] = lambda _: None
    applications: Callable[[tuple[str, ...]], None] = lambda _: None
    trial: Callable[[TrialPicture], None] = lambda _: None
    picture: Callable[[LoadedPicture], None] = lambda _: None
    thumbnails: Callable[[Mapping[str, bytes]], None] = lambda _: None
    manual: Callable[[str], None] = lambda _: None
    week: Callable[[WeekRecord], None] = lambda _: None
    views: Callable[[SegmentViews], None] = lambda _: None


@dataclass(frozen=True)
class LoginItemState:
    """Whether the program starts at login (None if the system does not report it), the problem as a
    code or the system's sentence, and whether it was changed or only read.
    """

    on: bool | None
    problem: str
    changed: bool


@dataclass(frozen=True)
class Failure:
    """Why there is no client: the error's code, and the delay that the server asked for (s)."""

    code: str
    retry_after_s: float | None = None


def code_of(error: BaseException) -> str:
    """The stable code of an error, `internal` for an unexpected one."""
    code = getattr(error, "code", None)
    return str(code) if isinstance(code, StrEnum) else "internal"
