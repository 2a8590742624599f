"""The recorder's status for the screen: values only.

The status is true at the instant of the snapshot; sealed and unsealed seconds are added up. Times
are session time in Unix ms, lengths in s.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from diary.core.vocabulary import InputQuality
from tracker.model.activity import MinuteState

State = Literal["stopped", "starting", "recording", "idle"]

NoticeCode = Literal[
    "memo_required",  # Start or a new memo without a text
    "memo_too_long",  # limit: characters allowed
    "contract_unknown",  # the contract is not known on this computer
    "contract_paused",  # its terms say so: nothing is recorded
    "contract_ended",
    "terms_not_yet",  # from_s: Unix s from which the contract's terms are in force
    "no_beacon",  # the marketplace has given no beacon yet; connect once
    "clock_ahead",  # ahead_s: sealed time ends after now; recording goes on from there
    "clock_set",  # ahead_s (negative: back): somebody set the wall clock; nothing is credited by it
    "clock_set_ahead",  # off_s: set so far that the run was ended, since no other clock is known
    "clock_set_back",  # off_s
    "clock_ahead_of_market",  # off_s: this computer's clock; nothing is recorded
    "clock_behind_market",  # off_s
    "clock_behind_proof",  # off_s: behind the newest time that the log has signed
    "clock_insane",  # this computer's clock shows no time that can be right
    "market_clock_wrong",  # off_s: the marketplace's time, by its own log
    "clock_right",  # the clocks agree again
    "diary_ahead",  # off_s: earlier work was sealed with a clock that was so far ahead
    "set_aside_clock",  # seconds: recorded with a clock that was ahead; set aside
    "limit_near",  # percent (80 or 95), used_s, limit_s
    "limit_reached",  # limit_s: the run was ended, or cannot begin
    "limit_unpaid",  # limit_s: recording goes on, unpaid
    "ended_idle",  # at_ms: the last input, at which the run was ended
    "idle_question",  # at_ms as above, seconds: idle time that may be kept or given back
    "idle_kept",  # seconds
    "note_too_long",  # limit: characters allowed
    "ended_lock",  # at_ms
    "ended_suspend",  # at_ms: the last instant awake
    "given_back",  # seconds: time discarded with a deleted picture
    "picture_gone",  # it was sealed already, or is not there
    "recovered",  # seconds: recorded before a crash, now sealed
    "recovered_unpaid",  # seconds: recorded with a key that is gone; set aside
    "journal_unreadable",  # a record that no version of this program wrote so
    "disk_full",  # nothing is recorded; what was recorded is in memory and tried again
    "disk_read_only",
    "disk_error",
    "run_disk_full",  # the same while a run goes on
    "run_disk_read_only",
    "run_disk_error",
    "disk_paused",  # too much is in memory: the run was ended, and goes on with the disk
    "disk_works",  # what was in memory is on the disk
    "set_aside",  # a segment that could not be sealed is kept aside, in the journal
    "engine_error",  # an unforeseen error; the run was ended, what was recorded is kept
]


@dataclass(frozen=True)
class Notice:
    """A message for the person, shown once. `code` is a `NoticeCode` or the store's own code for a
    refusal; `params` are the numbers named beside the code.
    """

    code: str
    params: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class PictureStatus:
    """The last picture. `thumb` is an image file's bytes.

    In state `review` it leaves this computer at `review_until_ms`, unless deleted before; None
    while its countdown is held. Deleting it removes `removes_s` seconds and is possible
    while that is not 0.
    """

    id: str
    taken_ms: int
    thumb: bytes
    width: int
    height: int
    review_until_ms: int | None
    state: Literal["review", "kept", "deleted"]
    removes_s: int


@dataclass(frozen=True)
class IdleTime:
    """Undecided idle time: the person keeps it with a note or deletes it."""

    since_ms: int
    until_ms: int
    seconds: int


@dataclass(frozen=True)
class Status:
    """A snapshot. `since_ms` and `session_s` belong to the run that is going on, or that idle time
    ended; `today_s` and `week_s` (UTC) to the contract. `slot` is the slot of now (Unix s),
    `minutes` its ten minutes. `picture_reason` states why the last scheduled picture is
    missing. `notice` is the last one; `notice_seq` rises with each, so that each is shown once.
    `idle` is the idle time about which the person has not decided yet. `unsealed` counts the
    segments that have ended and are not sealed yet. `in_memory`: the disk refuses to keep what
    is recorded.
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
    notice: Notice | None = None
    notice_seq: int = 0
    speed: int = 1
    idle: IdleTime | None = None
    unsealed: int = 0
    in_memory: bool = False
