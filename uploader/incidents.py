"""Incidents to show to the user: events of this run, and current facts.

An event is reported once. A fact is held until it is cleared; each code has one fact, which a later
one replaces.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

from uploader.errors import Problem


@dataclass(frozen=True)
class Incident:
    """An event or a fact. `params` are the numbers of its sentence, sorted by their names."""

    code: Problem
    detail: str
    params: tuple[tuple[str, int], ...] = ()


class IncidentList:
    """The events and the facts of one run. Methods may be called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()  # guards the next two
        self._events: list[Incident] = []
        self._facts: dict[Problem, Incident] = {}

    def report(self, code: Problem, detail: str) -> None:
        """Report an event. A repetition is ignored."""
        incident = Incident(code, detail)
        with self._lock:
            if incident not in self._events:
                self._events.append(incident)

    def hold(self, code: Problem, detail: str = "", **params: int) -> None:
        """Set a fact; it replaces the earlier one of the same code."""
        incident = Incident(code, detail, tuple(sorted(params.items())))
        with self._lock:
            self._facts[code] = incident

    def clear(self, code: Problem) -> None:
        """Remove a fact."""
        with self._lock:
            self._facts.pop(code, None)

    def events(self) -> tuple[Incident, ...]:
        """The reported events, oldest first."""
        with self._lock:
            return tuple(self._events)

    def facts(self) -> tuple[Incident, ...]:
        """The current facts, sorted by their codes."""
        with self._lock:
            return tuple(self._facts[code] for code in sorted(self._facts))
