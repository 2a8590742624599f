"""A day at work.

Ana opens her diary from the tray, writes a memo and presses Start. She types and clicks in another
window over three slots and presses Stop. Her client opens the review page and sees three slots: the
pictures show her window, the counts match her input, the time adds up.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from skimage.metrics import structural_similarity

from diary.core.slots import SLOT, slot_of
from tests.desktop_fixtures.target import LETTERS, Target, random_code
from tests.desktop_fixtures.target_window import paint
from tests.desktop_fixtures.waiting import wait_for
from tests.end2end.running_system import Reviewer, RunningSystem, chromium

KEYS, CLICKS, SLOTS = 400, 60, 3
#: Pixels at the edges of the target that the client's window may cover.
EDGE = 30
MEMO = "Checkout: address form"
#: The size of the window that Ana works in.
TARGET = (900, 500)

pytestmark = pytest.mark.xdist_group("end2end-1")


def can_read(code: str, picture: Image.Image, folder: Path) -> bool:
    """Whether OCR (tesseract) reads the code in the middle of a picture.

    It may read it as a line, a word or a block: a row of letters that is no word is sometimes
    misread in one of these modes.
    """
    file = folder / "read.png"
    width, height = picture.size
    picture.crop((EDGE, height // 2 - 100, width - EDGE, height // 2 + 100)).save(file)
    for layout in ("7", "8", "6"):
        command = ["tesseract", str(file), "-", "--psm", layout]
        command += ["-c", f"tessedit_char_whitelist={LETTERS}"]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
        if "".join(done.stdout.split()) == code:
            return True
    return False


def readable_code(folder: Path) -> str:
    """A random code that OCR reads correctly in the original."""
    codes = (random_code() for _ in range(20))
    return next(code for code in codes if can_read(code, paint(code, TARGET), folder))


def similarity(one: Image.Image, other: Image.Image) -> float:
    """SSIM of two pictures of one size, in grey and without the edges."""
    width, height = one.size
    inner = (EDGE, EDGE, width - EDGE, height - EDGE)
    greys = [np.asarray(picture.crop(inner).convert("L")) for picture in (one, other)]
    return float(structural_similarity(*greys))


def is_early(now_s: int) -> bool:
    """Whether a time (Unix s) is in the first third of a slot."""
    return now_s % SLOT < SLOT // 3


def wait_until(system: RunningSystem, time_s: int) -> None:
    """Wait until it is `time_s` (Unix s) in the demo."""
    wait_for(lambda: system.demo_ms() >= time_s * 1000, timeout=120, every=0.2, what="a slot")


def test_a_day_at_work(system: RunningSystem, tmp_path: Path) -> None:
    desktop, gui = system.desktop, system.gui
    code = readable_code(tmp_path)
    system.open_client()
    target = Target(desktop, code, size=f"{TARGET[0]}x{TARGET[1]}")

    wait_for(lambda: is_early(system.demo_ms() // 1000), timeout=180, every=0.2)
    first_slot = slot_of(system.demo_ms() // 1000)
    gui.start_recording(MEMO)
    clicks_at_the_diary = gui.clicks
    gui.hide_window()
    target.focus()
    sent_before = target.counts()
    for part in range(SLOTS):
        wait_until(system, first_slot + part * SLOT)
        keys = KEYS // SLOTS + (KEYS % SLOTS if part == 0 else 0)
        target.type("".join("work "[i % 5] for i in range(keys)), delay_ms=12)
        target.click(CLICKS // SLOTS)
    received = target.wait(keys=sent_before["keys"] + KEYS, clicks=sent_before["clicks"] + CLICKS)
    assert received["keys"] - sent_before["keys"] == KEYS
    assert received["clicks"] - sent_before["clicks"] == CLICKS
    rect = target.window.rect
    independent = desktop.screenshot(area=rect)
    gui.stop_recording()
    # Hiding the window, opening it from the tray and pressing Stop are clicks like any other.
    clicks_at_the_diary = gui.clicks - clicks_at_the_diary
    system.wait_sealed("stop")
    system.wait_all_sent()

    sealed = system.sealed()
    slots = sorted({s.segment.slot for s in sealed})
    tracked = sum(s.segment.seconds for s in sealed)
    with chromium() as browser:
        client = Reviewer(browser, system.links.client)
        links = client.wait_slots(sealed[0].segment.ctr, SLOTS)
        assert len(links) == len(slots) == SLOTS
        assert client.badge() == f"Checked by the marketplace: {SLOTS} of {SLOTS}"
        assert seconds(client.total("tracked")) == tracked
        assert seconds(client.total("payable")) == tracked
        rows, pictures = [], 0
        for address in links:
            client.open_slot(address)
            assert client.page.locator("p.memo").inner_text() == MEMO
            measured = client.rows()
            level = client.page.locator("p.level strong").inner_text()
            active = sum(row.active for row in measured)
            whole = len(measured) == 10
            assert level == (str(active) if whole else f"{active}/{len(measured)}")
            rows += measured
            for picture in client.pictures():
                pictures += 1
                assert picture.size == (1920, 1080)
                seen = picture.crop(rect.box)
                assert similarity(seen, independent) >= 0.98
                assert can_read(code, seen, tmp_path)
        assert sum(row.keys for row in rows) == KEYS
        assert sum(row.clicks for row in rows) == CLICKS + clicks_at_the_diary
        assert sum(row.scrolls for row in rows) == 0
        assert pictures == sum(s.segment.pics for s in sealed)
        assert pictures >= 1


def seconds(text: str) -> int:
    """Parse `25 min 40 s`, the pages' format of exact spans."""
    units = {"h": 3600, "min": 60, "s": 1}
    parts = text.split()
    return sum(int(n) * units[unit] for n, unit in zip(parts[::2], parts[1::2], strict=True))
