"""What a person should hear of: events of this run, and facts that hold now.

An event is told once. A fact is set while it holds and cleared when it holds no longer; each fact
has one place, named by its code, so that a later statement replaces the earlier one.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

from uploader.errors import Problem


@dataclass(frozen=True)
class Incident:
    """Something that was found and dealt with, or that holds. `params` fill the sentence: numbers
    by their names, ascending.
    """

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
        """Note an event; the same one again is not told again."""
        trouble = Incident(code, detail)
        with self._lock:
            if trouble not in self._events:
                self._events.append(trouble)

    def hold(self, code: Problem, detail: str = "", **params: int) -> None:
        """A fact holds; it replaces what was said under its code before."""
        trouble = Incident(code, detail, tuple(sorted(params.items())))
        with self._lock:
            self._facts[code] = trouble

    def clear(self, code: Problem) -> None:
        """A fact holds no longer."""
        with self._lock:
            self._facts.pop(code, None)

    def events(self) -> tuple[Incident, ...]:
        """What was reported, oldest first."""
        with self._lock:
            return tuple(self._events)

    def facts(self) -> tuple[Incident, ...]:
        """What holds now, in the order of the codes' names."""
        with self._lock:
            return tuple(self._facts[code] for code in sorted(self._facts))
