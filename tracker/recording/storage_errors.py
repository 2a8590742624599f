"""Classifies errors in the engine's thread, and notifies the person once per cause."""

from __future__ import annotations

import errno
import logging

from tracker.model.status import Notice
from tracker.recording.state.events import Effect, StorageFailed, StorageRefused

_log = logging.getLogger(__name__)

_DISK_NOTICES = {
    errno.ENOSPC: "disk_full",
    errno.EDQUOT: "disk_full",
    errno.EROFS: "disk_read_only",
    errno.EACCES: "disk_read_only",
    errno.EPERM: "disk_read_only",
}
#: Disk errors that may end by themselves: a run continues meanwhile.
_DISK = frozenset({*_DISK_NOTICES.values(), "disk_error"})


class StorageErrors:
    """The disk's current error: `known` is its code, None while the disk works."""

    def __init__(self) -> None:
        self.known: str | None = None

    def clear(self) -> None:
        """The disk works."""
        self.known = None

    def event(
        self, error: Exception, *, recording: bool, owed: tuple[Effect, ...] = ()
    ) -> StorageFailed | StorageRefused:
        """The recorder's event for `error`. `recording`: a run with an open segment continues;
        `owed`: effects still to be carried out.
        """
        code = getattr(error, "code", None)  # the store's own code
        if code is None and isinstance(error, OSError):
            code = _DISK_NOTICES.get(error.errno or 0, "disk_error")
        if code is None:
            code = "engine_error"
            _log.error("the recorder failed", exc_info=error)
        elif str(code) != self.known:
            # Not the message: an OSError contains a path, and often a person's name.
            _log.warning("the disk refused: %s (%s)", code, type(error).__name__)
        code = str(code)
        known = code == self.known
        self.known = code
        if code not in _DISK:
            return StorageFailed(None if known else Notice(code))
        notice = None if known else Notice(f"run_{code}" if recording else code)
        return StorageRefused(notice, owed)
