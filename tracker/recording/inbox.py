"""The items of the engine's inbox besides the recorder's events."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from tracker.recording.state.events import Event


class Close:
    """Closes the engine; the last item."""


@dataclass(frozen=True)
class Refusal:
    """The disk had no room for a picture."""

    error: OSError


@dataclass(frozen=True)
class Drain:
    """A caller waits until everything before it is done."""

    done: threading.Event


Item = Event | Refusal | Drain | Close
