"""Findings and errors of a check.

A `DiaryError` stops the reading of one object. A check reports a `Finding` about its subject (a
bundle, a log, a device, a segment or a disclosure) and continues. It reports all findings, sorted,
so that two verifiers can be compared. `findings.toml` beside this file lists the codes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from diary.core.finding_codes import Code

__all__ = ["UNPAYING", "Code", "DiaryError", "Finding", "SubjectKind"]


#: The codes that cost a segment its pay. All of them rest on bytes that the device or the log
#: signed, so that no third party can cancel pay.
UNPAYING = frozenset(code for code in Code if code.costs_pay)

SubjectKind = Literal["bundle", "device", "disclosure", "log", "segment"]


class DiaryError(ValueError):
    """One object cannot be accepted.

    `detail` names the part and its fault. It never quotes long or secret input.
    """

    def __init__(self, code: Code, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


@dataclass(frozen=True, order=True)
class Finding:
    """A finding about one subject. Ordered by kind, subject, code, so that reports compare.

    `subject` is a segment's hash, a device's kid, a file of the bundle, for a disclosure
    `<segment hash>/<name>` or only the hash, and for the log the name of the signed object.
    """

    kind: SubjectKind
    subject: str
    code: Code
    detail: str = ""

    @property
    def is_error(self) -> bool:
        """Whether the finding makes the result invalid."""
        return self.code.severity == "error"
