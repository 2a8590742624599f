"""The backend where input cannot be counted: reports that, and counts nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from diary.core.vocabulary import InputQuality
    from tracker.input.interface import InputSink


class UnavailableInput:
    """Starts without an error, so that time is recorded where input cannot be counted."""

    name = "none"

    def __init__(self, quality: Literal["unavailable", "denied"], detail: str) -> None:
        self.quality: InputQuality = quality
        self.detail = detail

    def start(self, sink: InputSink) -> None:
        """Reports nothing to `sink`."""

    def stop(self) -> None:
        """Does nothing."""

    def alive(self) -> bool:
        """Always True: nothing can fail."""
        return True
