"""What codes and reasons mean, in a sentence for a person.

Tables of plain words; they are translated when they are shown. A word here is never a verdict: it
says what the check saw.
"""

from __future__ import annotations

from collections.abc import Sequence

from diary.core.findings import Code
from diary.core.vocabulary import Scope
from marketplace.core.i18n import exact_duration, tr
from marketplace.core.i18n import mark as _

_NO_PICTURE = {
    "ended": _("Ended before the moment of the picture"),
    "locked": _("Screen was locked, no picture"),
    "masked": _("The whole picture is masked"),
    "denied": _("The system did not allow a picture"),
    "unavailable": _("Pictures cannot be taken on this desktop"),
    "error": _("Taking the picture failed"),
    "none": _("The contract asks for no pictures"),
    "deleted": _("Picture deleted by %(person)s"),
    "expired": _("Picture erased, it was kept as long as agreed"),
    "erased": _("Picture erased by the marketplace"),
    "missing": _("The picture has not arrived yet"),
    "changed": _("The stored picture is not the one that was signed"),
    "manual": _("Written in by hand, no picture"),
    "withheld": _("The picture is not shown"),
    "unreadable": _("The record cannot be read"),
}

_ENDS = {
    "slot": _("at the end of the ten minutes"),
    "stop": _("stopped by hand"),
    "switch": _("the contract or the memo was changed"),
    "idle": _("no input for a while"),
    "lock": _("the screen was locked"),
    "suspend": _("the computer went to sleep"),
    "limit": _("the weekly limit was reached"),
    "deleted": _("what came after was deleted"),
    "crash": _("the program ended unexpectedly; recovered when it started again"),
}

_INPUTS = {
    "ok": _("counted"),
    "active-only": _("activity noticed, not counted"),
    "unavailable": _("could not be measured"),
    "denied": _("measuring was not allowed"),
}

_ASSURANCES = {
    "A": _("intact, the moment of the picture not known before its slot"),
    "B": _("intact, the moment of the picture may have been known before"),
    "C": _("stored as it was signed"),
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
    "given-back": _("Given back"),
    "deleted-memo": _("Memo deleted"),
    "deleted-minutes": _("Activity deleted"),
    "deleted-shot": _("A picture was deleted"),
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
    """Why there is no picture; `person` may have deleted it."""
    text = tr(_NO_PICTURE[code])
    return text % {"person": person} if code == "deleted" else text


def deletion_text(scope: Sequence[Scope], *, given_back: bool, by_person: bool) -> str:
    """What a deletion was about, as a sentence without its end."""
    parts = ", ".join(tr(words) for part, words in _PARTS.items() if part in scope)
    if not parts:
        return tr("Time given back")
    done = tr("%(parts)s deleted") if by_person else tr("%(parts)s erased")
    text = done % {"parts": parts}
    if given_back:
        text = tr("%(deleted)s, time given back") % {"deleted": text}
    elif "time" in scope:
        text = tr("%(deleted)s, too late to give the time back") % {"deleted": text}
    return text[:1].upper() + text[1:]


def no_memo_text(*, deleted: bool) -> str:
    """Why there is no memo."""
    return tr("Memo deleted") if deleted else tr("No memo")


def time_text(seconds: int) -> str:
    """A few minutes, exactly: "10 min", "9 min 40 s"."""
    return exact_duration(seconds)


def end_text(code: str) -> str:
    """Why a stretch ended."""
    return tr(_ENDS[code])


def input_text(code: str) -> str:
    """How input was measured."""
    return tr(_INPUTS[code])


def assurance_text(code: str) -> str:
    """What an assurance class means; "" for none."""
    return tr(_ASSURANCES[code]) if code else ""


def mark_text(code: str, note: str | None = None) -> str:
    """The words of a mark; a note stands beside it."""
    words = tr(_MARKS[code])
    if code == "given-back" and note:
        return tr("%(mark)s: %(time)s") % {"mark": words, "time": note}
    return tr("%(mark)s: “%(note)s”") % {"mark": words, "note": note} if note else words
