"""The recorder's effects that the engine has not carried out yet."""

from __future__ import annotations

from collections.abc import Iterable

from tracker.model.status import Notice, NoticeCode
from tracker.recording.state.events import Effect, Notify, TakePicture
from tracker.recording.state.open_segment import OpenSegment


class EffectQueue:
    """Effects in the order of their decision."""

    def __init__(self) -> None:
        self._effects: list[Effect] = []

    def add(self, effects: Iterable[Effect]) -> None:
        """Append effects."""
        self._effects += effects

    def notify(self, code: NoticeCode, **params: int) -> None:
        """Append a notice."""
        self._effects.append(Notify(Notice(code, params)))

    def cancel_captures(self, segment: OpenSegment) -> None:
        """Remove the segment's captures: none may start after its end."""
        kept: list[Effect] = []
        for effect in self._effects:
            if isinstance(effect, TakePicture) and effect.segment_id == segment.id:
                del segment.requested[effect.due]
            else:
                kept.append(effect)
        self._effects = kept

    def take(self) -> list[Effect]:
        """Return all effects and empty the queue."""
        effects, self._effects = self._effects, []
        return effects
