"""What is known at one moment: the one input of all presenters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from diary.interfaces import ContractInfo
    from tracker.model.status import Notice, Status
    from uploader.incidents import Incident
    from uploader.store.local_diary import LocalDay
    from uploader.worker.status import UploadStatus


class StartupPhase(StrEnum):
    """How far the program has come since it was started."""

    OPENING = "opening"  # reading the state folder and the keyring
    KEYRING = "keyring"  # the keyring has not answered for a second: its dialog may be open
    SIGNING_IN = "signing-in"  # making and enrolling the device's key
    READY = "ready"
    SIGNING_OUT = "signing-out"  # sending what waits, destroying the keys
    FAILED = "failed"  # the state's `problem` says why


@dataclass(frozen=True)
class AppState:
    """One moment of the client.

    `now_ms` is session time (demo time in a demonstration); `status` and `upload` are None until
    the first report. `chosen` is the contract picked in the window, `memo` the text in its field,
    `memos` those used before, newest first. `problem` is the code of what keeps the program from
    being ready, `notice` the recorder's last word as long as nobody has answered it, `dismissed`
    the upload's problem that was read, `read` its facts that were. `zone` None means this
    computer's time zone; `day` is today's own diary, once it was asked for.
    """

    now_ms: int
    phase: StartupPhase = StartupPhase.READY
    status: Status | None = None
    upload: UploadStatus | None = None
    contracts: tuple[ContractInfo, ...] = ()
    chosen: str | None = None
    memo: str = ""
    memos: tuple[str, ...] = ()
    demo: bool = False
    problem: str = ""
    notice: Notice | None = None
    dismissed: str = ""
    read: frozenset[Incident] = frozenset()
    zone: tzinfo | None = None
    day: LocalDay | None = None

    @property
    def recorder_state(self) -> str:
        """The recorder's state; stopped before its first report."""
        return self.status.state if self.status else "stopped"

    @property
    def running(self) -> bool:
        """Whether a run goes on, or is about to begin. After idle time it has ended."""
        return self.recorder_state in {"starting", "recording"}

    @property
    def totals(self) -> tuple[int, int]:
        """Seconds of today and of the week on the contract, with what is not sealed yet."""
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
        """Pieces of work that have ended and that wait to be sealed or to be sent."""
        unsealed = self.status.unsealed if self.status else 0
        return unsealed + (self.upload.waiting if self.upload else 0)

    @property
    def fact(self) -> Incident | None:
        """The first fact about the way out that was not read yet."""
        facts = self.upload.facts if self.upload else ()
        return next((fact for fact in facts if fact not in self.read), None)

    @property
    def session_s(self) -> int:
        """Seconds of the run that is going on, or that idle time has ended."""
        return self.status.session_s if self.status and self.recorder_state != "stopped" else 0

    @property
    def contract(self) -> ContractInfo | None:
        """The contract that is recorded, else the chosen one."""
        running = self.status.ctr if self.status and self.running else None
        return next((c for c in self.contracts if c.ctr == (running or self.chosen)), None)

    def _is_about_contract(self, status: Status) -> bool:
        """Whether the recorder speaks of the contract that is shown."""
        return self.contract is not None and status.ctr == self.contract.ctr
