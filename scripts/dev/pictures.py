"""`make pictures`: takes the pictures in docs/images from the running product.

It starts a demo on a throw-away desktop with a scripted user. Every picture is a part of the real
screen or a page in a real Chromium.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from scripts.dev.gui_driver import GuiDriver
from scripts.dev.processes import ClientProcess, Links, MarketplaceProcess
from scripts.dev.sample_windows import EDITOR
from scripts.dev.scripted_user import ScriptedUser
from tests.desktop_fixtures.desktop import GROUND, Desktop
from tests.desktop_fixtures.screen import Screen
from tests.desktop_fixtures.waiting import wait_for
from tests.desktop_fixtures.x11 import Rect

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
SPEED = 60
SLOTS = 9
_BESIDE = (1530, 60)
#: The part of the screen where only the toast appears.
_CORNER = Rect(1508, 872, 412, 178)
_MEMOS = ("Checkout: address form validation", "Review comments on pull request 418")


def main() -> int:
    """Take all pictures."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name, Desktop(home=Path(name) / "home") as desktop:
        folder = Path(name)
        env = {**os.environ, "PYTHONUNBUFFERED": "1"}
        marketplace = MarketplaceProcess(folder / "marketplace", env, speed=SPEED)
        try:
            links = marketplace.links()
            desktop.popen([sys.executable, "-m", "scripts.dev.sample_windows"])
            desktop.wait_window(EDITOR)
            with _client(folder, desktop, links, theme="light"):
                _work(desktop, links)
            with _client(folder, desktop, links, theme="dark"):
                _dark(desktop)
        finally:
            marketplace.stop()
    print(f"pictures are in {IMAGES.relative_to(Path.cwd())}")
    return 0


def _work(desktop: Desktop, links: Links) -> None:
    gui = GuiDriver(desktop)
    gui.move_window(*_BESIDE)
    gui.start_recording(_MEMOS[0])
    with _person(desktop.display):
        _take_toast(desktop)
        with _chromium() as browser:
            _take_pages(browser, links, gui)
    _take_menu(desktop)
    _take_window(desktop, gui, "window-light")


def _dark(desktop: Desktop) -> None:
    gui = GuiDriver(desktop)
    gui.move_window(*_BESIDE)
    gui.start_recording(_MEMOS[1])
    with _person(desktop.display):
        _take_toast(desktop, "toast-dark")
    _take_window(desktop, gui, "window-dark")
    gui.stop_recording()


def _take_window(desktop: Desktop, gui: GuiDriver, name: str) -> None:
    window = gui.open_window()
    desktop.focus(window)
    desktop.screenshot(IMAGES / f"{name}.png", desktop.x.window(window.id).rect)


def _take_toast(desktop: Desktop, name: str = "toast") -> None:
    """Wait for the next picture's toast and take it with a margin."""
    ground = tuple(bytes.fromhex(GROUND.removeprefix("#")))
    # The pointer over the toast holds it, which otherwise lasts less than a second in a demo.
    desktop.xdotool("mousemove", str(_CORNER.x + 150), str(_CORNER.y + 30))

    def shown() -> Image.Image | None:
        picture = desktop.screenshot(area=_CORNER)
        return picture if picture.getpixel((200, 120)) != ground else None

    wait_for(shown, timeout=120, what="the toast")
    # It fades in: wait until it no longer changes.
    last: list[bytes] = [b""]

    def stands() -> Image.Image | None:
        picture = desktop.screenshot(area=_CORNER)
        steady = picture.crop((10, 10, 300, 100)).tobytes()
        still, last[0] = steady == last[0], steady
        return picture if still and picture.getpixel((200, 120)) != ground else None

    wait_for(stands, timeout=5, every=0.1, what="the toast to stop moving").save(
        IMAGES / f"{name}.png"
    )


def _take_menu(desktop: Desktop) -> None:
    """Open the tray's menu and take that corner of the screen."""
    area = Rect(1528, 748, 392, 332)
    before = desktop.screenshot(area=area).tobytes()
    desktop.click_tray_icon(button=3)
    wait_for(lambda: desktop.screenshot(area=area).tobytes() != before, what="the menu")
    seen: list[bytes] = [b""]

    def still() -> bool:
        now = desktop.screenshot(area=area).tobytes()
        same, seen[0] = now == seen[0], now
        return same

    wait_for(still, every=0.3, what="the menu to stop changing")
    desktop.screenshot(IMAGES / "tray-menu.png", area)
    desktop.xdotool("key", "Escape")


def _take_pages(browser: Browser, links: Links, gui: GuiDriver) -> None:
    page = browser.new_page(viewport={"width": 1240, "height": 860})
    page.goto(links.client)
    page.click("form button")
    page.wait_for_load_state("networkidle")
    page.click("a[href^='/contracts/']")
    address = page.url
    wait_for(lambda: _slots(page, address) >= SLOTS // 2, timeout=180, every=1.0, what="slots")
    window = gui.open_window()
    gui.write_memo(window, _MEMOS[1])
    gui.desktop.xdotool("key", "Return")
    wait_for(lambda: _slots(page, address) >= SLOTS, timeout=180, every=1.0, what="slots")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.goto(address)
        page.wait_for_load_state("networkidle")
        page.screenshot(path=str(IMAGES / f"day-{scheme}.png"))
    page.emulate_media(color_scheme="light")
    page.locator("a.slot:has(img)").nth(2).click()
    page.wait_for_load_state("networkidle")
    page.screenshot(path=str(IMAGES / "slot.png"))


def _slots(page: Page, address: str) -> int:
    page.goto(address)
    return page.locator("a.slot").count()


@contextlib.contextmanager
def _client(folder: Path, desktop: Desktop, links: Links, *, theme: str) -> Iterator[None]:
    base = folder / "client"
    base.mkdir(mode=0o700, exist_ok=True)
    (base / "settings.json").write_text(
        json.dumps({"theme": theme, "close_explained": True}), encoding="utf-8"
    )
    env = {**os.environ, **desktop.env, "PYTHONUNBUFFERED": "1"}
    client = ClientProcess(base, env, links.marketplace, links.enrol_code)
    try:
        client.wait_line("ready")
        yield
    finally:
        client.stop()


@contextlib.contextmanager
def _person(display: str) -> Iterator[None]:
    """A scripted user at work, with a separate connection to the display."""
    stopped = threading.Event()

    def live() -> None:
        screen = Screen(display, os.environ)
        try:
            ScriptedUser(screen, stopped).work()
        finally:
            screen.disconnect()

    thread = threading.Thread(target=live, name="person")
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


@contextlib.contextmanager
def _chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        try:
            yield browser
        finally:
            browser.close()


if __name__ == "__main__":
    sys.exit(main())
