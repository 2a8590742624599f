"""When to try again: a pure policy, no waiting and no network in here.

Full jitter over an exponential bound, so that a crowd of clients that lost the same server does not
come back together; `Retry-After` (RFC 9110 §10.2.3) is honoured; what the marketplace refused for
good is set aside, kept and shown, and never blocks the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from enum import Enum, auto

from uploader.errors import Problem, ProofError, RefusedError, UploaderError

FIRST_S = 1.0
#: Full jitter may draw nothing at all; this keeps such a streak from becoming a hot loop.
LEAST_S = 0.1
LONGEST_S = 300.0
#: A server may ask for patience, not for ever.
LONGEST_ASKED_S = 3600.0
#: A wrong proof is not cured by haste, and each try costs the other side a signature.
PROOF_S = 60.0


class Outcome(Enum):
    """What became of one attempt."""

    UNREACHED = auto()  # nobody there, or somebody else answered: nothing will pass at the moment
    BUSY = auto()  # the service asked for patience
    NO_ROOM = auto()  # a limit of storage is reached; what needs no room passes
    TROUBLE = auto()  # this one request failed; the next may pass
    WRONG_PROOF = auto()  # the answer does not prove what it should
    REFUSED = auto()  # understood and refused for good
    LOCKED_OUT = auto()  # nothing will ever pass until a person acts


@dataclass(frozen=True)
class Wait:
    """Try again after so many seconds. `everything`: other requests would fare no better."""

    seconds: float
    everything: bool


@dataclass(frozen=True)
class SetAside:
    """Keep this one, show it, go on with the others."""


@dataclass(frozen=True)
class GiveUp:
    """Stop until a person has acted."""


_UNREACHED = {
    Problem.OFFLINE,
    Problem.TIMEOUT,
    Problem.TLS_FAILED,
    Problem.INSECURE_ADDRESS,
    Problem.CAPTIVE_PORTAL,
    Problem.PROXY_SIGN_IN,
    Problem.PROXY_UNREACHABLE,
    Problem.PROXY_UNKNOWN,
    Problem.PROXY_UNSUPPORTED,
    Problem.PROXY_FAILED,
    Problem.UNEXPECTED_REDIRECT,
}
_LOCKED_OUT = {
    Problem.SIGN_IN_REFUSED,
    Problem.LOG_KEY_CHANGED,
    Problem.WRONG_MARKETPLACE,
    Problem.KEYS_MISSING,
}
_FOR_GOOD = {400, 409, 413, 415, 422}


def outcome_of(error: UploaderError) -> Outcome:
    """Sort an error into what the policy knows."""
    if error.code in _LOCKED_OUT:
        return Outcome.LOCKED_OUT
    if isinstance(error, ProofError):
        return Outcome.WRONG_PROOF
    if isinstance(error, RefusedError):
        return Outcome.REFUSED if error.status in _FOR_GOOD else Outcome.TROUBLE
    if error.code is Problem.NO_ROOM:
        return Outcome.NO_ROOM
    if error.code is Problem.SERVER_BUSY:
        return Outcome.BUSY
    if error.code in _UNREACHED:
        return Outcome.UNREACHED
    return Outcome.TROUBLE


def decide(
    outcome: Outcome, attempt: int, retry_after_s: float | None, random: float
) -> Wait | SetAside | GiveUp:
    """What to do after an attempt.

    `attempt` counts the failures so far (1 for the first), `random` is in [0, 1). Waits are real
    seconds, at most `LONGEST_S`, or `LONGEST_ASKED_S` where the server asked.
    """
    if outcome is Outcome.REFUSED:
        return SetAside()
    if outcome is Outcome.LOCKED_OUT:
        return GiveUp()
    if outcome is Outcome.NO_ROOM and retry_after_s is None:
        # Room is made by people and by time, not by haste.
        retry_after_s = LONGEST_S
    everything = outcome in {Outcome.UNREACHED, Outcome.BUSY}
    # min() on the exponent keeps a long outage from making a huge number.
    bound = min(LONGEST_S, FIRST_S * 2.0 ** min(max(attempt, 1) - 1, 16))
    if retry_after_s is not None:
        # Never earlier than asked; the jitter spreads those who were asked together.
        return Wait(min(max(retry_after_s, 0.0), LONGEST_ASKED_S) + random * bound, everything)
    if outcome is Outcome.WRONG_PROOF:
        return Wait(PROOF_S + random * max(bound, PROOF_S), everything=False)
    return Wait(max(LEAST_S, random * bound), everything)


def parse_retry_after(value: str | None, now_s: float) -> float | None:
    """Seconds asked for by a Retry-After header: delay-seconds or an HTTP-date.

    `now_s` is Unix time. None for an absent or unreadable header; from 0 to LONGEST_ASKED_S.
    """
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(min(int(text[:9]), int(LONGEST_ASKED_S)))
    when = http_date(text)
    return None if when is None else min(max(0.0, when - now_s), LONGEST_ASKED_S)


def http_date(value: str | None) -> float | None:
    """Unix seconds of an HTTP-date (RFC 9110 §5.6.7), or None."""
    if value is None:
        return None
    try:
        when = parsedate_to_datetime(value)
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None
