"""Ana opens a picture before its upload and covers a part of it; she deletes one by mistake."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest
from PIL import Image

from tests.desktop_fixtures.target import Target
from tests.desktop_fixtures.waiting import wait_for
from tests.desktop_fixtures.x11 import Window
from tests.end2end.running_system import RunningSystem
from tracker.capture.encode import MASK

pytestmark = pytest.mark.xdist_group("end2end-2")

T = TypeVar("T")
TOAST, REVIEW = "Picture taken", "Picture "
#: From the toast's corner to its picture; from the lower corners of the review window to Delete, in
#: whose place Undo appears, and to Keep.
_THUMB, _DELETE, _KEEP = (60, 40), (60, -28), (-60, -28)
#: Half of the drag, around the middle of the review window.
_HALF = (100, 60)


class PictureReview:
    """Ana at her computer; `target` is the window in which she works."""

    def __init__(self, system: RunningSystem) -> None:
        self.system = system
        self.desktop = system.desktop
        system.open_client()
        # Before the start: a picture may be due in its first second, and must show the window.
        self.target = Target(self.desktop, "WORK")
        system.gui.start_recording("Reviewing pictures")
        system.gui.hide_window()
        self.target.focus()

    def wait_working(self, seen: Callable[[], T | None], what: str) -> T:
        """Type until `seen` returns a value; returns that value."""

        def look() -> T | None:
            self.target.type("x")
            return seen()

        return wait_for(look, timeout=100, every=0.5, what=what)

    def windows(self) -> list[Window]:
        return [w for w in self.desktop.windows(REVIEW) if w.name[len(REVIEW)].isdigit()]

    def open(self) -> Window:
        """Click the picture in its toast."""
        self.wait_working(lambda: self.desktop.windows(TOAST), "a picture's toast")
        corner = self.desktop.windows(TOAST)[0].rect
        self.desktop.click(corner.x + _THUMB[0], corner.y + _THUMB[1])
        window = wait_for(lambda: next(iter(self.windows()), None), what="the review window")
        wait_for(lambda: self._shows_screen(window), what="the picture in its window")
        return self.desktop.x.window(window.id)

    def _shows_screen(self, window: Window) -> bool:
        """Whether the middle of the window has the many colours of a screen."""
        area = self.desktop.x.window(window.id).rect
        middle = self.desktop.screenshot(area=area).crop(
            (area.width // 4, area.height // 4, area.width * 3 // 4, area.height * 3 // 4)
        )
        return len(middle.getcolors(1 << 20) or []) > 20

    def click(self, window: Window, offset: tuple[int, int]) -> None:
        """Click at an offset from the window's lower left corner, or lower right if negative."""
        rect = window.rect
        x = rect.x + offset[0] + (rect.width if offset[0] < 0 else 0)
        self.desktop.click(x, rect.y + rect.height + offset[1])

    def finish(self) -> None:
        self.system.wait_mid_slot()
        self.system.stop_recording()
        self.system.wait_all_sent()

    def opened_files(self, window: Window) -> tuple[Path, Path]:
        """The stored picture in the window, and its thumbnail, once the journal names them."""
        minute = window.name.removeprefix(REVIEW)[:5]
        return self.wait_working(lambda: self._files_of(minute), "the picture in the journal")

    def _files_of(self, minute: str) -> tuple[Path, Path] | None:
        """The files of the picture of a minute, as in 15:14. On a slow machine others wait too."""
        (store,) = self.system.state_folder.glob("*/blobs")
        found = []
        for record in store.parent.glob("journal/stretch.*"):
            content = json.loads(record.read_text().partition("\n")[2] or "{}")
            found += [
                each["shot"]
                for each in content.get("pictures", ())
                if f"{datetime.fromtimestamp(int(each['at']) / 1000, UTC):%H:%M}" == minute
            ]
        if not found:
            return None
        (shot,) = found
        return store / shot["sha256"], store / shot["thumb"]["sha256"]

    def journaled(self, file: Path) -> bool:
        """Whether a record of the journal names the file."""
        records = (self.system.folder / "client").glob("*/journal/*")
        return any(file.name in record.read_text() for record in records)


def test_a_covered_area_never_leaves_the_computer(system: RunningSystem) -> None:
    ana = PictureReview(system)
    window = ana.open()
    before = ana.opened_files(window)
    x, y = window.rect.centre
    across, down = _HALF
    ana.desktop.xdotool("mousemove", str(x - across), str(y - down), "mousedown", "1")
    ana.desktop.xdotool("mousemove", str(x + across), str(y + down), "mouseup", "1")
    ana.click(window, _KEEP)
    wait_for(lambda: not ana.windows(), what="the window to close")
    wait_for(lambda: not any(f.exists() for f in before), what="the end of the uncovered files")
    ana.finish()
    (covered,) = (
        shot for each in system.sealed() for shot in each.pictures.values() if shot.redacted
    )
    ((left, top, width, height),) = covered.redacted
    assert width > across
    assert height > down
    for blob in (covered.blob, covered.thumb):
        (path,) = (system.folder / "client").glob(f"*/blobs/{blob.sha256}")
        picture = Image.open(path).convert("RGB")
        place = (
            (left + width // 2) * picture.width // covered.w,
            (top + height // 2) * picture.height // covered.h,
        )
        pixel = picture.getpixel(place)
        assert isinstance(pixel, tuple)
        assert all(abs(a - b) <= 12 for a, b in zip(pixel, MASK, strict=True))


def test_a_deletion_is_undone_with_picture_and_time(system: RunningSystem) -> None:
    ana = PictureReview(system)
    window = ana.open()
    picture, _ = ana.opened_files(window)
    ana.click(window, _DELETE)
    wait_for(lambda: not ana.journaled(picture), what="the deletion")
    assert picture.exists()
    ana.click(window, _DELETE)
    wait_for(lambda: ana.journaled(picture), what="the return of the picture")
    ana.click(window, _KEEP)
    wait_for(lambda: not ana.windows(), what="the window to close")
    ana.finish()
    shown = {shot.blob.sha256 for each in system.sealed() for shot in each.pictures.values()}
    assert picture.name in shown
