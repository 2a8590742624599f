"""Codes and findings: the vocabulary in which the record says what is wrong with it.

A `DiaryError` stops the reading of one object. A `Finding` is a statement about a subject (a
bundle, a log, a device, a segment or a disclosure) that a check reports and goes on; all findings
are reported, sorted, so that two verifiers can be compared. `docs/protocol.md` §9 lists the codes.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Code(StrEnum):
    """Stable names of everything a verifier can say. E_ is an error, W_ a warning, N_ a note."""

    E_MANIFEST = "E_MANIFEST"
    E_POLICY = "E_POLICY"
    E_CP_SIG = "E_CP_SIG"
    E_CONSISTENCY = "E_CONSISTENCY"
    E_SPLIT_VIEW = "E_SPLIT_VIEW"
    E_DEVICE_UNLOGGED = "E_DEVICE_UNLOGGED"
    E_KEY_WEAK = "E_KEY_WEAK"
    E_FORMAT = "E_FORMAT"
    E_ALG = "E_ALG"
    E_TYP = "E_TYP"
    E_KID_UNKNOWN = "E_KID_UNKNOWN"
    E_SIG = "E_SIG"
    E_FORK = "E_FORK"
    E_GAP = "E_GAP"
    E_PREV = "E_PREV"
    E_SLOT_ALIGN = "E_SLOT_ALIGN"
    E_TIME_RANGE = "E_TIME_RANGE"
    E_TERMS = "E_TERMS"
    E_KIND = "E_KIND"
    E_INCLUSION = "E_INCLUSION"
    E_NOT_RECEIVED = "E_NOT_RECEIVED"
    E_REVOKED = "E_REVOKED"
    E_RETIRED = "E_RETIRED"
    E_LATE = "E_LATE"
    E_LOG_TIME = "E_LOG_TIME"
    E_BEACON = "E_BEACON"
    E_BEFORE_BEACON = "E_BEFORE_BEACON"
    E_AFTER_RECEIPT = "E_AFTER_RECEIPT"
    E_BEACON_CHOICE = "E_BEACON_CHOICE"
    E_MOMENT = "E_MOMENT"
    E_SHOT_TIME = "E_SHOT_TIME"
    E_DISC_UNMATCHED = "E_DISC_UNMATCHED"
    E_DISC_DUP = "E_DISC_DUP"
    E_SHOT_HASH = "E_SHOT_HASH"
    W_OVERLAP = "W_OVERLAP"
    W_PARALLEL = "W_PARALLEL"
    W_EPOCH = "W_EPOCH"
    W_CLOCK_JUMP = "W_CLOCK_JUMP"
    W_DEVICE_SWITCH = "W_DEVICE_SWITCH"
    W_LATE = "W_LATE"
    W_OFFLINE = "W_OFFLINE"
    W_SHOT_MISSING = "W_SHOT_MISSING"
    W_BLOB_MISSING = "W_BLOB_MISSING"
    W_WITHHELD = "W_WITHHELD"
    W_UNVOUCHED = "W_UNVOUCHED"
    N_DELETED = "N_DELETED"
    N_MASKED = "N_MASKED"


#: Findings that make a segment's time unpaid (`docs/protocol.md` §9): all of them rest on bytes
#: that the device or the log signed, so nobody but a signer can cancel pay.
UNPAYING = frozenset(
    {
        Code.E_FORMAT,
        Code.E_ALG,
        Code.E_TYP,
        Code.E_KID_UNKNOWN,
        Code.E_SIG,
        Code.E_KEY_WEAK,
        Code.E_DEVICE_UNLOGGED,
        Code.E_INCLUSION,
        Code.E_NOT_RECEIVED,
        Code.E_FORK,
        Code.E_PREV,
        Code.E_REVOKED,
        Code.E_RETIRED,
        Code.E_KIND,
        Code.E_TERMS,
        Code.E_LATE,
        Code.E_SLOT_ALIGN,
        Code.E_TIME_RANGE,
        Code.E_AFTER_RECEIPT,
        Code.E_BEACON,
        Code.E_BEFORE_BEACON,
        Code.E_BEACON_CHOICE,
        Code.E_MOMENT,
        Code.E_SHOT_TIME,
    }
)

SubjectKind = Literal["bundle", "device", "disclosure", "log", "segment"]


class DiaryError(ValueError):
    """One object cannot be accepted.

    `code` is the stable name; `detail` says in words what was wrong with which part. The detail
    never quotes long or secret input.
    """

    def __init__(self, code: Code, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


@dataclass(frozen=True, order=True)
class Finding:
    """A statement about one subject. Ordered by kind, subject, code, so that reports compare.

    `subject` is the segment's hash, the device's kid, a file of the bundle, for a disclosure
    `<segment hash>/<name>` or just the hash, and for the log the name of what carried its word.
    """

    kind: SubjectKind
    subject: str
    code: Code
    detail: str = ""
