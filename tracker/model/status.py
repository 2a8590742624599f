"""The recorder's status for the screen: values only.

A status holds at the time of the snapshot; it includes unsealed seconds. Times are session time in
Unix ms, durations in s.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from diary.core.vocabulary import InputQuality
from tracker.model.activity import MinuteState

#: The number of notices in a status.
KEPT_NOTICES = 32

State = Literal["stopped", "starting", "recording", "paused", "idle"]

NoticeCode = Literal[
    "memo_required",  # Start or a new memo without a text
    "memo_too_long",  # limit: characters allowed
    "contract_unknown",  # the contract is not known on this computer
    "contract_paused",  # by its terms: nothing is recorded
    "contract_ended",
    "terms_not_yet",  # from_s: Unix s from which the contract's terms are in force
    "no_beacon",  # the marketplace has given no beacon yet; connect once
    "clock_ahead",  # ahead_s: sealed time ends after now; recording continues from there
    "clock_set",  # ahead_s (negative: back): the wall clock was set, which credits nothing
    "clock_set_ahead",  # off_s: set so far that the run ended; no other clock is known
    "clock_set_back",  # off_s
    "clock_ahead_of_market",  # off_s: this computer's clock; nothing is recorded
    "clock_behind_market",  # off_s
    "clock_behind_proof",  # off_s: behind the newest time that the log has signed
    "clock_insane",  # this computer's clock shows an impossible time
    "market_clock_wrong",  # off_s: the marketplace's clock contradicts its log
    "clock_right",  # the clocks agree again
    "diary_ahead",  # off_s: earlier work was sealed with a clock that was so far ahead
    "set_aside_clock",  # seconds: recorded with a clock that was ahead; set aside
    "limit_near",  # percent (80 or 95), used_s, limit_s
    "limit_reached",  # limit_s: the run ended, or cannot begin
    "limit_unpaid",  # limit_s: recording continues, unpaid
    "ended_idle",  # at_ms: the last input, when the run ended
    "idle_question",  # at_ms as above, seconds: idle time that may be kept or given back
    "idle_kept",  # seconds
    "note_too_long",  # limit: characters allowed
    "ended_lock",  # at_ms
    "ended_suspend",  # at_ms: when the machine fell asleep
    "given_back",  # seconds: time discarded with a deleted picture
    "deletion_undone",  # seconds: they count again
    "undo_late",  # the deletion is final
    "picture_gone",  # already sealed, or unknown
    "cover_refused",  # limit: areas allowed; an area was outside the picture, empty or one too many
    "cover_failed",  # the picture was destroyed instead; its time counts
    "recovered",  # seconds: recorded before a crash, now sealed
    "recovered_unpaid",  # seconds: recorded with a key that is gone; set aside
    "journal_unreadable",  # no version of this program wrote the file
    "disk_full",  # nothing is recorded; unwritten data stays in memory and is retried
    "disk_read_only",
    "disk_error",
    "run_disk_full",  # the same while a run continues
    "run_disk_read_only",
    "run_disk_error",
    "disk_paused",  # too much in memory: the run ended until the disk works
    "pending_full",  # too many pictures wait for their upload: the run ended, or cannot begin
    "disk_works",  # the data in memory was written
    "set_aside",  # a segment that could not be sealed stays in the journal
    "engine_error",  # an unforeseen error; the run ended, recorded time is kept
]


@dataclass(frozen=True)
class Notice:
    """A message for the user, shown once. `code` is a `NoticeCode` or an error code of the store;
    `params` are the numbers named beside the code.
    """

    code: str
    params: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class PictureStatus:
    """The last picture. `thumb` holds an image file.

    In state `review` it is uploaded after `review_until_ms`, unless deleted before; None while the
    countdown is paused. `review_ms` is the whole countdown, without pauses. In state `covering` it
    is stored again with areas painted over. Deleting it removes `removes_s` seconds; deleting and
    covering are possible while that is not 0. In state `deleted` these seconds were removed, and
    return if that is undone before `undo_until_ms`, which is None afterwards. `file` is the digest
    of its file.
    """

    id: str
    taken_ms: int
    thumb: bytes
    width: int
    height: int
    review_until_ms: int | None
    state: Literal["review", "covering", "kept", "deleted"]
    removes_s: int
    file: str = ""
    review_ms: int = 0
    undo_until_ms: int | None = None


@dataclass(frozen=True)
class IdleTime:
    """Undecided idle time: the user keeps it with a note or deletes it."""

    since_ms: int
    until_ms: int
    seconds: int


@dataclass(frozen=True)
class Status:
    """A snapshot. `since_ms` and `session_s` belong to the current run, or to the one that idle
    time ended or the person paused; then `since_ms` is the time of the pause. `today_s` (this
    computer's day) and `week_s` (UTC) belong to the contract. `slot` is the current slot (Unix s),
    `minutes` its ten minutes. `picture_reason` states why the last scheduled picture is missing.
    `notices` are the last ones, oldest first, at most `KEPT_NOTICES`; `notice_seq` is the number of
    the newest, so that each is shown once even if a status in between was skipped. `idle` is
    undecided idle time. `unsealed` counts the ended segments that are not sealed yet. `in_memory`:
    the disk refuses writes.
    """

    state: State = "stopped"
    ctr: str | None = None
    memo: str = ""
    since_ms: int | None = None
    session_s: int = 0
    today_s: int = 0
    week_s: int = 0
    limit_s: int | None = None
    slot: int = 0
    minutes: tuple[MinuteState, ...] = ("none",) * 10
    input: InputQuality = "unavailable"
    picture: PictureStatus | None = None
    picture_reason: str | None = None
    notices: tuple[Notice, ...] = ()
    notice_seq: int = 0
    speed: int = 1
    idle: IdleTime | None = None
    unsealed: int = 0
    in_memory: bool = False

    @property
    def notice(self) -> Notice | None:
        """The newest notice."""
        return self.notices[-1] if self.notices else None

    def notices_since(self, seq: int) -> tuple[Notice, ...]:
        """The notices after number `seq`, oldest first."""
        return self.notices[-(self.notice_seq - seq) :] if self.notice_seq > seq else ()
