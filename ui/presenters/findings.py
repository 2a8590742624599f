"""Why a piece of work is unpaid or was refused, in the words of the own diary.

One short clause for each code of the record that costs pay (`docs/protocol.md` §9.3). A code
without a clause is shown by its name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ui.presenters.formatting import Translate


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:  # noqa: ARG001 - lupdate knows this name
    """Mark a text for lupdate; it is translated where it is used."""
    return text


_CONTEXT = "Finding"

_CLAUSES: dict[str, str] = {
    "E_FORMAT": QT_TRANSLATE_NOOP("Finding", "the record is malformed"),
    "E_ALG": QT_TRANSLATE_NOOP("Finding", "the signature has another algorithm"),
    "E_TYP": QT_TRANSLATE_NOOP("Finding", "the record has another type"),
    "E_KID_UNKNOWN": QT_TRANSLATE_NOOP("Finding", "the marketplace does not know this computer"),
    "E_SIG": QT_TRANSLATE_NOOP("Finding", "the signature does not fit"),
    "E_KEY_WEAK": QT_TRANSLATE_NOOP("Finding", "the key is weak"),
    "E_DEVICE_UNLOGGED": QT_TRANSLATE_NOOP("Finding", "this computer joined after the work"),
    "E_INCLUSION": QT_TRANSLATE_NOOP("Finding", "the receipt does not prove it"),
    "E_FORK": QT_TRANSLATE_NOOP("Finding", "another copy of this folder used its number first"),
    "E_PREV": QT_TRANSLATE_NOOP("Finding", "another copy of this folder used the number before it"),
    "E_REVOKED": QT_TRANSLATE_NOOP("Finding", "this computer was stopped before it arrived"),
    "E_RETIRED": QT_TRANSLATE_NOOP("Finding", "this computer was signed out before it arrived"),
    "E_KIND": QT_TRANSLATE_NOOP("Finding", "the contract does not allow such time"),
    "E_TERMS": QT_TRANSLATE_NOOP("Finding", "the contract's terms did not hold"),
    "E_LATE": QT_TRANSLATE_NOOP("Finding", "it arrived too late"),
    "E_SLOT_ALIGN": QT_TRANSLATE_NOOP("Finding", "it does not fit its ten minutes"),
    "E_TIME_RANGE": QT_TRANSLATE_NOOP("Finding", "its length is not the time awake"),
    "E_AFTER_RECEIPT": QT_TRANSLATE_NOOP("Finding", "it ends after it arrived"),
    "E_BEACON": QT_TRANSLATE_NOOP("Finding", "the random value that it names is not in the log"),
    "E_BEFORE_BEACON": QT_TRANSLATE_NOOP("Finding", "the random value is of a later slot"),
    "E_BEACON_CHOICE": QT_TRANSLATE_NOOP("Finding", "the random value is older than one before"),
    "E_MOMENT": QT_TRANSLATE_NOOP("Finding", "its moments or the number of pictures do not fit"),
    "E_SHOT_TIME": QT_TRANSLATE_NOOP("Finding", "a picture was not taken at its moment"),
    "E_NOT_RECEIVED": QT_TRANSLATE_NOOP("Finding", "a part had not arrived at the marketplace"),
}


def clause(code: str, translate: Translate) -> str:
    """Why, in a few words; the code's own name for one that is not known."""
    text = _CLAUSES.get(code)
    return code if text is None else translate(_CONTEXT, text)


def reason(detail: str, translate: Translate) -> str:
    """The reason of a refusal, whose detail begins with the code of the marketplace's answer."""
    return clause(detail.partition(":")[0].strip(), translate)


def has_clause(code: str) -> bool:
    """Whether the code has a clause of its own."""
    return code in _CLAUSES
