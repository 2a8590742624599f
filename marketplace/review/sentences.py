"""The texts of codes and reasons on the review pages.

Each table maps a code to its text, which is translated when it is shown. A text states what was
recorded or checked, never a verdict. Terms: pictures, memos and activity are deleted, time is given
back; a deletion by the marketplace is an erasure.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from diary.core.display import isolated
from diary.core.findings import Code
from diary.core.vocabulary import Scope
from marketplace.core.i18n import exact_duration, tr
from marketplace.core.i18n import mark as _
from marketplace.core.names import shown_name

_NO_PICTURE = {
    "ended": _("Ended before the picture time"),
    "locked": _("Screen locked, no picture"),
    "masked": _("The whole picture is masked"),
    "denied": _("The system did not permit a picture"),
    "unavailable": _("This desktop allows no pictures"),
    "error": _("Taking the picture failed"),
    "none": _("The contract asks for no pictures"),
    "deleted": _("Picture deleted by %(person)s"),
    "expired": _("Picture erased when its agreed retention ended"),
    "erased": _("Picture erased by the marketplace"),
    "missing": _("The picture has not arrived yet"),
    "changed": _("The stored picture differs from the signed one"),
    "manual": _("Entered manually, no picture"),
    "withheld": _("The picture is not shown"),
    "unreadable": _("The record cannot be read"),
}

_ENDS = {
    "slot": _("ten-minute slot completed"),
    "stop": _("stopped by the freelancer"),
    "switch": _("contract or memo changed"),
    "idle": _("no input"),
    "lock": _("screen locked"),
    "suspend": _("computer suspended"),
    "limit": _("weekly limit reached"),
    "deleted": _("the rest was deleted"),
    "crash": _("the program ended unexpectedly; its next start recovered the work"),
}

_INPUTS = {
    "ok": _("counted"),
    "active-only": _("only the seconds with activity"),
    "unavailable": _("not measurable"),
    "denied": _("not permitted"),
}

_ASSURANCES = {
    "A": _("intact; the picture time was unknown before its slot"),
    "B": _("intact; the picture time may have been known before its slot"),
    "C": _("stored as signed"),
}

_MARKS = {
    "kept": _("Kept"),
    "manual": _("Manual time"),
    "over-limit": _("Over the weekly limit"),
    "late": _("Sent late"),
    "late-offline": _("Sent late, offline"),
    "offline": _("Recorded offline"),
    "masked": _("Masked"),
    "deleted": _("A part was deleted"),
    "overlap": _("Overlaps earlier time"),
    "parallel": _("Also recorded for another client?"),
    "unpaid": _("Not payable"),
    "crash": _("Recovered after a crash"),
    "changed": _("Memo changed"),
    "given-back": _("Time deleted by the freelancer"),
    "deleted-memo": _("Memo deleted"),
    "deleted-minutes": _("Activity deleted"),
    "deleted-shot": _("A picture was deleted"),
}

_RULES = {
    "allow": _("only chosen applications are shown"),
    "deny": _("chosen applications are covered"),
    "areas": _("chosen areas are covered"),
    "blur": _("details are blurred"),
}

_PARTS: dict[Scope, str] = {
    "shot": _("picture"),
    "memo": _("memo"),
    "minutes": _("activity"),
}


def finding_text(code: Code) -> str:
    """The explanation of a finding code."""
    return tr(code.sentence)


def no_picture_text(code: str, person: str = "") -> str:
    """Why there is no picture; `person` is the one who deleted it."""
    text = tr(_NO_PICTURE[code])
    return text % {"person": person} if code == "deleted" else text


def deletion_text(scope: Sequence[Scope], *, given_back: bool, by_person: bool) -> str:
    """A deletion as a sentence without a full stop."""
    parts = ", ".join(tr(name) for part, name in _PARTS.items() if part in scope)
    if not parts:
        return tr("Time deleted")
    done = tr("%(parts)s deleted") if by_person else tr("%(parts)s erased")
    text = done % {"parts": parts}
    if given_back:
        text = tr("%(deleted)s, with its time") % {"deleted": text}
    elif "time" in scope:
        text = tr("%(deleted)s; its time remains, because the week is locked") % {"deleted": text}
    return text[:1].upper() + text[1:]


def no_memo_text(*, deleted: bool) -> str:
    """Why there is no memo."""
    return tr("Memo deleted") if deleted else tr("No memo")


def quoted(author: str, text: str) -> str:
    """What a person wrote: "Ana: “Both.”"."""
    return tr("%(author)s: “%(text)s”") % {"author": isolated(shown_name(author)), "text": text}


def time_text(seconds: int) -> str:
    """A few minutes, exactly: "10 min", "9 min 40 s"."""
    return exact_duration(seconds)


def end_text(code: str) -> str:
    """Why a segment ended."""
    return tr(_ENDS[code])


def input_text(code: str) -> str:
    """The text of an input quality."""
    return tr(_INPUTS[code])


def assurance_text(code: str) -> str:
    """The meaning of an assurance class; "" for none."""
    return tr(_ASSURANCES[code]) if code else ""


def mark_text(code: str, note: str | None = None) -> str:
    """The text of a mark, with its note; the note of "given-back" is a time."""
    text = tr(_MARKS[code])
    if code == "given-back" and note:
        return tr("%(mark)s: %(time)s") % {"mark": text, "time": note}
    return tr("%(mark)s: “%(note)s”") % {"mark": text, "note": note} if note else text


def rule_texts(rules: Collection[str]) -> tuple[str, ...]:
    """A phrase for each masking rule that was in force for a picture."""
    return tuple(tr(text) for name, text in _RULES.items() if name in rules)
