"""A picture's megabytes are given back."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# A process of its own: what this one has in its heap depends on the tests before.
PROGRAM = """
import random, re
from pathlib import Path
from tracker.capture.base import Frame
from tracker.capture.encode import encode
from tracker.capture.memory import give_back

def resident_kb():
    return int(re.search(r"VmRSS:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])

def shot():
    rows = (random.randbytes(4 * 3840) if y % 50 == 0 else bytes(4 * 3840) for y in range(2160))
    encode(Frame(3840, 2160, b"".join(rows), "all", 0))
    give_back()

shot()
before = resident_kb()
for _ in range(3):
    shot()
print(resident_kb() - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc has malloc_trim")
def test_pictures_of_a_4k_screen_leave_no_trace_in_memory() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=True
    )
    # The pixels alone are 32 MB; without giving back, about as much stays.
    assert int(done.stdout) < 8_000
