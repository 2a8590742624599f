"""What codes and reasons mean, in a sentence for a person.

Tables of plain words; they are translated when they are shown. A word here is never a verdict: it
says what the check saw.
"""

from __future__ import annotations

from collections.abc import Sequence

from diary.core.findings import Code
from diary.core.vocabulary import Scope
from marketplace.core.i18n import tr


def _(text: str) -> str:
    """Marks a text for the catalogue; it is translated when it is looked up."""
    return text


_FINDINGS: dict[Code, str] = {
    Code.E_MANIFEST: _("A file differs from the list of files"),
    Code.E_POLICY: _("The log's key cannot be read"),
    Code.E_CP_SIG: _("The log's signature on its own state does not fit"),
    Code.E_CONSISTENCY: _("The log was changed after the fact"),
    Code.E_SPLIT_VIEW: _("The log told two different stories"),
    Code.E_DEVICE_UNLOGGED: _("The computer was not enrolled at that time"),
    Code.E_KEY_WEAK: _("The computer's key is not one that can be trusted"),
    Code.E_FORMAT: _("The record is not as it was written"),
    Code.E_ALG: _("The record is signed in a way that does not count"),
    Code.E_TYP: _("The record is of another kind"),
    Code.E_KID_UNKNOWN: _("The record is not from an enrolled computer of this person"),
    Code.E_SIG: _("The signature does not fit the record"),
    Code.E_FORK: _("Another record has the same number and was there first"),
    Code.E_GAP: _("The record before this one has not arrived"),
    Code.E_PREV: _("The record does not follow the one before it"),
    Code.E_SLOT_ALIGN: _("The slot does not begin at a tenth minute"),
    Code.E_TIME_RANGE: _("The times do not fit together"),
    Code.E_TERMS: _("The contract's terms did not apply at that time"),
    Code.E_KIND: _("The contract does not allow this kind of time"),
    Code.E_INCLUSION: _("The log does not hold this record as it is stored"),
    Code.E_NOT_RECEIVED: _("The memo, the minutes or a picture had not arrived with the record"),
    Code.E_REVOKED: _("The computer had been revoked"),
    Code.E_RETIRED: _("The computer had been signed out"),
    Code.E_LATE: _("The record arrived too late to count"),
    Code.E_LOG_TIME: _("The log's times do not follow each other"),
    Code.E_BEACON: _("The random value of the slot is not one that was published"),
    Code.E_BEFORE_BEACON: _("The record names a random value of a later slot"),
    Code.E_AFTER_RECEIPT: _("The record ends after it arrived"),
    Code.E_BEACON_CHOICE: _("The computer went back to an older random value"),
    Code.E_MOMENT: _("The moment of the picture was not the one that was drawn"),
    Code.E_SHOT_TIME: _("A picture was not taken at its moment"),
    Code.E_DISC_UNMATCHED: _("A part of the record is not one that was signed"),
    Code.E_DISC_DUP: _("A part of the record stands twice"),
    Code.E_SHOT_HASH: _("The picture is not the one that was signed"),
    Code.W_OVERLAP: _("Part of this time was recorded before and counts once"),
    Code.W_PARALLEL: _(
        "Was this time also worked for another client? A recording may have been left running, or"
        " both may have agreed to it"
    ),
    Code.W_EPOCH: _("Recorded after a backup was restored"),
    Code.W_CLOCK_JUMP: _("The computer's clock was moved"),
    Code.W_DEVICE_SWITCH: _("Another computer of this person had recorded shortly before"),
    Code.W_LATE: _("Arrived more than half an hour after its slot"),
    Code.W_OFFLINE: _("The computer had no random value of this slot yet, as when it is offline"),
    Code.W_SHOT_MISSING: _("A picture was due and there is none"),
    Code.W_BLOB_MISSING: _("A picture has not arrived yet"),
    Code.W_WITHHELD: _("A part of the record is not shown"),
    Code.W_UNVOUCHED: _("The computer was not vouched for by an earlier one"),
    Code.N_DELETED: _("A part was deleted"),
    Code.N_MASKED: _("Parts of the picture are masked"),
}

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
    """What a finding means."""
    return tr(_FINDINGS[code])


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
    minutes, rest = divmod(seconds, 60)
    texts = []
    if minutes or not rest:
        texts.append(tr("%(minutes)d min") % {"minutes": minutes})
    if rest:
        texts.append(tr("%(seconds)d s") % {"seconds": rest})
    return " ".join(texts)


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
