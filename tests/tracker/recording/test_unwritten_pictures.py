"""Pictures that the disk refused stay in memory, up to a limit."""

from __future__ import annotations

import errno

import pytest

from tests.tracker.machine import Machine
from tracker.recording.unwritten_pictures import UnwrittenPictures


def test_pictures_in_memory_are_bounded() -> None:
    m = Machine()
    m.disk.fail = OSError(errno.ENOSPC, "full")
    held = UnwrittenPictures(m.disk, limit_bytes=100)
    sha, refusal = held.put(b"x" * 60)
    assert refusal is m.disk.fail
    # The same picture again takes no further memory.
    assert held.put(b"x" * 60) == (sha, refusal)
    with pytest.raises(OSError, match="full"):
        held.put(b"y" * 41)
    held.put(b"y" * 40)
    with pytest.raises(OSError, match="full"):
        held.flush([sha])
    m.disk.fail = None
    held.flush([sha, "no such picture"])
    assert m.disk.blobs == {sha: b"x" * 60}
    assert held.put(b"z" * 41)[1] is None
