"""Applies the person's rules to a picture: which rectangles are masked, or no picture at all.

Rule kept: nothing is guessed. Where an application's windows cannot be found, or the rules change
during the capture, the whole picture is withheld and the record states `masked`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from math import ceil, floor
from typing import TYPE_CHECKING, Protocol, TypeVar

from tracker.capture.interface import CaptureError
from tracker.masking.region import outside
from tracker.masking.rules import Rectangle, Rules

if TYPE_CHECKING:
    from tracker.capture.interface import FrameGeometry


#: Most rectangles around the allowed windows: with their disclosures, three pictures stay far below
#: the 64 kB of a segment, and the person can cover more.
_LONGEST = 60

_FrameT = TypeVar("_FrameT", bound="FrameGeometry")


class PositionsUnknownError(Exception):
    """The positions of an application's windows are unknown; the text is the reason."""


class WindowObservation(Protocol):
    """Observes windows from the time it is opened."""

    def visible_rectangles(self) -> tuple[Rectangle, ...]:
        """Every area in which a window of the applications has been visible since the opening, in
        pixels of the desktop. Raises PositionsUnknownError.
        """
        ...

    def allowed_area(self) -> list[Rectangle]:
        """The area in which only windows of the allowed applications have been visible since the
        opening, in pixels of the desktop, without overlaps. Raises PositionsUnknownError.
        """
        ...


class WindowLocator(Protocol):
    """Finds windows on the screen. Called from one worker thread at a time."""

    def observe(
        self, applications: frozenset[str], allowed: frozenset[str] | None = None
    ) -> AbstractContextManager[WindowObservation]:
        """Start to observe the windows of these applications, and those of the allowed ones if
        there is such a list. The call and the opening raise PositionsUnknownError.
        """
        ...

    def names(self) -> tuple[str, ...]:
        """Names of the applications with windows now, no titles; empty if unknown."""
        ...


class UnavailableLocator:
    """For desktops that do not report where windows are; `reason` is the sentence for the log."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    def observe(
        self,
        applications: frozenset[str],  # noqa: ARG002
        allowed: frozenset[str] | None = None,  # noqa: ARG002
    ) -> AbstractContextManager[WindowObservation]:
        """Raise PositionsUnknownError."""
        raise PositionsUnknownError(self._reason)

    def names(self) -> tuple[str, ...]:
        """Return no names: they are unknown."""
        return ()


class Masker:
    """Holds the rules in force. `apply_settings` may be called from any thread; the new rules apply
    to the next picture and to one that is being taken.
    """

    def __init__(self, locator: WindowLocator, rules: Rules | None = None) -> None:
        self._locator = locator
        self._lock = threading.Lock()
        # Guarded by the lock: the rules for every contract, and the further ones of some.
        self._rules = rules or Rules()
        self._contracts: Mapping[str, Rules] = {}

    def rules(self, ctr: str = "") -> Rules:
        """The rules in force for pictures of this contract; "" for those of none."""
        with self._lock:
            further = self._contracts.get(ctr)
            return self._rules if further is None else self._rules.with_contract(further)

    def apply_settings(self, rules: Rules, contracts: Mapping[str, Rules] | None = None) -> None:
        """Use these rules from now on, and the further ones for pictures of their contracts."""
        with self._lock:
            self._rules, self._contracts = rules, dict(contracts or {})

    def take(
        self, grab: Callable[[], _FrameT], ctr: str = ""
    ) -> tuple[_FrameT, tuple[Rectangle, ...]]:
        """A picture, and the rectangles of it that must be masked, in its pixels and inside it.

        Raises what `grab` raises, and CaptureError("masked").
        """
        rules = self.rules(ctr)
        if rules.unreadable:
            raise CaptureError("masked", "the rules for masking cannot be read")
        frame, areas = self._observe(rules, grab)
        self.check(rules, ctr)
        return frame, _inside(frame, (*areas, *rules.regions))

    def check(self, rules: Rules, ctr: str = "") -> None:
        """Raise CaptureError("masked") unless these are still the rules of the contract."""
        if self.rules(ctr) != rules:
            raise CaptureError("masked", "the rules for masking changed meanwhile")

    def _observe(
        self, rules: Rules, grab: Callable[[], _FrameT]
    ) -> tuple[_FrameT, tuple[Rectangle, ...]]:
        if not rules.applications and rules.allowed is None:
            return grab(), ()
        try:
            with self._locator.observe(rules.applications, rules.allowed) as observation:
                frame = grab()
                areas = observation.visible_rectangles()
                if rules.allowed is None:
                    return frame, areas
                rest = outside(observation.allowed_area(), _desktop_of(frame), _LONGEST)
                return frame, (*areas, *rest)
        except PositionsUnknownError as error:
            raise CaptureError("masked", f"windows cannot be found: {error}") from error


def _desktop_of(frame: FrameGeometry) -> Rectangle:
    """The part of the desktop that a picture shows."""
    return (
        frame.left, frame.top, ceil(frame.width / frame.scale), ceil(frame.height / frame.scale)
    )  # fmt: skip


def _inside(frame: FrameGeometry, areas: tuple[Rectangle, ...]) -> tuple[Rectangle, ...]:
    """The areas relative to the picture, clipped to it, without duplicates and contained ones."""
    cut: set[Rectangle] = set()
    for x, y, width, height in areas:
        # Rounded outwards: half a pixel is masked as a whole one.
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
