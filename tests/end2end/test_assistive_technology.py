"""A person who does not see the screen.

Ana uses Workdiary through AT-SPI, as a screen reader or dictation does, and finds each part by its
accessible name: the first start, a recording with a pause and a new memo, and the diary.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.desktop_fixtures.desktop import Desktop
from tests.desktop_fixtures.reader import Reader
from tests.desktop_fixtures.waiting import wait_for
from tests.end2end.running_system import RunningSystem, closing_with_evidence

pytestmark = pytest.mark.xdist_group("end2end-2")

MEMO, NEXT_MEMO = "Checkout: address form", "Checkout: payment form"


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


def press(reader: Reader, name: str) -> None:
    """Wait for the button of this name and press it."""
    reader.act(wait_for(lambda: reader.button(name), timeout=60, what=f"the button {name}"))


def write(reader: Reader, name: str, text: str) -> None:
    """Wait for the field of this name and set its text."""
    wait_for(lambda: reader.field(name), timeout=60, what=f"the field {name}")
    reader.write(name, text)


def test_the_main_flow_by_accessible_names(system: RunningSystem, reader: Reader) -> None:
    system.open_first_client()
    wait_for(lambda: reader.window("Set up Workdiary"), timeout=60, what="the first window")
    write(reader, "Marketplace address", system.links.marketplace)
    press(reader, "I have a code")
    write(reader, "One-time code", system.links.enrol_code)
    for name in ("Join", "Continue", "Finish"):
        press(reader, name)

    write(reader, "Memo", MEMO)
    press(reader, "Start")
    press(reader, "Agree and start")
    wait_for(lambda: reader.button("Stop"), timeout=60, what="the recording")
    system.wait_into_slot()
    press(reader, "Pause")
    press(reader, "Resume")
    wait_for(lambda: reader.button("Pause"), timeout=60, what="the resumed recording")
    write(reader, "Memo", NEXT_MEMO)
    system.wait_mid_slot()
    press(reader, "Stop")
    wait_for(lambda: reader.button("Start"), timeout=60, what="the end of the recording")
    # A segment with a picture is sealed after its review.
    wait_for(lambda: memos(system) == {MEMO, NEXT_MEMO}, timeout=120, what="both memos")
    system.wait_all_sent()

    press(reader, "Diary")
    wait_for(lambda: reader.window("Diary — Workdiary"), what="the diary")
    press(reader, "Settings")
    wait_for(lambda: reader.window("Settings — Workdiary"), what="the settings")


def memos(system: RunningSystem) -> set[str | None]:
    return {each.memo for each in system.sealed()}
