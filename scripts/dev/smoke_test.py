"""Checks a running `make run`: `python -m scripts.dev.smoke_test LOG [PICTURE]`.

Reads the addresses from the output of `make run`, presses Start in the tray client, works for a
while, presses Stop, and waits until the segment is on the client's page, with its picture or the
reason for none. Exits with 0 if it appears within a minute of Stop.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import time
from html.parser import HTMLParser
from pathlib import Path

import requests

from scripts.dev.gui_driver import WINDOW, GuiDriver
from tests.desktop_fixtures.screen import Screen
from tests.desktop_fixtures.waiting import wait_for

WORK_S = 20
PATIENCE_S = 60


class SlotList(HTMLParser):
    """The slots of a day page: their addresses, and whether each has a picture or a reason."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.pictures = 0
        self.reasons = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        classes = (values.get("class") or "").split()
        if tag == "a" and "slot" in classes:
            self.addresses.append(values.get("href") or "")
        if tag == "img" and (values.get("src") or "").startswith("/thumbs/"):
            self.pictures += 1
        if tag == "span" and "gap" in classes:
            self.reasons += 1


class ClientPage:
    """The client's page, read over HTTP."""

    def __init__(self, link: str) -> None:
        self._site = re.match(r"https?://[^/]+", link)[0]  # type: ignore[index]
        self._session = requests.Session()
        self._session.post(link, timeout=20, headers={"Origin": self._site}).raise_for_status()
        home = self._session.get(self._site + "/", timeout=20)
        home.raise_for_status()
        found = re.search(r'href="(/contracts/[A-Za-z0-9_-]{22})[/"]', home.text)
        if found is None:
            raise SystemExit("one_segment: the client's page lists no contract")
        self._contract = found[1]

    def slots(self) -> SlotList:
        """The slots of the last day with time."""
        page = self._session.get(self._site + self._contract, timeout=20)
        page.raise_for_status()
        parser = SlotList()
        parser.feed(page.text)
        return parser

    def close(self) -> None:
        """End the session."""
        self._session.close()


def main() -> int:
    """Press Start, work, press Stop, check."""
    parser = argparse.ArgumentParser(description="Record one segment in a running `make run`.")
    parser.add_argument("log", type=Path, help="the output of make run")
    parser.add_argument("picture", type=Path, nargs="?", help="a .png to write of the desktop")
    options = parser.parse_args()
    output = options.log.read_text(encoding="utf-8")
    link = re.search(r"^client page: (\S+)", output, re.MULTILINE)
    display = re.search(r"throw-away desktop (:\d+)", output)
    if link is None:
        print("one_segment: make run has not printed a client page", file=sys.stderr)
        return 1
    screen = Screen(display[1] if display else os.environ["DISPLAY"], os.environ)
    page = ClientPage(link[1])
    before = len(page.slots().addresses)
    gui = GuiDriver(screen)
    gui.start_recording("One segment, to see that it works")
    print("started")
    work(screen)
    if options.picture:
        screen.screenshot(options.picture)
    gui.stop_recording()
    stopped = time.monotonic()
    print("stopped")

    def arrived() -> SlotList | None:
        found = page.slots()
        return found if len(found.addresses) > before else None

    try:
        slots = wait_for(
            arrived,
            timeout=PATIENCE_S,
            every=0.5,
            what="the segment on the review page",
        )
    except TimeoutError as error:
        print(f"one_segment: {error}", file=sys.stderr)
        return 1
    finally:
        page.close()
        screen.disconnect()
    seen = f"{slots.pictures} with a picture, {slots.reasons} with the reason for none"
    print(f"on the review page {time.monotonic() - stopped:.1f} s after Stop: {seen}")
    return 0 if slots.pictures + slots.reasons == len(slots.addresses) else 1


def work(screen: Screen) -> None:
    """Type and move the pointer for a while, in the client's own window."""
    window = screen.wait_window(WINDOW)
    end = time.monotonic() + WORK_S
    while time.monotonic() < end:
        x, y = window.rect.centre
        screen.xdotool("mousemove", str(x), str(y), "sleep", "0.5")
        screen.xdotool("mousemove", str(x + 40), str(y + 30), "sleep", "0.5", "key", "Shift_L")


if __name__ == "__main__":
    sys.exit(main())
