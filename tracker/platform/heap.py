"""Returns unused memory to the system, for a program that runs all day.

glibc keeps freed memory: one heap per thread, and the tens of megabytes of a picture until the next
one ten minutes later. The functions do nothing without glibc.
"""

from __future__ import annotations

import ctypes
import sys

# mallopt(3), <malloc.h>.
_M_MMAP_THRESHOLD = -3
_M_ARENA_MAX = -8
#: Allocations of at least this many bytes get their own mapping. glibc would raise the limit to a
#: picture's size once one is freed, and then keep two of them.
_OWN_PIECE = 256 << 10


def use_single_arena() -> None:
    """Let all threads use one heap (mallopt(3)): they rarely allocate at the same time, and each
    separate heap keeps its peak. Call it before other threads start.
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
    """A glibc function, None without glibc."""
    if sys.platform == "linux":
        library = ctypes.CDLL(None)
        # musl has neither; a later `mallopt` of musl may differ.
        if hasattr(library, "malloc_trim"):
            return getattr(library, name, None)
    return None
