"""The interface of input backends.

Rule kept: a backend reports only that an event happened. No key, text, title or pointer position
crosses this interface; what is not counted is never stored.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from diary.core.vocabulary import InputQuality


class InputError(Exception):
    """Input cannot be counted; `detail` is a sentence for the log and `workdiary doctor`."""

    def __init__(self, quality: Literal["unavailable", "denied"], detail: str) -> None:
        super().__init__(f"{quality}: {detail}")
        self.quality: InputQuality = quality
        self.detail = detail


class InputSink(Protocol):
    """Receives events. Called from the backend's threads; must return at once.

    `injected`: whether a program generated the event, None where the platform cannot distinguish.
    """

    def key(self, *, injected: bool | None = None) -> None:
        """A key was pressed; a held key is reported once."""
        ...

    def click(self, *, injected: bool | None = None) -> None:
        """A pointer button was pressed."""
        ...

    def scroll(self, *, injected: bool | None = None) -> None:
        """A notch of the wheel, or a step of a touchpad."""
        ...

    def move(self, *, injected: bool | None = None) -> None:
        """The pointer moved."""
        ...


class InputBackend(Protocol):
    """Counts input. `start` and `stop` belong to one thread and may alternate.

    `quality` holds while the backend is alive; with "active-only" it reports seconds of activity as
    moves.
    """

    @property
    def name(self) -> str:
        """The backend's name."""
        ...

    @property
    def quality(self) -> InputQuality:
        """See above."""
        ...

    def start(self, sink: InputSink) -> None:
        """Start; every event after the return is counted. Raises InputError."""
        ...

    def stop(self) -> None:
        """Stop; no event is reported after the return. Does nothing when not started."""
        ...

    def alive(self) -> bool:
        """Whether it works with its quality; False once a listener has failed."""
        ...
