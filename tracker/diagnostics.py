"""Diagnoses which backends work here; tries them where that shows no dialog.

The lines about pictures and input come from the selection tables, so that a new rule needs no
change here. The picture of a trial stays in memory and is dropped at once, like the input counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from tracker.capture.interface import CaptureError
from tracker.input.interface import InputError
from tracker.platform.clock import SystemClock, sample
from tracker.platform.macos_permissions import MAC_SETTINGS
from tracker.selection.capture import select_capture
from tracker.selection.input import BACKENDS, SWITCHED_OFF, UNAVAILABLE, input_rules_for
from tracker.selection.power import power_rules_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.input.interface import InputBackend
    from tracker.selection.environment import Environment

#: `limited`: less than on other systems, and the person cannot change it here.
State = Literal["ok", "limited", "attention"]

#: Sessions in which a trial shows no dialog.
_TRIED = frozenset({"x11", "windows"})


@dataclass(frozen=True)
class Diagnosis:
    """One line. `check`, `code` and `backend` are stable names.

    `reasons` are sentences of the selection tables; without one, the user interface has a text for
    `code` with the values of `facts`. `link` opens the system setting that the person can change.
    """

    check: str
    state: State
    code: str
    backend: str = ""
    reasons: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    link: str = ""


class _DiscardingSink:
    """An `InputSink` that discards everything."""

    def key(self, *, injected: bool | None = None) -> None:
        """Discard."""

    def click(self, *, injected: bool | None = None) -> None:
        """Discard."""

    def scroll(self, *, injected: bool | None = None) -> None:
        """Discard."""

    def move(self, *, injected: bool | None = None) -> None:
        """Discard."""


def diagnose(environment: Environment, *, counts: bool = True) -> tuple[Diagnosis, ...]:
    """All lines, in display order. May take some seconds.

    Without `counts`, because the person has switched them off, no backend that counts is tried.
    """
    counting = diagnose_input(environment, counts=counts)
    return (
        Diagnosis(
            "session", "attention" if environment.session == "none" else "ok", environment.session
        ),
        diagnose_capture(environment),
        counting,
        diagnose_idle(counting),
        diagnose_sleep(environment),
        diagnose_clocks(),
    )


def diagnose_capture(environment: Environment) -> Diagnosis:
    """Whether pictures can be taken, and by which backend."""
    choice = select_capture(environment)
    backend = choice.backend.name
    link = MAC_SETTINGS["capture"] if environment.may_capture is False else ""
    if backend == "none":
        return Diagnosis("pictures", "attention", "none", backend, (choice.reason,), link=link)
    if environment.session in _TRIED:
        try:
            choice.backend.grab(lambda: 0)
        except CaptureError as error:
            facts = {"detail": error.detail}
            return Diagnosis("pictures", "attention", "failed", backend, facts=facts)
    return Diagnosis("pictures", "ok", "works", backend, (choice.reason,))


def diagnose_input(
    environment: Environment,
    backends: Mapping[str, Callable[[Environment, str], InputBackend]] = BACKENDS,
    *,
    counts: bool = True,
) -> Diagnosis:
    """Whether input can be measured, and by which backend: the first of the table that starts."""
    link = MAC_SETTINGS["listen"] if environment.may_listen is False else ""
    detail = ""
    rules = input_rules_for(environment)
    for rule in rules:
        backend = backends[rule.backend](environment, rule.reason)
        if rule.backend in UNAVAILABLE:
            return Diagnosis("input", "attention", "none", backend.name, (rule.reason,), link=link)
        if not counts and backend.quality == "ok":
            continue
        if environment.session in _TRIED:
            try:
                backend.start(_DiscardingSink())
            except InputError as error:
                detail = detail or error.detail
                continue
            finally:
                backend.stop()
        code = "counts" if backend.quality == "ok" else "seconds"
        if not counts:
            # The person chose this, so a better backend is not reported.
            return Diagnosis("input", "limited", "off", backend.name)
        if link or detail:
            # A better backend exists, and the person can make it work.
            facts = {"detail": detail} if detail else {}
            return Diagnosis("input", "attention", code, backend.name, (rule.reason,), facts, link)
        state: State = "ok" if code == "counts" else "limited"
        return Diagnosis("input", state, code, backend.name, (rule.reason,))
    if not counts and not detail:
        return Diagnosis("input", "limited", "off", reasons=(SWITCHED_OFF,))
    return Diagnosis("input", "attention", "failed", facts={"detail": detail})


def diagnose_idle(counting: Diagnosis) -> Diagnosis:
    """Whether idle time is detected: by the lack of input, where input is measured."""
    if counting.backend and counting.code != "none":
        return Diagnosis("idle", "ok", "by_input", counting.backend)
    return Diagnosis("idle", "attention", "unknown")


def diagnose_sleep(environment: Environment) -> Diagnosis:
    """Which sources report lock and sleep."""
    rules = power_rules_for(environment)
    if not rules:
        return Diagnosis("sleep", "limited", "clock_only", "clocks")
    backends = ", ".join(rule.backend for rule in rules)
    reasons = tuple(rule.reason for rule in rules)
    return Diagnosis("sleep", "ok", "reported", backends, reasons)


def diagnose_clocks() -> Diagnosis:
    """Whether the clocks that count time can be read."""
    try:
        sample(SystemClock(""))
    except (OSError, AttributeError) as error:
        return Diagnosis("clocks", "attention", "failed", facts={"detail": str(error)})
    return Diagnosis("clocks", "ok", "works")
