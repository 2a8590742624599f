"""The retry policy: functions that neither wait nor use the network by themselves.

Delays use full jitter under an exponential bound, so that clients that lost the same server do not
return together. `Retry-After` (RFC 9110 §10.2.3) is honoured. An item that the marketplace refuses
permanently is set aside and shown, and never blocks the others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from enum import Enum, auto
from typing import TypeVar

from uploader.errors import NetworkError, Problem, ProofError, RefusedError, UploaderError

T = TypeVar("T")

FIRST_S = 1.0
#: Full jitter may draw 0 several times in a row; this bound prevents a busy loop.
LEAST_S = 0.1
LONGEST_S = 300.0
#: The longest delay that `Retry-After` can ask for.
LONGEST_ASKED_S = 3600.0
#: Each attempt after a wrong proof costs the marketplace a signature, and rarely helps soon.
PROOF_S = 60.0


class Outcome(Enum):
    """The result of a failed attempt."""

    UNREACHED = auto()  # no response, or another server's: no request can succeed now
    BUSY = auto()  # the marketplace asked to wait
    NO_ROOM = auto()  # a storage limit is reached; requests that need no room succeed
    TROUBLE = auto()  # this request failed; the next one may succeed
    WRONG_PROOF = auto()  # the response does not prove what it must
    REFUSED = auto()  # refused permanently
    LOCKED_OUT = auto()  # no request can succeed until the user acts


@dataclass(frozen=True)
class Wait:
    """Try again after `seconds`. `everything`: other requests would fail too."""

    seconds: float
    everything: bool


@dataclass(frozen=True)
class SetAside:
    """Keep the item, show it, and continue with the others."""


@dataclass(frozen=True)
class GiveUp:
    """Stop until the user has acted."""


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
    Problem.PAC_UNREADABLE,
    Problem.PAC_BROKEN,
    Problem.ROUTE_INCOMPLETE,
    Problem.CA_UNUSABLE,
    Problem.UNEXPECTED_REDIRECT,
    # The keyring does not give the proxy's password.
    Problem.KEYRING_ABSENT,
    Problem.KEYRING_LOCKED,
    Problem.KEYRING_FAILED,
}
_LOCKED_OUT = {
    Problem.SIGN_IN_REFUSED,
    Problem.LOG_KEY_CHANGED,
    Problem.WRONG_MARKETPLACE,
    Problem.KEYS_MISSING,
}
_FOR_GOOD = {400, 409, 413, 415, 422}


def outcome_of(error: UploaderError) -> Outcome:
    """The outcome of an error."""
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
    """The next step after a failed attempt.

    `attempt` is the number of failures so far (1 for the first), `random` is in [0, 1). Delays are
    real seconds, at most `LONGEST_S`, or `LONGEST_ASKED_S` if the server asked for one.
    """
    if outcome is Outcome.REFUSED:
        return SetAside()
    if outcome is Outcome.LOCKED_OUT:
        return GiveUp()
    if outcome is Outcome.NO_ROOM and retry_after_s is None:
        # Room comes from deletions and from time, not from retries.
        retry_after_s = LONGEST_S
    everything = outcome in {Outcome.UNREACHED, Outcome.BUSY}
    # Bounded, so that a long outage does not overflow the exponent.
    bound = min(LONGEST_S, FIRST_S * 2.0 ** min(max(attempt, 1) - 1, 16))
    if retry_after_s is not None:
        # Never earlier than requested; jitter spreads clients that got the same delay.
        return Wait(min(max(retry_after_s, 0.0), LONGEST_ASKED_S) + random * bound, everything)
    if outcome is Outcome.WRONG_PROOF:
        return Wait(PROOF_S + random * max(bound, PROOF_S), everything=False)
    return Wait(max(LEAST_S, random * bound), everything)


def parse_retry_after(value: str | None, now_s: float) -> float | None:
    """The seconds of a Retry-After header, which holds delay-seconds or an HTTP-date.

    `now_s` is Unix time. From 0 to LONGEST_ASKED_S; None for a missing or unreadable header.
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


def retry_briefly(
    call: Callable[[], T],
    *,
    tries: int,
    longest_s: float,
    random: Callable[[], float],
    wait: Callable[[float], None],
) -> T:
    """Call at most `tries` times while the network fails, for a person who waits: a pause over
    `longest_s` ends the attempts. Raises the last NetworkError.
    """
    attempt = 0
    while True:
        try:
            return call()
        except NetworkError as error:
            attempt += 1
            step = decide(outcome_of(error), attempt, error.retry_after_s, random())
            if attempt == tries or not isinstance(step, Wait) or step.seconds > longest_s:
                raise
            wait(step.seconds)
