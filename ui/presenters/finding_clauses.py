"""Why work is unpaid or was refused: a clause for each error code.

Made from diary/core/findings.toml by `make generate`; edit that file instead.
"""

from __future__ import annotations

from system.i18n import QT_TRANSLATE_NOOP

CLAUSES: dict[str, str] = {
    "E_FORMAT": QT_TRANSLATE_NOOP("Finding", "the data is malformed"),
    "E_ALG": QT_TRANSLATE_NOOP(
        "Finding", "the data is signed with an algorithm that the protocol does not allow"
    ),
    "E_TYP": QT_TRANSLATE_NOOP("Finding", "the data is a signed object of another type"),
    "E_KID_UNKNOWN": QT_TRANSLATE_NOOP(
        "Finding", "this computer is not enrolled at the marketplace"
    ),
    "E_SIG": QT_TRANSLATE_NOOP("Finding", "the signature does not match the signed data"),
    "E_KEY_WEAK": QT_TRANSLATE_NOOP("Finding", "the key is weak"),
    "E_DEVICE_UNLOGGED": QT_TRANSLATE_NOOP("Finding", "this computer joined after the work"),
    "E_INCLUSION": QT_TRANSLATE_NOOP(
        "Finding", "the receipt does not prove that the log contains this"
    ),
    "E_NOT_RECEIVED": QT_TRANSLATE_NOOP("Finding", "a part had not arrived at the marketplace"),
    "E_FORK": QT_TRANSLATE_NOOP("Finding", "another copy of this folder used its number first"),
    "E_REVOKED": QT_TRANSLATE_NOOP("Finding", "this computer was stopped before it arrived"),
    "E_RETIRED": QT_TRANSLATE_NOOP("Finding", "this computer was signed out before it arrived"),
    "E_GAP": QT_TRANSLATE_NOOP("Finding", "the segment that this refers to is missing"),
    "E_PREV": QT_TRANSLATE_NOOP("Finding", "another copy of this folder used the number before it"),
    "E_SLOT_ALIGN": QT_TRANSLATE_NOOP("Finding", "the slot does not begin at a full ten minutes"),
    "E_TIME_RANGE": QT_TRANSLATE_NOOP(
        "Finding", "the times do not match the slot or the measured duration"
    ),
    "E_TERMS": QT_TRANSLATE_NOOP("Finding", "the contract's terms did not apply"),
    "E_KIND": QT_TRANSLATE_NOOP("Finding", "the contract does not allow this kind of time"),
    "E_LATE": QT_TRANSLATE_NOOP("Finding", "it arrived too late"),
    "E_AFTER_RECEIPT": QT_TRANSLATE_NOOP("Finding", "the segment ends after the log received it"),
    "E_BEACON": QT_TRANSLATE_NOOP("Finding", "the log did not publish the random value named here"),
    "E_BEFORE_BEACON": QT_TRANSLATE_NOOP(
        "Finding", "the random value named here belongs to a later slot"
    ),
    "E_BEACON_CHOICE": QT_TRANSLATE_NOOP(
        "Finding", "the computer used an older random value than before"
    ),
    "E_MOMENT": QT_TRANSLATE_NOOP(
        "Finding", "the random time or the number of the pictures is not the one that was drawn"
    ),
    "E_SHOT_TIME": QT_TRANSLATE_NOOP("Finding", "a picture was not taken at its random time"),
    "E_DISC_UNMATCHED": QT_TRANSLATE_NOOP("Finding", "a part that was never signed is shown"),
    "E_DISC_DUP": QT_TRANSLATE_NOOP(
        "Finding", "a part appears twice or uses the name of a signed field"
    ),
    "E_SHOT_HASH": QT_TRANSLATE_NOOP(
        "Finding", "a picture file differs from the one that was signed"
    ),
    "E_CP_SIG": QT_TRANSLATE_NOOP("Finding", "the log's signature does not match any trusted key"),
    "E_QUORUM": QT_TRANSLATE_NOOP(
        "Finding", "too few witnesses have confirmed this state of the log"
    ),
    "E_CONSISTENCY": QT_TRANSLATE_NOOP(
        "Finding", "the log does not prove that it only added entries"
    ),
    "E_SPLIT_VIEW": QT_TRANSLATE_NOOP("Finding", "the log showed two different histories"),
    "E_LOG_TIME": QT_TRANSLATE_NOOP("Finding", "the times in the log run backwards"),
    "E_POLICY": QT_TRANSLATE_NOOP("Finding", "a log key cannot be used or was not announced"),
    "E_MANIFEST": QT_TRANSLATE_NOOP(
        "Finding", "a file is missing, was changed, or is not the one that was asked for"
    ),
}
