"""What a way to count input must do, and what it may tell.

Rule kept: a backend tells only that something happened. No key, no text, no title, no place of the
pointer crosses this interface; what is not counted is never kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from diary.core.vocabulary import InputQuality


class InputError(Exception):
    """Input cannot be counted, and why; `detail` is a sentence for the log and the doctor."""

    def __init__(self, quality: Literal["unavailable", "denied"], detail: str) -> None:
        super().__init__(f"{quality}: {detail}")
        self.quality: InputQuality = quality
        self.detail = detail


class InputSink(Protocol):
    """Takes what happened. Called from the backend's threads; must return at once.

    `injected`: whether a program made the event, None where the platform cannot tell.
    """

    def key(self, *, injected: bool | None = None) -> None:
        """A key went down; one that is held down is told once."""
        ...

    def click(self, *, injected: bool | None = None) -> None:
        """A button of the pointer went down."""
        ...

    def scroll(self, *, injected: bool | None = None) -> None:
        """A notch of the wheel, or a step of a touchpad."""
        ...

    def move(self, *, injected: bool | None = None) -> None:
        """The pointer moved."""
        ...


class InputBackend(Protocol):
    """One way to count. `start` and `stop` belong to one thread and may follow each other.

    `quality` is what it gives while it is alive; "active-only" tells seconds of activity as moves.
    """

    @property
    def name(self) -> str:
        """The way's own name."""
        ...

    @property
    def quality(self) -> InputQuality:
        """See above."""
        ...

    def start(self, sink: InputSink) -> None:
        """Begin; every event after the return is counted. Raises InputError."""
        ...

    def stop(self) -> None:
        """End; no event is told after the return. Does nothing when not started."""
        ...

    def alive(self) -> bool:
        """Whether it does what its quality says; False once a listener has failed."""
        ...
