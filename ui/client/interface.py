"""What the screen needs of the client behind it, as protocols and values. No Qt.

`wiring` makes the real one; a test may stand in for it.
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
    from ui.presenters.app_state import StartupPhase
    from ui.presenters.consent import Agreement
    from ui.presenters.diary import RowAction
    from ui.settings.settings import Settings
    from uploader.store.local_diary import LocalDay
    from uploader.worker.status import UploadStatus


class Commands(Protocol):
    """The recorder's commands. They return at once; what becomes of them is in its next status."""

    def choose(self, ctr: str) -> None:
        """The contract whose totals are shown while nothing is recorded."""

    def start(self, ctr: str, memo: str) -> None:
        """Record on this contract with this memo; go over to it, if another one is recorded."""

    def stop(self) -> None:
        """End the run."""

    def set_memo(self, memo: str) -> None:
        """Go on with another memo."""

    def keep_idle(self, note: str) -> None:
        """Keep the idle time that ended the run, with a note of what it was."""

    def give_back_idle(self) -> None:
        """Let nothing of the idle time remain."""

    def keep_picture(self, picture: str) -> None:
        """End a picture's countdown."""

    def hold_picture(self, picture: str, held: bool) -> None:
        """Let a picture's countdown stand still, or go on."""

    def use_market_time(self) -> None:
        """Go by the marketplace's time, whatever this computer's clock shows."""

    def delete_picture(self, picture: str) -> None:
        """Destroy a picture and give its time back."""


class Client(Protocol):
    """A client that is ready: its keys are there and its recorder runs."""

    @property
    def engine(self) -> Commands:
        """The recorder."""

    @property
    def aud(self) -> str:
        """The marketplace's name."""

    @property
    def demo(self) -> bool:
        """Whether the marketplace is a demonstration."""

    def now_ms(self) -> int:
        """Session time (demo time in a demonstration), Unix ms."""

    def memos(self, ctr: str) -> tuple[str, ...]:
        """Memos used on the contract, newest first."""

    def agreement(self) -> Agreement | None:
        """What the person has agreed to on the consent page."""

    def save_agreement(self, agreement: Agreement) -> None:
        """Keep an agreement in the state folder. Raises OSError with a `code`."""

    def input_quality(self) -> InputQuality:
        """How well input can be measured here, by the desk as it was found at the start."""

    def needs_permission(self) -> bool:
        """Whether the next Start may bring up the desktop's own question about pictures."""

    def last_contract(self) -> str | None:
        """The contract that was started last."""

    def remember_contract(self, ctr: str) -> None:
        """Keep which contract was started."""

    def try_again(self) -> None:
        """Try at once what the disk or the network refused."""

    def send_again(self, segment: str | None) -> None:
        """Send what the marketplace refused: a segment, by its hash, or (None) everything."""

    def request_day(self) -> None:
        """Ask for today's own diary; it is reported, and again after each change of it."""

    def change_memo(self, segment: str, memo: str) -> None:
        """Give a sealed segment another memo; what keeps it from that is reported."""

    def delete(self, segment: str, wish: RowAction) -> None:
        """Delete a part of a sealed segment, here and at the marketplace; reported likewise."""

    def vouch(self, kid: str) -> None:
        """Vouch for another device of the account."""

    def apply_settings(self, settings: Settings) -> None:
        """Take pictures by these settings from now on."""

    def request_applications(self) -> None:
        """Ask for the names of the applications with windows now; they are reported."""

    def sign_out(self, seconds: float) -> str:
        """Seal, send what waits (at most so many real seconds), say the device's last word, destroy
        its keys, end. Returns the code of how it stands then: `signed_out`, or what failed.
        """

    def close(self, timeout: float) -> None:
        """Seal, end the threads, release the folder; at most `timeout` real seconds."""


@dataclass(frozen=True)
class SyncReport:
    """What the upload worker knows: its state, the contracts, the memos used on each."""

    upload: UploadStatus
    contracts: tuple[ContractInfo, ...] = ()
    memos: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class ClientCallbacks:
    """Where the client reports to; each may be called from any thread. `told` takes the code of
    what a person should hear of.
    """

    phase: Callable[[StartupPhase], None]
    status: Callable[[Status], None]
    sync: Callable[[SyncReport], None]
    day: Callable[[LocalDay], None] = lambda _: None
    notice: Callable[[str], None] = lambda _: None
    applications: Callable[[tuple[str, ...]], None] = lambda _: None


@dataclass(frozen=True)
class Failure:
    """Why there is no client: the error's code, and the seconds for which the other side asked."""

    code: str
    retry_after_s: float | None = None


def code_of(error: BaseException) -> str:
    """The stable code of an error, `internal` for one that nobody foresaw."""
    code = getattr(error, "code", None)
    return str(code) if isinstance(code, StrEnum) else "internal"
