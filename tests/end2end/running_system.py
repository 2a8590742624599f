"""A running client, marketplace and browser on a desktop, for the end-to-end tests."""

from __future__ import annotations

import contextlib
import io
import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TypeVar

import pytest
import requests
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from diary.core.demo_clock import TimeLapse
from diary.core.slots import day_of
from diary.log.receipt import Receipt
from diary.objects.segment import SealedSegment, parse
from diary.verification.evidence import SLOT_MS
from marketplace.composition import lock, open_services
from marketplace.core.clock import system_ms
from marketplace.core.config import Config
from scripts.dev.gui_driver import GuiDriver
from scripts.dev.processes import (
    CLIENT,
    MARKETPLACE,
    ClientProcess,
    Links,
    MarketplaceProcess,
    Process,
)
from tests.desktop_fixtures.desktop import Desktop
from tests.desktop_fixtures.waiting import wait_for
from tests.desktop_fixtures.x11 import Window

#: Makes a program raise, and log, what would block Qt's thread.
QT_THREAD_GUARD = Path(__file__).parents[1] / "qt_thread_guard"
BLOCKED = "BlockedQtThread"
#: A demo minute takes three seconds, a slot thirty.
SPEED = 20
#: The name of the demo's marketplace.
NAME = "demo.workdiary.localhost"
#: More demo time than a test takes, s.
_TEST_S = 4 * 3_600
#: The time of a day at which a demo begins that would otherwise run into the next day, s.
_MORNING_S = 3_600
#: Four real seconds, more than the journal's interval.
_ENOUGH_MS = 4_000 * SPEED
_CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def begin_early_in_a_day(data: Path, speed: int, name: str = NAME) -> None:
    """Make a marketplace's data, unless it exists, whose demo day has hours left: no test then runs
    into the next day, and its result does not depend on the time at which it begins.
    """
    if data.exists():
        return
    now_s = system_ms() // 1000
    if day_of(now_s) == day_of(now_s + _TEST_S):
        begin_at(data, speed, now_s, name)
    else:
        begin_at(data, speed, day_of(now_s + _TEST_S) + _MORNING_S, name)


def begin_at(data: Path, speed: int, begin_s: int, name: str = NAME) -> None:
    """Make a marketplace's data whose demo time is `begin_s` (Unix s) now."""
    real, begin = system_ms(), begin_s * 1000
    # The demo's time is origin + (real - origin) * speed, and `begin` at `real`. A new marketplace
    # keeps its first reading of the system's clock as the origin.
    origin = real - (begin - real) // (speed - 1)
    readings = chain([origin], iter(system_ms, None))
    config = Config(data, name, "http://127.0.0.1:1", speed=speed)
    with lock(data), open_services(config, lambda: next(readings)):
        pass


class RunningSystem:
    """The processes of one test; `gui` operates the client."""

    def __init__(
        self,
        folder: Path,
        desktop: Desktop,
        *,
        speed: int | None = SPEED,
        client: Sequence[str] = CLIENT,
        marketplace: Sequence[str] = MARKETPLACE,
    ) -> None:
        """`client` and `marketplace` are the commands of the programs."""
        self.folder = folder
        self.desktop = desktop
        self.speed = speed
        self.gui = GuiDriver(desktop)
        self.client: Process | None = None
        self._client_command, self._marketplace_command = client, marketplace
        #: The client's state folder.
        self.state_folder = folder / "client"
        self.marketplace: MarketplaceProcess | None = None
        if speed:
            begin_early_in_a_day(folder / "market" / "data", speed)
        self.links = self.open_marketplace()

    def open_marketplace(self) -> Links:
        """Start the marketplace (again), on the same data."""
        self.marketplace = MarketplaceProcess(
            self.folder / "market",
            self._env({}),
            speed=self.speed,
            program=self._marketplace_command,
        )
        self.links = self.marketplace.links()
        return self.links

    def open_client(self) -> ClientProcess:
        """Start the tray client (again), on the same state."""
        client = ClientProcess(
            self.state_folder,
            self._env(self.desktop.env),
            self.links.marketplace,
            self.links.enrol_code,
            program=self._client_command,
        )
        self.client = client
        client.wait_line("ready")
        return client

    def open_first_client(self) -> Path:
        """Start `workdiary` without arguments. Returns the file that receives the address which the
        desktop's browser should open.
        """
        programs, asked = self.folder / "programs", self.folder / "address"
        programs.mkdir(exist_ok=True)
        opener = programs / "xdg-open"
        opener.write_text(
            f'#!/bin/sh\nprintf %s "$1" > "{asked}.new"\nmv "{asked}.new" "{asked}"\n'
        )
        opener.chmod(0o755)
        env = self._env(self.desktop.env)
        env["PATH"] = f"{programs}{os.pathsep}{env['PATH']}"
        env["XDG_STATE_HOME"] = str(self.folder / "state")
        self.state_folder = self.folder / "state" / "workdiary"
        argv = [sys.executable, "-m", "ui.cli.main"]
        self.client = Process("the tray client", argv, env, self.folder / "client.log")
        self.client.wait_line("ready")
        return asked

    def close(self) -> None:
        """End both processes. Raises AssertionError if something has blocked Qt's thread."""
        for process in (self.client, self.marketplace):
            if process is not None:
                process.stop()
        for log in self.folder.glob("*.log"):
            blocked = [line for line in log.read_text().splitlines() if BLOCKED in line]
            assert blocked == [], log

    def evidence(self) -> str:
        """The screen, the client's folder, its threads and the logs, for the report of a failed
        test. It ends the client.
        """
        picture = self.folder / "screen.png"
        self.desktop.screenshot(picture)
        lines = [f"the screen: {picture}"]
        lines += [f"a window: {each}" for each in self.desktop.windows()]
        for path in self._state("**/*"):
            lines.append(f"{path.relative_to(self.folder)}: {path.stat().st_size} B")
            if path.parent.name == "journal":
                lines.append(path.read_text(errors="replace")[:1000])
        # First, because a report may be cut.
        first = []
        if self.client is not None and self.client.running:
            self.client.abort()
        elif self.client is not None:
            first.append(f"the client ended before, with the status {self.client.wait()}")
        for log, characters in (("client", 8000), ("workdiary", 4000), ("marketplace", 1500)):
            for path in sorted(self.folder.rglob(f"{log}.log")):
                first += [f"{path.name}:", path.read_text(errors="replace")[-characters:]]
        return "\n".join([*first, *lines])

    def demo_ms(self) -> int:
        """The marketplace's time."""
        with requests.get(f"{self.links.marketplace}/.well-known/workdiary", timeout=20) as reply:
            return int(reply.headers["Workdiary-Time"])

    def time_lapse(self) -> TimeLapse:
        """The marketplace's published clock."""
        with requests.get(f"{self.links.marketplace}/.well-known/workdiary", timeout=20) as reply:
            demo = reply.json()["demo"]
        return TimeLapse(demo["speed"], demo["origin_ms"])

    def sealed(self) -> list[SealedSegment]:
        """The segments in the client's folder, in the order of their numbers."""
        found = [parse(path.read_bytes()) for path in self._state("segments/*/*.sdjwt")]
        return sorted(found, key=lambda s: s.segment.seq)

    def unsealed(self) -> list[Path]:
        """The records of the client's journal."""
        return self._state("journal/stretch.*")

    def receipts(self) -> list[Receipt]:
        """The receipts that the client holds for its segments."""
        return [Receipt.parse(path.read_bytes()) for path in self._state("segments/*/*.tlog-proof")]

    def window(self, name: str) -> Window:
        """Wait for a window by the beginning of its name."""
        return wait_for(
            lambda: next((w for w in self.desktop.windows(name) if w.name.startswith(name)), None),
            what=name,
        )

    def wait_mid_slot(self) -> None:
        """Wait four real seconds, more than the journal's interval, and on as `wait_into_slot`."""
        began = self.demo_ms()
        wait_for(lambda: self.demo_ms() > began + _ENOUGH_MS, timeout=60, every=0.2)
        self.wait_into_slot()

    def wait_into_slot(self) -> None:
        """Wait until enough of the present slot has passed, and enough is left, so that an end of
        the recording soon afterwards ends a segment. In the first second of a slot (a twentieth of
        a real one) only the segment that the slot's border has ended would be sealed.
        """

        def inside() -> bool:
            return _ENOUGH_MS < self.demo_ms() % SLOT_MS < SLOT_MS - _ENOUGH_MS

        wait_for(inside, timeout=90, every=0.2, what="the middle of a slot")

    def stop_recording(self) -> None:
        """Press Stop inside a slot, and wait for the segment that this ends."""
        self.wait_into_slot()
        self.gui.stop_recording()
        self.wait_sealed("stop")

    def wait_sealed(self, end: str) -> None:
        """Wait until a segment has ended so; one with a picture in review is sealed later."""
        wait_for(
            lambda: any(s.segment.end == end for s in self.sealed()),
            timeout=120,
            what=f"a segment with the end {end}",
        )

    def wait_all_sealed(self) -> None:
        """Wait, after the end of a recording, until its last segment is sealed. A picture in review
        delays that, also if the program has ended: then the next start reviews and seals it.
        """
        wait_for(lambda: not self.unsealed(), timeout=120, what="the seal of every segment")

    def wait_all_sent(self) -> None:
        """Wait until there is a receipt beside every segment."""
        wait_for(
            lambda: self.sealed() and len(self.receipts()) == len(self.sealed()),
            timeout=120,
            what="a receipt for every segment",
        )

    def _state(self, pattern: str) -> list[Path]:
        return sorted(self.state_folder.glob(f"*/{pattern}"))

    @staticmethod
    def _env(base: Mapping[str, str]) -> dict[str, str]:
        path = filter(None, (str(QT_THREAD_GUARD), base.get("PYTHONPATH")))
        return {
            **os.environ,
            **base,
            "PYTHONPATH": os.pathsep.join(path),
            "PYTHONUNBUFFERED": "1",
            "PYTHONFAULTHANDLER": "1",
        }


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """A real Chromium with an empty profile."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=_CHROMIUM)
        try:
            yield browser
        finally:
            browser.close()


@dataclass(frozen=True)
class SlotRow:
    """A minute in the table of a slot's page."""

    keys: int
    clicks: int
    scrolls: int
    moves: int

    @property
    def active(self) -> bool:
        """Whether it counts for the level."""
        return any((self.keys, self.clicks, self.scrolls, self.moves))


class Reviewer:
    """A client at the review page."""

    def __init__(self, browser: Browser, sign_in: str) -> None:
        self.page: Page = browser.new_page(viewport={"width": 1280, "height": 900})
        self.page.goto(sign_in)
        self.page.locator("form button").first.click()
        self.page.wait_for_load_state()
        self.site = re.match(r"https?://[^/]+", sign_in)[0]  # type: ignore[index]

    def open_day(self, ctr: str) -> None:
        """Open the contract's last day."""
        self.page.goto(f"{self.site}/contracts/{ctr}")

    def wait_slots(self, ctr: str, count: int) -> list[str]:
        """Wait until the day shows `count` slots; returns their addresses."""

        def slots() -> list[str] | None:
            self.open_day(ctr)
            found = self.page.locator("a.slot").all()
            hrefs = [link.get_attribute("href") or "" for link in found]
            return hrefs if len(hrefs) == count else None

        return wait_for(slots, timeout=90, every=0.5, what=f"{count} slots on the page")

    def badge(self) -> str:
        """The text of the badge."""
        return " ".join(self.page.locator("#badge").inner_text().split())

    def total(self, name: str) -> str:
        """The exact text of a total of the day."""
        total: Locator = self.page.locator(".total", has=self.page.get_by_text(name, exact=True))
        return " ".join(total.locator("dd").inner_text().split())

    def open_slot(self, address: str) -> None:
        """Open a slot's page."""
        self.page.goto(self.site + address)

    def rows(self) -> list[SlotRow]:
        """The table of the open slot: the minutes that were measured."""
        self.page.locator("details.numbers summary").click()
        rows = []
        for line in self.page.locator("details.numbers tbody tr").all():
            slots = [slot.inner_text().removesuffix(" s") for slot in line.locator("td").all()]
            if len(slots) == 4:
                rows.append(SlotRow(*(int(slot) for slot in slots)))
        return rows

    def pictures(self) -> list[Image.Image]:
        """The full pictures of the open slot, as the page loads them."""
        found = []
        for image in self.page.locator("figure img").all():
            reply = self.page.request.get(self.site + (image.get_attribute("src") or ""))
            assert reply.ok
            found.append(Image.open(io.BytesIO(reply.body())).convert("RGB"))
        return found


S = TypeVar("S", bound=RunningSystem)


@contextlib.contextmanager
def closing_with_evidence(system: S, request: pytest.FixtureRequest) -> Iterator[S]:
    """Close the system after the test; a failed test's report gets the evidence first."""
    failed_before = request.session.testsfailed
    try:
        yield system
    finally:
        if request.session.testsfailed > failed_before:
            request.node.add_report_section("teardown", "evidence", system.evidence())
        system.close()
