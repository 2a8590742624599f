# ruff: noqa: E501
"""The finding codes of WD-1 (`docs/protocol.md` §9.3).

Made from diary/core/findings.toml by `make generate`; edit that file instead.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal, NamedTuple

Severity = Literal["error", "warning", "note"]


class Code(StrEnum):
    """A finding code."""

    E_FORMAT = "E_FORMAT"
    E_ALG = "E_ALG"
    E_TYP = "E_TYP"
    E_KID_UNKNOWN = "E_KID_UNKNOWN"
    E_SIG = "E_SIG"
    E_KEY_WEAK = "E_KEY_WEAK"
    E_DEVICE_UNLOGGED = "E_DEVICE_UNLOGGED"
    E_INCLUSION = "E_INCLUSION"
    E_NOT_RECEIVED = "E_NOT_RECEIVED"
    E_FORK = "E_FORK"
    E_REVOKED = "E_REVOKED"
    E_RETIRED = "E_RETIRED"
    E_GAP = "E_GAP"
    E_PREV = "E_PREV"
    E_SLOT_ALIGN = "E_SLOT_ALIGN"
    E_TIME_RANGE = "E_TIME_RANGE"
    E_TERMS = "E_TERMS"
    E_KIND = "E_KIND"
    E_LATE = "E_LATE"
    E_AFTER_RECEIPT = "E_AFTER_RECEIPT"
    E_BEACON = "E_BEACON"
    E_BEFORE_BEACON = "E_BEFORE_BEACON"
    E_BEACON_CHOICE = "E_BEACON_CHOICE"
    E_MOMENT = "E_MOMENT"
    E_SHOT_TIME = "E_SHOT_TIME"
    E_DISC_UNMATCHED = "E_DISC_UNMATCHED"
    E_DISC_DUP = "E_DISC_DUP"
    E_SHOT_HASH = "E_SHOT_HASH"
    E_CP_SIG = "E_CP_SIG"
    E_QUORUM = "E_QUORUM"
    E_CONSISTENCY = "E_CONSISTENCY"
    E_SPLIT_VIEW = "E_SPLIT_VIEW"
    E_LOG_TIME = "E_LOG_TIME"
    E_POLICY = "E_POLICY"
    E_MANIFEST = "E_MANIFEST"
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

    @property
    def severity(self) -> Severity:
        """Only an error makes a result invalid."""
        return _ROWS[self].severity

    @property
    def costs_pay(self) -> bool:
        """Whether a segment with this code is not paid."""
        return _ROWS[self].costs_pay

    @property
    def sentence(self) -> str:
        """The explanation for a person, in English; the program that shows it translates it."""
        return _ROWS[self].sentence


class _Row(NamedTuple):
    severity: Severity
    costs_pay: bool
    sentence: str


def _(text: str) -> str:
    """Marks a text for translators."""
    return text


_ROWS = {
    Code.E_FORMAT: _Row("error", True, _("The data is malformed.")),
    Code.E_ALG: _Row(
        "error", True, _("The data is signed with an algorithm that the protocol does not allow.")
    ),
    Code.E_TYP: _Row("error", True, _("The data is a signed object of another type.")),
    Code.E_KID_UNKNOWN: _Row(
        "error",
        True,
        _("The signing key does not belong to an enrolled computer of this freelancer."),
    ),
    Code.E_SIG: _Row("error", True, _("The signature does not match the signed data.")),
    Code.E_KEY_WEAK: _Row("error", True, _("The signing key is weak and proves nothing.")),
    Code.E_DEVICE_UNLOGGED: _Row(
        "error", True, _("The log did not contain this computer before the work began.")
    ),
    Code.E_INCLUSION: _Row(
        "error", True, _("The receipt does not prove that the log contains this.")
    ),
    Code.E_NOT_RECEIVED: _Row(
        "error",
        True,
        _(
            "The marketplace logged the segment without its memo, its minutes or one of its pictures."
        ),
    ),
    Code.E_FORK: _Row("error", True, _("Another segment with the same number was logged first.")),
    Code.E_REVOKED: _Row(
        "error", True, _("The computer's key was revoked before this was logged.")
    ),
    Code.E_RETIRED: _Row("error", True, _("The computer was signed out before this was logged.")),
    Code.E_GAP: _Row("error", False, _("The segment that this refers to is missing.")),
    Code.E_PREV: _Row("error", True, _("The segment does not follow the one before it.")),
    Code.E_SLOT_ALIGN: _Row("error", True, _("The slot does not begin at a full ten minutes.")),
    Code.E_TIME_RANGE: _Row(
        "error", True, _("The times do not match the slot or the measured duration.")
    ),
    Code.E_TERMS: _Row(
        "error", True, _("The contract's terms named here did not apply at that time.")
    ),
    Code.E_KIND: _Row("error", True, _("The contract does not allow this kind of time.")),
    Code.E_LATE: _Row("error", True, _("This arrived too late to count.")),
    Code.E_AFTER_RECEIPT: _Row("error", True, _("The segment ends after the log received it.")),
    Code.E_BEACON: _Row("error", True, _("The log did not publish the random value named here.")),
    Code.E_BEFORE_BEACON: _Row(
        "error", True, _("The random value named here belongs to a later slot.")
    ),
    Code.E_BEACON_CHOICE: _Row(
        "error", True, _("The computer used an older random value than before.")
    ),
    Code.E_MOMENT: _Row(
        "error",
        True,
        _("The random time or the number of the pictures is not the one that was drawn."),
    ),
    Code.E_SHOT_TIME: _Row("error", True, _("A picture was not taken at its random time.")),
    Code.E_DISC_UNMATCHED: _Row(
        "error", False, _("A part that was never signed is shown. It is ignored.")
    ),
    Code.E_DISC_DUP: _Row(
        "error", False, _("A part appears twice or uses the name of a signed field. It is ignored.")
    ),
    Code.E_SHOT_HASH: _Row(
        "error", False, _("A picture file differs from the one that was signed.")
    ),
    Code.E_CP_SIG: _Row("error", False, _("The log's signature does not match any trusted key.")),
    Code.E_QUORUM: _Row(
        "error", False, _("Too few witnesses have confirmed this state of the log.")
    ),
    Code.E_CONSISTENCY: _Row(
        "error", False, _("The log does not prove that it only added entries.")
    ),
    Code.E_SPLIT_VIEW: _Row("error", False, _("The log showed two different histories.")),
    Code.E_LOG_TIME: _Row("error", False, _("The times in the log run backwards.")),
    Code.E_POLICY: _Row("error", False, _("A log key cannot be used or was not announced.")),
    Code.E_MANIFEST: _Row(
        "error", False, _("A file is missing, was changed, or is not the one that was asked for.")
    ),
    Code.W_OVERLAP: _Row(
        "warning", False, _("Part of this time was already recorded and is paid only once.")
    ),
    Code.W_PARALLEL: _Row(
        "warning",
        False,
        _(
            "Was this time also worked for another client? A recording may have been left running, or both clients may have agreed to it."
        ),
    ),
    Code.W_EPOCH: _Row(
        "warning",
        False,
        _(
            "The segment was recorded after a restored backup, beside a copy of the folder, or after a wrong clock."
        ),
    ),
    Code.W_CLOCK_JUMP: _Row(
        "warning", False, _("The computer's clock was moved before this segment.")
    ),
    Code.W_DEVICE_SWITCH: _Row(
        "warning", False, _("Another computer of this person had recorded shortly before.")
    ),
    Code.W_LATE: _Row(
        "warning", False, _("The segment arrived more than half an hour after its slot.")
    ),
    Code.W_OFFLINE: _Row(
        "warning",
        False,
        _("The computer had no random value for this slot, for example because it was offline."),
    ),
    Code.W_SHOT_MISSING: _Row("warning", False, _("A picture was due and is missing.")),
    Code.W_BLOB_MISSING: _Row("warning", False, _("A picture file is not available.")),
    Code.W_WITHHELD: _Row("warning", False, _("A part is not shown.")),
    Code.W_UNVOUCHED: _Row(
        "warning", False, _("No earlier computer of this person has confirmed this one.")
    ),
    Code.N_DELETED: _Row("note", False, _("A part of the segment or its time was deleted.")),
    Code.N_MASKED: _Row(
        "note", False, _("The freelancer masked or blurred at least part of a picture.")
    ),
}
