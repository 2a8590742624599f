"""A picture's tens of megabytes go back to the system once it is done with.

The C library keeps them for the next picture, ten minutes later, if it is not asked to let go.
"""

from __future__ import annotations

import ctypes
import sys


def give_back() -> None:
    """Return unused heap to the system (malloc_trim(3)); does nothing where glibc is not used."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
