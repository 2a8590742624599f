"""One picture from the screen to the synced file, compared with a JPEG by Pillow.

The screen is an X server started by the tests' desktop fixture. It shows text, a photograph-like
part and plain parts. Likeness is the SSIM of the part with text.
"""

from __future__ import annotations

import io
import os
import random
import resource
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from skimage.metrics import structural_similarity

from benchmarks.measure import ROUNDS, Figure, compare
from diary.formats.encoding import digest
from tests.desktop_fixtures.desktop import Desktop
from tracker.capture.backends.mss_screen import MssCapture
from tracker.capture.encode import encode
from tracker.capture.picture_helper import HelperCapture
from tracker.platform.clock import ClockMapping
from tracker.platform.heap import trim_heap
from tracker.recording.picture_worker import PictureWorker
from tracker.recording.state.events import PictureTaken, TakePicture
from tracker.recording.unwritten_pictures import UnwrittenPictures
from uploader.store.state_folder import StateFolder

SIZES = ((1920, 1080), (3840, 2160))
#: Seconds of one frame at 60 Hz.
FRAME_S = 0.016


def test_image(width: int, height: int) -> Image.Image:
    """An editor on the left, whose text is compared; on the right a picture and a page."""
    picture = Image.new("RGB", (width, height), "#fafaf8")
    draw = ImageDraw.Draw(picture)
    font = ImageFont.truetype("DejaVuSansMono.ttf", 13)
    words = (
        "total",
        "row",
        "amount",
        "booked",
        "return",
        "for",
        "if",
        "not",
        "in",
        "class",
        "self",
    )
    choose = random.Random(1)  # noqa: S311 - the same picture each time
    draw.rectangle((0, 0, width // 2, height), "#1d1f21")
    for line in range(0, height, 18):
        text = " ".join(choose.choices(words, k=width // 110))
        draw.text((8, line), text, choose.choice(("#c5c8c6", "#81a2be", "#b5bd68")), font)
        draw.text((width // 2 + 20, line), text[: width // 25], "#1d1f1e", font)
    photo = Image.effect_noise((width // 16, height // 16), 90).resize((width // 4, height // 3))
    picture.paste(photo.convert("RGB"), (width * 3 // 4, height // 2))
    return picture


class PictureStore:
    """Stores only pictures, in files like the outbox."""

    def __init__(self, folder: StateFolder) -> None:
        self.folder = folder

    def put_blob(self, data: bytes) -> str:
        """See `diary.interfaces.Store`."""
        sha = digest(data)
        self.folder.write(f"blobs/{sha}", data)
        return sha

    def drop_blob(self, sha: str) -> None:
        """See `diary.interfaces.Store`."""
        self.folder.remove(f"blobs/{sha}")


class Clock:
    """Implements only the uptime."""

    def uptime_ms(self) -> int:
        """See `diary.interfaces.Clock`."""
        return time.monotonic_ns() // 1_000_000


@contextmanager
def screen(width: int, height: int) -> Iterator[None]:
    """A display of that size that shows `test_image`; DISPLAY names it during the block."""
    with Desktop(f"{width}x{height}", session=False, window_manager=False, tray="none") as desktop:
        root: Any = desktop.x.root
        pixmap = root.create_pixmap(width, height, 24)
        pixmap.put_pil_image(pixmap.create_gc(), 0, 0, test_image(width, height))
        root.change_attributes(background_pixmap=pixmap)
        root.clear_area(0, 0, 0, 0)
        desktop.x.connection.sync()
        before = os.environ.get("DISPLAY")
        os.environ["DISPLAY"] = desktop.display
        try:
            yield
        finally:
            if before is None:
                del os.environ["DISPLAY"]
            else:
                os.environ["DISPLAY"] = before


def shot(width: int, height: int) -> list[Figure]:
    """The figures of one size of screen."""
    with tempfile.TemporaryDirectory() as name, StateFolder(Path(name), "bench") as folder:
        camera = PictureWorker(HelperCapture(), UnwrittenPictures(PictureStore(folder)), Clock())  # type: ignore[arg-type]

        def ours() -> None:
            taken, _ = camera.take(TakePicture("", 0, ClockMapping(0)))
            assert isinstance(taken, PictureTaken), taken
            camera.discard(taken)

        def reference() -> None:
            folder.write("reference", _jpeg(_pixels()))
            trim_heap()

        with screen(width, height):
            wall, wall_reference = compare(ours, reference)
            busy, busy_reference = _cpu(ours), _cpu(reference)
            stall = _longest_stall(ours)
            still = _longest_stall(lambda: time.sleep(wall))
            frame, pixels = MssCapture().grab(lambda: 0), _pixels()
    encoded, jpeg = encode(frame), _jpeg(pixels)
    likeness, likeness_jpeg = (_likeness(pixels, data) for data in (encoded.data, jpeg))
    size = f"{width}x{height}"
    against = "Pillow's JPEG, quality 85, 4:4:4"
    return [
        Figure(f"one picture of {size}", "screen to durable", wall, wall_reference, against, None),
        Figure(
            f"its CPU time, {size}",
            "with the thumbnail and the helper",
            busy,
            busy_reference,
            against,
            None,
        ),
        Figure(
            f"its size, {size}",
            f"SSIM of text {likeness:.4f}, JPEG {likeness_jpeg:.4f}",
            len(encoded.data),
            len(jpeg),
            against,
            0.55,
            unit="kB",
        ),
        Figure(
            f"longest pause of Qt's event loop meanwhile, {size}",
            f"{still * 1000:.1f} ms without a picture",
            stall,
            FRAME_S,
            "one frame at 60 Hz",
            1.0,
        ),
    ]


def _pixels() -> Image.Image:
    frame = MssCapture().grab(lambda: 0)
    return Image.frombuffer("RGB", (frame.width, frame.height), frame.bgrx, "raw", "BGRX", 0, 1)


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85, subsampling=0)
    return out.getvalue()


def _likeness(picture: Image.Image, data: bytes) -> float:
    box = (0, 0, picture.width // 2, picture.height)
    both = (picture, Image.open(io.BytesIO(data)))
    grey = [np.asarray(one.convert("RGB").crop(box).convert("L")) for one in both]
    return float(structural_similarity(*grey))  # type: ignore[no-untyped-call]


def _cpu(work: Callable[[], None]) -> float:
    begin = _ran_s()
    for _ in range(ROUNDS):
        work()
    return (_ran_s() - begin) / ROUNDS


def _ran_s() -> float:
    """CPU time of this process and of its helpers that have ended."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def _longest_stall(work: Callable[[], None]) -> float:
    """The longest pause of a Qt event loop while `work` runs on another thread, in seconds; the
    median of several rounds.
    """
    from PySide6.QtCore import QCoreApplication, QTimer

    app = QCoreApplication.instance() or QCoreApplication([])
    longest = []
    for _ in range(ROUNDS):
        turns: list[float] = []
        timer = QTimer()
        timer.timeout.connect(lambda turns=turns: turns.append(time.perf_counter()))
        timer.start(1)
        thread = threading.Thread(target=work)
        thread.start()
        while thread.is_alive():
            app.processEvents()
            # A waiting loop sleeps as well.
            time.sleep(0.0005)
        timer.stop()
        longest.append(max(b - a for a, b in pairwise(turns)))
    return sorted(longest)[len(longest) // 2]


def figures() -> list[Figure]:
    """All figures of this module."""
    return [figure for size in SIZES for figure in shot(*size)]
