"""A program that runs all day keeps little memory: what it is done with goes back to the system.

The C library keeps it for later, if it is not asked to let go: a heap for each thread, and in them
the tens of megabytes of a picture for the next one, ten minutes on. All of this does nothing where
glibc is not used.
"""

from __future__ import annotations

import ctypes
import sys

# mallopt(3), <malloc.h>.
_M_MMAP_THRESHOLD = -3
_M_ARENA_MAX = -8
#: Bytes from which a piece of memory is the system's own. glibc would raise it to the size of
#: a picture once one was let go, and keep twice as much.
_OWN_PIECE = 256 << 10


def use_single_arena() -> None:
    """Let all threads use one heap (mallopt(3)): they wait nearly always, and each heap of its own
    keeps what its thread once needed. Call it before there are threads.
    """
    setting = _c_function("mallopt")
    if setting is not None:
        setting(_M_ARENA_MAX, 1)
        setting(_M_MMAP_THRESHOLD, _OWN_PIECE)


def trim_heap() -> None:
    """Return unused heap to the system (malloc_trim(3))."""
    trim = _c_function("malloc_trim")
    if trim is not None:
        trim(0)


def _c_function(name: str) -> ctypes._NamedFuncPointer | None:
    """A function of glibc's own, None elsewhere."""
    if sys.platform == "linux":
        library = ctypes.CDLL(None)
        # musl has neither; what it calls `mallopt`, if it ever does, is not this one.
        if hasattr(library, "malloc_trim"):
            return getattr(library, name, None)
    return None
