"""The memory of a picture is returned to the system."""

from __future__ import annotations

import platform
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.desktop_fixtures.appwindow import Application
from tests.desktop_fixtures.x11 import Rect

if TYPE_CHECKING:
    from tests.desktop_fixtures.desktop import Desktop

ROOT = Path(__file__).resolve().parents[3]

# A new process: this one's heap depends on earlier tests.
PROGRAM = """
import random, re
from pathlib import Path
from tracker.capture.interface import Frame
from tracker.capture.encode import encode
from tracker.platform.heap import trim_heap

def resident_kb():
    return int(re.search(r"VmRSS:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])

def shot():
    rows = (random.randbytes(4 * 3840) if y % 50 == 0 else bytes(4 * 3840) for y in range(2160))
    encode(Frame(3840, 2160, b"".join(rows), "all", 0))
    trim_heap()

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
    # The pixels alone take 32 MB; without trimming about as much would stay.
    assert int(done.stdout) < 8_000


# Concurrent threads have a heap each unless they share one.
HEAPS = """
import ctypes, os, tempfile, threading
from tracker.platform.heap import use_single_arena

use_single_arena()
libc = ctypes.CDLL(None)
meeting = threading.Barrier(9)

def use():
    pieces = [os.urandom(20_000) for _ in range(50)]
    meeting.wait()

threads = [threading.Thread(target=use) for _ in range(8)]
for thread in threads:
    thread.start()
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "heaps")
    libc.fopen.restype = ctypes.c_void_p
    file = ctypes.c_void_p(libc.fopen(path.encode(), b"w"))
    assert libc.malloc_info(0, file) == 0
    libc.fclose(file)
    with open(path) as report:
        print(report.read().count("<heap nr="))
meeting.wait()
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc gives each thread a heap")
def test_all_threads_use_single_arena() -> None:
    def heaps(program: str) -> int:
        done = subprocess.run(
            [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
        )
        return int(done.stdout)

    assert heaps(HEAPS) == 1
    assert heaps(HEAPS.replace("\nuse_single_arena()", "")) > 1


# The whole path from the screen to the bytes for the disk, with libraries loaded before.
WALL = """
import io, re
from pathlib import Path
import mss
from PIL import Image, WebPImagePlugin
from tracker.recording.picture_worker import PictureWorker
from tracker.capture import encode
from tracker.capture.backends.mss_screen import MssCapture
from tracker.platform.clock import ClockMapping
from tracker.recording.state.events import PictureTaken, TakePicture
from tracker.recording.unwritten_pictures import UnwrittenPictures

def peak_kb():
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])

class Memory:
    def put_blob(self, data):
        return str(len(data))
    def drop_blob(self, sha):
        pass

class Clock:
    def uptime_ms(self):
        return 0

Image.new("RGB", (8, 8)).save(io.BytesIO(), "WEBP")
before = peak_kb()
worker = PictureWorker(MssCapture(), UnwrittenPictures(Memory()), Clock())
taken, problem = worker.take(TakePicture("", 0, ClockMapping(0)))
assert isinstance(taken, PictureTaken), (taken, problem)
print(taken.picture.w, taken.picture.h, peak_kb() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has an X session")
def test_a_wall_of_four_4k_screens_needs_no_more_than_three_times_its_pixels(
    bare_x: Callable[..., Desktop],
) -> None:
    desktop = bare_x("3840x2160,3840x2160,3840x2160,3840x2160")
    with Application(desktop, "Wall") as application:
        for index in range(40):
            rect = Rect(300 * index + 7, 31 * index, 290, 900)
            application.window(f"#{index:02x}8844", rect, popup=True)
        done = subprocess.run(
            [sys.executable, "-c", WALL],
            cwd=ROOT,
            env={**desktop.env},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    width, height, peak_kb = (int(word) for word in done.stdout.split())
    assert (width, height) == (15360, 2160)
    assert peak_kb * 1024 <= 3 * 4 * width * height
