"""The interface of the sources that report why previews of pictures must be hidden.

A source is asked when a picture is about to be shown, on a worker's thread, and again while it is
shown. Rule kept: a source that cannot answer counts as a reason (`UNKNOWN`); one whose service is
not on this desktop does not.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Protocol

_log = logging.getLogger(__name__)


class QuietReason(StrEnum):
    """Why previews are hidden now."""

    SHARED = "shared"  # a program receives the screen
    FULL_SCREEN = "full-screen"  # another program fills a screen
    DO_NOT_DISTURB = "do-not-disturb"  # the person has switched it on
    UNKNOWN = "unknown"  # a source did not answer


class QuietSource(Protocol):
    """A source. Called from one worker thread."""

    name: str

    def reasons(self) -> frozenset[QuietReason]:
        """The reasons now; takes some seconds at most. May raise any error."""
        ...


class QuietProbe:
    """Asks all sources. `select` makes them at the first question."""

    def __init__(self, select: Callable[[], Sequence[QuietSource]]) -> None:
        self._select = select
        self._sources: Sequence[QuietSource] | None = None

    def find(self) -> frozenset[QuietReason]:
        """The reasons of all sources now. Never raises."""
        try:
            if self._sources is None:
                self._sources = self._select()
        except Exception:  # noqa: BLE001 - the preview stays hidden
            _log.exception("the sources of quiet mode could not be found")
            return frozenset({QuietReason.UNKNOWN})
        return frozenset(reason for source in self._sources for reason in _asked(source))


def _asked(source: QuietSource) -> frozenset[QuietReason]:
    try:
        return source.reasons()
    except Exception as error:  # noqa: BLE001 - the preview stays hidden
        _log.info("quiet mode: %s did not answer: %s", source.name, error)
        return frozenset({QuietReason.UNKNOWN})
