"""Quiet mode in the program: when the toast appears, and whether it shows the picture."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.ui import scenes
from tests.ui.controllers import Make, report
from tests.ui.scenes import RECORDING
from tracker.quiet.interface import QuietReason
from ui.flows.quiet import preview
from ui.settings.settings import PICTURE_IN_TOAST, QUIET, SETTINGS, Settings, load

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from ui.controller import AppController


FIRST = replace(scenes.in_review(), review_until_ms=None)
NEXT = replace(FIRST, id="p2", file="g" * 43)
NONE: frozenset[QuietReason] = frozenset()
TEXTS = {
    QuietReason.SHARED: "Hidden: screen is shared",
    QuietReason.FULL_SCREEN: "Hidden: full screen",
    QuietReason.DO_NOT_DISTURB: "Hidden: do not disturb",
    QuietReason.UNKNOWN: "Preview hidden",
}


class DesktopReport:
    """The desktop's reports; while `hold` is cleared, there is no answer."""

    def __init__(self, *found: QuietReason) -> None:
        self.found = frozenset(found)
        self.asked = 0
        self.hold = threading.Event()
        self.hold.set()

    def __call__(self) -> frozenset[QuietReason]:
        self.asked += 1
        self.hold.wait()
        return self.found


def take(program: AppController, picture: object = FIRST) -> None:
    report(program, replace(RECORDING, picture=picture))  # type: ignore[arg-type]


def seen(program: AppController) -> tuple[bool, str] | None:
    """Whether the toast shows the picture, and its text instead; None without a visible toast."""
    toast = program.picture.toast
    if toast is None or not toast.isVisible():
        return None
    return bool(toast.picture._data), toast.picture._text


@pytest.mark.parametrize("reason", QuietReason)
def test_the_toast_does_not_show_the_picture_while_there_is_a_reason(
    make: Make, qtbot: QtBot, reason: QuietReason
) -> None:
    program = make(find_quiet=DesktopReport(reason))
    take(program)
    assert seen(program) is None, "the picture is not shown before the answer"
    qtbot.waitUntil(lambda: seen(program) == (False, TEXTS[reason]))


def test_without_a_reason_it_shows_the_picture(make: Make, qtbot: QtBot) -> None:
    program = make(find_quiet=DesktopReport())
    take(program)
    assert seen(program) is None
    qtbot.waitUntil(lambda: seen(program) == (True, ""))


def test_of_several_reasons_the_most_serious_is_named(make: Make, qtbot: QtBot) -> None:
    program = make(find_quiet=DesktopReport(*QuietReason))
    take(program)
    qtbot.waitUntil(lambda: seen(program) == (False, "Hidden: screen is shared"))


def test_a_reason_that_begins_and_ends_changes_the_visible_toast(make: Make, qtbot: QtBot) -> None:
    desktop = DesktopReport()
    program = make(find_quiet=desktop)
    program.previews._clock = iter(range(1_000_000)).__next__  # each look is a second later
    take(program)
    qtbot.waitUntil(lambda: seen(program) == (True, ""))
    desktop.found = frozenset({QuietReason.SHARED})
    qtbot.waitUntil(lambda: seen(program) == (False, "Hidden: screen is shared"))
    desktop.found = NONE
    qtbot.waitUntil(lambda: seen(program) == (True, ""))


def test_a_desktop_that_does_not_answer_gets_a_toast_without_the_picture(
    make: Make, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview, "WAIT_S", 0.05)
    desktop = DesktopReport()
    desktop.hold.clear()
    program = make(find_quiet=desktop)
    take(program)
    qtbot.waitUntil(lambda: seen(program) == (False, "Preview hidden"))
    # Its thread may not have begun yet; there is no further question before the answer.
    qtbot.waitUntil(lambda: desktop.asked == 1)
    desktop.hold.set()
    qtbot.waitUntil(lambda: seen(program) == (True, ""))


def test_the_answer_about_an_earlier_picture_does_not_show_the_next_one(
    make: Make, qtbot: QtBot
) -> None:
    desktop = DesktopReport()
    desktop.hold.clear()
    program = make(find_quiet=desktop)
    take(program)
    take(program, NEXT)
    qtbot.waitUntil(lambda: desktop.asked == 2)
    desktop.found = frozenset({QuietReason.FULL_SCREEN})
    program.previews._answered.emit(1, NONE)
    qtbot.wait(1)
    assert seen(program) is None
    desktop.hold.set()
    qtbot.waitUntil(lambda: seen(program) == (False, "Hidden: full screen"))


def test_the_menu_hides_previews_until_it_shows_them_again(
    make: Make, qtbot: QtBot, tmp_path: Path
) -> None:
    desktop = DesktopReport()
    program = make(find_quiet=desktop)
    program.tray.quiet_entry.trigger()
    take(program)
    assert seen(program) == (False, "Preview hidden")
    assert desktop.asked == 0
    assert load(tmp_path / SETTINGS).flag(QUIET), "a restart keeps them hidden"
    program.tray.quiet_entry.trigger()
    qtbot.waitUntil(lambda: seen(program) == (True, ""))
    assert not load(tmp_path / SETTINGS).flag(QUIET)


def test_hidden_previews_stay_hidden_after_a_restart_and_a_change_of_settings(
    make: Make,
) -> None:
    program = make(settings=Settings().changed(QUIET, True))
    assert program.tray.quiet_entry.isChecked()
    # The settings window does not show this setting.
    program.settings._change(Settings().changed(PICTURE_IN_TOAST, True))
    take(program)
    assert seen(program) == (False, "Preview hidden")


def test_a_deletion_can_be_undone_at_once(make: Make) -> None:
    """The toast of a deletion shows no picture: it does not wait for an answer."""
    desktop = DesktopReport()
    program = make(find_quiet=desktop)
    deleted = scenes.deleted(8).status
    assert deleted is not None
    report(program, deleted)
    assert seen(program) == (False, "")
    assert desktop.asked == 0
