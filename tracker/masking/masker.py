"""The person's rules at the moment of a picture: which rectangles of it are masked, or no picture.

Rules kept: nothing is guessed. Where an application's windows cannot be found, or the rules change
while the picture is taken, the whole picture is withheld and the record says `masked`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from math import ceil, floor
from typing import TYPE_CHECKING, Protocol

from tracker.capture.interface import CaptureError
from tracker.masking.rules import Rectangle, Rules

if TYPE_CHECKING:
    from tracker.capture.interface import Frame


class PositionsUnknownError(Exception):
    """Nobody can tell where an application's windows are; the text says why."""


class WindowObservation(Protocol):
    """Looks at the windows from its opening on."""

    def visible_rectangles(self) -> tuple[Rectangle, ...]:
        """Every place at which a window of the applications has been visible since then, in pixels
        of the desktop. Raises PositionsUnknownError.
        """
        ...


class WindowLocator(Protocol):
    """Knows the windows on the screen. Called from one worker thread at a time."""

    def observe(self, applications: frozenset[str]) -> AbstractContextManager[WindowObservation]:
        """Begin to look for the windows of these. Raises PositionsUnknownError, opened or not."""
        ...

    def names(self) -> tuple[str, ...]:
        """The applications with windows now, by name, never by title; none if that is unknown."""
        ...


class UnavailableLocator:
    """A desk that does not tell where windows are; `words` says so."""

    def __init__(self, words: str) -> None:
        self._words = words

    def observe(self, applications: frozenset[str]) -> AbstractContextManager[WindowObservation]:  # noqa: ARG002
        """Raises PositionsUnknownError, always."""
        raise PositionsUnknownError(self._words)

    def names(self) -> tuple[str, ...]:
        """None."""
        return ()


class Masker:
    """Holds the rules in force. `follow` may be called from any thread; the next picture, and one
    that is being taken, keep to the new rules.
    """

    def __init__(self, finder: WindowLocator, rules: Rules | None = None) -> None:
        self._finder = finder
        self._lock = threading.Lock()
        self._rules = rules or Rules()  # guarded by _lock

    @property
    def rules(self) -> Rules:
        """The rules in force."""
        with self._lock:
            return self._rules

    def apply_settings(self, rules: Rules) -> None:
        """Keep to these from now on."""
        with self._lock:
            self._rules = rules

    def take(self, grab: Callable[[], Frame]) -> tuple[Frame, tuple[Rectangle, ...]]:
        """A picture, and the rectangles of it that must be masked, in its pixels and inside it.

        Raises what `grab` raises, and CaptureError("masked").
        """
        rules = self.rules
        if rules.unreadable:
            raise CaptureError("masked", "the rules for masking cannot be read")
        frame, places = self._look(rules.applications, grab)
        self.check(rules)
        return frame, _inside(frame, (*places, *rules.regions))

    def check(self, rules: Rules) -> None:
        """Raise CaptureError("masked") unless these are still the rules."""
        if self.rules != rules:
            raise CaptureError("masked", "the rules for masking changed meanwhile")

    def _look(
        self, applications: frozenset[str], grab: Callable[[], Frame]
    ) -> tuple[Frame, tuple[Rectangle, ...]]:
        if not applications:
            return grab(), ()
        try:
            with self._finder.observe(applications) as watch:
                frame = grab()
                return frame, watch.visible_rectangles()
        except PositionsUnknownError as error:
            raise CaptureError("masked", f"windows cannot be found: {error}") from error


def _inside(frame: Frame, places: tuple[Rectangle, ...]) -> tuple[Rectangle, ...]:
    """Moved to the picture's origin, cut at its edges, each once, none within another."""
    cut: set[Rectangle] = set()
    for x, y, width, height in places:
        # Outwards: half a pixel is masked whole.
        left = max(0, floor((x - frame.left) * frame.scale))
        top = max(0, floor((y - frame.top) * frame.scale))
        right = min(frame.width, ceil((x - frame.left + width) * frame.scale))
        bottom = min(frame.height, ceil((y - frame.top + height) * frame.scale))
        if left < right and top < bottom:
            cut.add((left, top, right - left, bottom - top))
    return tuple(
        sorted(one for one in cut if not any(one != other and _holds(other, one) for other in cut))
    )


def _holds(outer: Rectangle, inner: Rectangle) -> bool:
    return (
        outer[0] <= inner[0]
        and outer[1] <= inner[1]
        and outer[0] + outer[2] >= inner[0] + inner[2]
        and outer[1] + outer[3] >= inner[1] + inner[3]
    )
