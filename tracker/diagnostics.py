"""What of the measuring works on this desk, tried for real where that asks no person.

The lines about pictures and input come from the choosers' tables, so that a new row is in here by
itself. A picture that is taken for the trial stays in memory and is dropped at once; input that is
listened to for it goes nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from tracker.capture.interface import CaptureError
from tracker.input.interface import InputError
from tracker.platform.clock import SystemClock, sample
from tracker.platform.macos_permissions import MAC_SETTINGS
from tracker.selection.capture import select_capture as choose_capture
from tracker.selection.input import BACKENDS, SWITCHED_OFF, UNAVAILABLE, input_rules_for
from tracker.selection.power import power_rules_for as rows_for_power

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.input.interface import InputBackend
    from tracker.selection.environment import Environment

#: `limited`: less than other systems have, and nothing to be done about it here.
State = Literal["ok", "limited", "attention"]

#: Where a trial shows no question to a person.
_TRIED = frozenset({"x11", "windows"})


@dataclass(frozen=True)
class Diagnosis:
    """One line. `check` and `code` are stable names, `way` that of the backend.

    `said` is a sentence of a chooser's table; where it is empty, the code has one. `facts` fill it.
    `link` leads to the place where a person can put it right.
    """

    check: str
    state: State
    code: str
    backend: str = ""
    reason: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    link: str = ""


class _DiscardingSink:
    """An `InputSink` that forgets."""

    def key(self, *, injected: bool | None = None) -> None:
        """Forget."""

    def click(self, *, injected: bool | None = None) -> None:
        """Forget."""

    def scroll(self, *, injected: bool | None = None) -> None:
        """Forget."""

    def move(self, *, injected: bool | None = None) -> None:
        """Forget."""


def diagnose(desk: Environment, *, counts: bool = True) -> tuple[Diagnosis, ...]:
    """All lines, in the order in which they are shown. May take some seconds.

    Without `counts`, because the person has switched them off, no way that counts is tried.
    """
    counting = diagnose_input(desk, counts=counts)
    return (
        Diagnosis("session", "attention" if desk.session == "none" else "ok", desk.session),
        diagnose_capture(desk),
        counting,
        diagnose_idle(counting),
        diagnose_sleep(desk),
        diagnose_clocks(),
    )


def diagnose_capture(desk: Environment) -> Diagnosis:
    """Whether pictures can be taken, and by which way."""
    choice = choose_capture(desk)
    way = choice.backend.name
    link = MAC_SETTINGS["capture"] if desk.may_capture is False else ""
    if way == "none":
        return Diagnosis("pictures", "attention", "none", way, choice.reason, link=link)
    if desk.session in _TRIED:
        try:
            choice.backend.grab(lambda: 0)
        except CaptureError as error:
            facts = {"detail": error.detail}
            return Diagnosis("pictures", "attention", "failed", way, facts=facts)
    return Diagnosis("pictures", "ok", "works", way, choice.reason)


def diagnose_input(
    desk: Environment,
    ways: Mapping[str, Callable[[Environment, str], InputBackend]] = BACKENDS,
    *,
    counts: bool = True,
) -> Diagnosis:
    """Whether input can be measured, and by which way: the first of the table that starts."""
    link = MAC_SETTINGS["listen"] if desk.may_listen is False else ""
    detail = ""
    rows = input_rules_for(desk)
    for row in rows:
        way = ways[row.backend](desk, row.reason)
        if row.backend in UNAVAILABLE:
            return Diagnosis("input", "attention", "none", way.name, row.reason, link=link)
        if not counts and way.quality == "ok":
            continue
        if desk.session in _TRIED:
            try:
                way.start(_DiscardingSink())
            except InputError as error:
                detail = detail or error.detail
                continue
            finally:
                way.stop()
        code = "counts" if way.quality == "ok" else "seconds"
        if not counts:
            # As it was wished; that there is something better is no news.
            return Diagnosis("input", "limited", "off", way.name)
        if link or detail:
            # There is a better way, and something to be done about it.
            facts = {"detail": detail} if detail else {}
            return Diagnosis("input", "attention", code, way.name, row.reason, facts, link)
        state: State = "ok" if code == "counts" else "limited"
        return Diagnosis("input", state, code, way.name, row.reason)
    if not counts and not detail:
        return Diagnosis("input", "limited", "off", reason=SWITCHED_OFF)
    return Diagnosis("input", "attention", "failed", facts={"detail": detail})


def diagnose_idle(counting: Diagnosis) -> Diagnosis:
    """Idle time is noticed by the lack of input, where input is measured."""
    if counting.backend and counting.code != "none":
        return Diagnosis("idle", "ok", "by_input", counting.backend)
    return Diagnosis("idle", "attention", "unknown")


def diagnose_sleep(desk: Environment) -> Diagnosis:
    """Who tells of locks and sleeps."""
    rows = rows_for_power(desk)
    if not rows:
        return Diagnosis("sleep", "limited", "clock_only", "clocks")
    words = " ".join(row.reason for row in rows)
    return Diagnosis("sleep", "ok", "told", ", ".join(row.backend for row in rows), words)


def diagnose_clocks() -> Diagnosis:
    """Whether the clocks that time is credited by can be read."""
    try:
        sample(SystemClock(""))
    except (OSError, AttributeError) as error:
        return Diagnosis("clocks", "attention", "failed", facts={"detail": str(error)})
    return Diagnosis("clocks", "ok", "works")
