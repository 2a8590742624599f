"""The state of the program at one moment: the input of all presenters."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import tzinfo
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from diary.interfaces import ContractInfo
    from tracker.model.status import Notice, Status
    from uploader.incidents import Incident
    from uploader.store.local_diary import LocalDay
    from uploader.store.reviews.entries import ReviewThread
    from uploader.worker.status import UploadStatus


class StartupPhase(StrEnum):
    """The phase of the program's start."""

    OPENING = "opening"  # reading the state folder and the keyring
    KEYRING = "keyring"  # the keyring has not answered for a second: its dialog may be open
    SIGNING_IN = "signing-in"  # making and enrolling the device's key
    READY = "ready"
    SIGNING_OUT = "signing-out"  # uploading pending work, destroying the keys
    FAILED = "failed"  # `AppState.problem` is the reason


@dataclass(frozen=True)
class JoinedMarketplace:
    """A marketplace where this computer is signed in: its name and its address. `waiting` segments
    and changes can be uploaded; `unsealed` segments wait until it is open, as with a picture under
    review.
    """

    aud: str
    url: str
    waiting: int = 0
    unsealed: int = 0

    @property
    def entries(self) -> int:
        """The number of all that waits."""
        return self.waiting + self.unsealed


@dataclass(frozen=True)
class AppState:
    """The client at one moment.

    `now_ms` is session time (demo time in a demo); `status` and `upload` are None until
    the first report. `chosen` is the contract picked in the window, `memo` the text in its field,
    `known_memos` those used before on each contract, newest first. `problem` is the code of the
    error that keeps the program from being ready. `notices` are those that the person has not
    answered, newest first. `dismissed` is the upload's problem that the person has read, and `read`
    are the facts. `zone` None means this computer's time zone. `day` holds today's entries once
    they were requested. `site` is the address of the active marketplace, "" before there is one;
    `marketplaces` are those that can be opened: where this computer is signed in, or only that of a
    policy. `update_ready` is the version that the next start tries, or "". `threads` are the
    questions of clients with their replies.
    """

    now_ms: int
    phase: StartupPhase = StartupPhase.READY
    status: Status | None = None
    upload: UploadStatus | None = None
    contracts: tuple[ContractInfo, ...] = ()
    chosen: str | None = None
    memo: str = ""
    known_memos: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    demo: bool = False
    problem: str = ""
    notices: tuple[Notice, ...] = ()
    dismissed: str = ""
    read: frozenset[Incident] = frozenset()
    zone: tzinfo | None = None
    day: LocalDay | None = None
    site: str = ""
    marketplaces: tuple[JoinedMarketplace, ...] = ()
    update_ready: str = ""
    threads: tuple[ReviewThread, ...] = ()

    @property
    def others(self) -> tuple[JoinedMarketplace, ...]:
        """The marketplaces that can be switched to."""
        return tuple(each for each in self.marketplaces if each.url != self.site)

    @property
    def shown_name(self) -> str:
        """The active marketplace's name, if there are others; else ""."""
        if not self.others:
            return ""
        return next((each.aud for each in self.marketplaces if each.url == self.site), "")

    @property
    def recorder_state(self) -> str:
        """The recorder's state; stopped before its first report."""
        return self.status.state if self.status else "stopped"

    @property
    def running(self) -> bool:
        """Whether the recorder records or starts to. Idle time has ended the recording."""
        return self.recorder_state in {"starting", "recording"}

    @property
    def memos(self) -> tuple[str, ...]:
        """The memos used before on the chosen contract, newest first."""
        return self.known_memos.get(self.chosen or "", ())

    @property
    def asks_about_idle(self) -> bool:
        """Whether there is idle time that the person has neither kept nor deleted."""
        return self.status is not None and self.status.idle is not None

    @property
    def paused(self) -> bool:
        """Whether the person has paused the recording."""
        return self.recorder_state == "paused"

    @property
    def totals(self) -> tuple[int, int]:
        """Seconds of today and of the week on the contract, unsealed ones included."""
        if self.status and self._is_about_contract(self.status):
            return self.status.today_s, self.status.week_s
        return 0, 0

    @property
    def limit_s(self) -> int | None:
        """The contract's weekly limit, in seconds."""
        if self.status and self._is_about_contract(self.status):
            return self.status.limit_s
        return self.contract.terms.limit_s if self.contract else None

    @property
    def waiting(self) -> int:
        """The number of segments that wait to be sealed or uploaded."""
        unsealed = self.status.unsealed if self.status else 0
        return unsealed + (self.upload.waiting if self.upload else 0)

    @property
    def unread_facts(self) -> tuple[Incident, ...]:
        """The facts about the upload that the person has not read."""
        facts = self.upload.facts if self.upload else ()
        return tuple(fact for fact in facts if fact not in self.read)

    @property
    def session_s(self) -> int:
        """Seconds of the current recording, or of the one that idle time or a pause ended."""
        return self.status.session_s if self.status and self.recorder_state != "stopped" else 0

    @property
    def contract(self) -> ContractInfo | None:
        """The contract that is being recorded or paused, else the chosen one."""
        running = self.status.ctr if self.status and (self.running or self.paused) else None
        return next((c for c in self.contracts if c.ctr == (running or self.chosen)), None)

    def _is_about_contract(self, status: Status) -> bool:
        """Whether the recorder's status is about the contract that is shown."""
        return self.contract is not None and status.ctr == self.contract.ctr
