"""Protocols that connect `tracker` and `uploader`, and the values that cross them.

`tracker` seals segments through these protocols and `uploader` implements them, so that neither
imports the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from diary.objects.terms import Terms


class Clock(Protocol):
    """The machine's clocks, in milliseconds."""

    @property
    def boot(self) -> str:
        """16 random bytes for each boot of the machine, base64url."""

    def wall_ms(self) -> int:
        """The machine's Unix time; may jump either way."""

    def uptime_ms(self) -> int:
        """Time since boot, with suspended time; never decreases."""

    def awake_ms(self) -> int:
        """Time since boot, without suspended time; never decreases."""


class PictureSchedule(Protocol):
    """The device's secret weekly chains (`docs/protocol.md` §3)."""

    def value(self, slot: int) -> bytes | None:
        """`c_w[k]` of the slot (32 bytes); None for a week without an enrolled anchor."""


@dataclass(frozen=True)
class Head:
    """The head of a contract's chain on this device.

    `seq` is the next number to use and `prev` the digest that the next segment must carry.
    `last_t1` is the end of the last sealed segment that does not end in the future, `future_t1` the
    latest end of those that do; both in session seconds, 0 without such a segment.
    """

    epoch: int
    seq: int
    prev: str
    last_t1: int
    future_t1: int = 0


@dataclass(frozen=True)
class ContractInfo:
    """A contract as the marketplace sent it, with the terms that are in force."""

    ctr: str
    title: str
    client: str
    terms: Terms
    terms_hash: str


@dataclass(frozen=True)
class BeaconFile:
    """A verified beacon: its slot (Unix s), 32 random bytes, the file and the file's digest.

    `val` and `data` are empty where the file cannot be read: the beacon can still be named for a
    later slot, whose draws do not use its value.
    """

    slot: int
    val: bytes
    h: str
    data: bytes


class Store(Protocol):
    """The durable side of the client. Every method may be called from any thread.
    Writing methods return only when the bytes are durable; they raise OSError when the disk fails.
    """

    def head(self, ctr: str) -> Head:
        """The chain's head; for a fresh contract seq 0 and the digest of the enrolment."""

    def commit(self, ctr: str, head: Head, sdjwt: bytes) -> None:
        """Keep a sealed segment under `head.seq`, then queue it for upload.

        Raises ValueError if that number is taken: nothing is ever overwritten.
        """

    def put_blob(self, data: bytes) -> str:
        """Keep a picture; returns its digest."""

    def has_room(self) -> bool:
        """Whether another segment may begin: the pictures that wait for their upload are below the
        limit.
        """

    def drop_blob(self, sha: str) -> None:
        """Destroy a picture that no sealed segment names."""

    def blob(self, sha: str) -> bytes | None:
        """A picture's bytes; None if it is not here."""

    def beacon(self, slot: int) -> BeaconFile | None:
        """The slot's own beacon, else the newest whose slot is not later, else None."""

    def contract(self, ctr: str) -> ContractInfo:
        """One contract; KeyError if it is unknown."""

    def contracts(self) -> tuple[ContractInfo, ...]:
        """All contracts that the marketplace has sent, active ones first."""

    def recent_memos(self, ctr: str) -> tuple[str, ...]:
        """Memos used on the contract, newest first, at most ten."""

    def write_journal(self, key: str, data: bytes | None) -> None:
        """Keep a small record under `key`; None removes it."""

    def read_journal(self) -> dict[str, bytes]:
        """All journal records."""

    def totals(self, at_s: int, ctr: str) -> tuple[int, int]:
        """Payable seconds of the contract in this computer's day and in the week (UTC) that contain
        `at_s`: on all devices as of the last contact, and sealed here since.
        """
