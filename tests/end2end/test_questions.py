"""Ana's client asks about her time in the browser; she answers on the desktop.

The question reaches her by the daemon's notification, is in the window's list and in the diary on
its slot; her answer, typed with real keys, is on the client's page, in the log and in the bundle.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from diary.bundle.check import CheckOptions, check_bundle
from diary.bundle.zip_reader import Archive
from diary.cli.bundle_report import report_json
from diary.core.slots import week_of
from tests.desktop_fixtures.desktop import Desktop
from tests.desktop_fixtures.notifications import Notifications
from tests.desktop_fixtures.reader import Reader
from tests.desktop_fixtures.target import Target
from tests.desktop_fixtures.waiting import wait_for
from tests.end2end.running_system import (
    Reviewer,
    RunningSystem,
    chromium,
    closing_with_evidence,
)

pytestmark = pytest.mark.xdist_group("end2end-2")

QUESTION = "Which part of the form was this?"
ANSWER = "The validation of postcodes"


@pytest.fixture
def system(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[RunningSystem]:
    with (
        Desktop(accessibility=True) as desktop,
        closing_with_evidence(RunningSystem(tmp_path, desktop), request) as made,
    ):
        yield made


@pytest.fixture
def reader(system: RunningSystem) -> Iterator[Reader]:
    with closing(Reader(system.desktop.bus)) as made:
        yield made


def shows(reader: Reader, text: str) -> bool:
    """Whether a shown part of the program has this text in its name."""
    return any(text in part.name for part in reader.parts() if part.usable)


def ask(client: Reviewer, address: str) -> None:
    """Ask about a slot on its page."""
    client.open_slot(address)
    client.page.locator("#review").get_by_text("Ask a question", exact=True).click()
    client.page.get_by_label("Your question about this slot").fill(QUESTION)
    client.page.get_by_role("button", name="Ask", exact=True).click()
    client.page.get_by_text(QUESTION).first.wait_for()


def test_a_question_of_the_browser_is_answered_on_the_desktop(
    system: RunningSystem, reader: Reader
) -> None:
    desktop, gui = system.desktop, system.gui
    system.open_client()
    gui.start_recording("Checkout: address form")
    target = Target(desktop, "WORK")
    target.type("work ")
    system.wait_mid_slot()
    system.stop_recording()
    system.wait_all_sent()
    gui.hide_window()
    target.focus()
    sealed = system.sealed()
    (ctr,) = {each.segment.ctr for each in sealed}
    year, week, _ = dt.datetime.fromtimestamp(week_of(sealed[0].segment.t0), dt.UTC).isocalendar()
    name = f"{year}-W{week:02}"
    slots = len({each.segment.slot for each in sealed})

    with chromium() as browser, Notifications(desktop) as daemon:
        client = Reviewer(browser, system.links.client)
        ask(client, client.wait_slots(ctr, slots)[0])

        title = "A client has a question"
        wait_for(lambda: title in daemon.texts(), timeout=120, what="the notification")
        assert not any(QUESTION in text for text in daemon.texts())
        # The notification is not the only place.
        gui.open_window()
        wait_for(lambda: shows(reader, " asks about "), what="the entry of the list")
        target.focus()
        daemon.press("Answer")
        wait_for(lambda: reader.window("Diary — Workdiary"), timeout=60, what="the diary")
        wait_for(lambda: shows(reader, QUESTION), timeout=60, what="the question on its slot")
        desktop.focus(system.window("Diary"))
        wait_for(
            lambda: (field := reader.field("Your answer")) is not None and field.focused,
            timeout=60, what="the cursor in the field of the answer",
        )  # fmt: skip
        desktop.xdotool("type", "--delay", "20", "--", ANSWER)
        wait_for(lambda: reader.text("Your answer") == ANSWER, what="the typed answer")
        desktop.xdotool("key", "ctrl+Return")

        sent = "Answer sent. The client can read it."
        wait_for(lambda: shows(reader, sent), timeout=120, what="the answer to be sent")
        assert shows(reader, ANSWER)
        assert reader.text("Your answer") == ""
        wait_for(lambda: title not in daemon.texts(), what="the end of the notification")
        assert not shows(reader, " asks about ")

        page = client.page
        page.goto(f"{client.site}/contracts/{ctr}/weeks/{name}")
        assert ANSWER in page.locator("main").inner_text()
        bundle = page.request.get(f"{client.site}/v1/bundles/{ctr}/{name}")
        assert bundle.ok
        checked = check_bundle(Archive(io.BytesIO(bundle.body())), CheckOptions())
        report = report_json(checked)
    assert report["result"] == "valid", report["findings"]
    assert [each["kind"] for each in report["reviews"]] == ["question", "answer"]
    question, answer = report["reviews"]
    assert answer["by"] == sealed[0].segment.sub
    assert answer["segments"] == question["segments"]
