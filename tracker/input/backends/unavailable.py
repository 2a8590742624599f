"""Where input cannot be counted: says so, and counts nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from diary.core.vocabulary import InputQuality
    from tracker.input.interface import InputSink


class UnavailableInput:
    """Starts without an error, so that time is measured where input is not."""

    name = "none"

    def __init__(self, quality: Literal["unavailable", "denied"], detail: str) -> None:
        self.quality: InputQuality = quality
        self.detail = detail

    def start(self, sink: InputSink) -> None:
        """Nothing will ever be told to `sink`."""

    def stop(self) -> None:
        """Nothing to end."""

    def alive(self) -> bool:
        """True: there is nothing that could fail."""
        return True
