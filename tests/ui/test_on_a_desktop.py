"""The program on a real desktop: real icon, real clicks, real focus."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING

import pytest

from tests.desktop_fixtures.appwindow import Application
from tests.desktop_fixtures.target import Target
from tests.desktop_fixtures.waiting import wait_for
from tests.desktop_fixtures.x11 import Rect
from tests.ui import scenes
from tests.ui.program_driver import ProgramDriver

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.desktop_fixtures.desktop import Desktop

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="the test desktop is an X11 session, which only Linux has"
)

ACME, HARBOUR = scenes.ACME.ctr, scenes.HARBOUR.ctr
MEMO = scenes.MEMOS[0]
START = ["start", ACME, MEMO]


@pytest.fixture
def program(clean_desktop: Desktop) -> Iterator[ProgramDriver]:
    """The program with its window, accepted and stopped; it must not log a Qt warning."""
    # Away from the toast: a pointer over it would hold its countdown.
    clean_desktop.xdotool("mousemove", "10", "10")
    made = ProgramDriver(clean_desktop)
    yield made
    if made.process.poll() is None:
        assert made.ask("warnings") == []


def test_a_click_on_the_icon_shows_the_window(clean_desktop: Desktop) -> None:
    program = ProgramDriver(clean_desktop, window=False)
    assert program.ask("window") is None
    clean_desktop.click_tray_icon()
    program.wait("window", visible=True)
    clean_desktop.wait_window("Workdiary")
    assert program.ask("calls") == []


@pytest.mark.parametrize("state", ["stopped", "recording"])
def test_a_double_click_on_the_icon_shows_the_window_and_never_starts_or_stops(
    program: ProgramDriver, state: str
) -> None:
    program.status(state)
    program.ask("close")
    program.wait("window", visible=False)
    program.double_click_tray()
    program.wait("window", visible=True)
    program.click("window", "Memo")  # the second click has arrived before this one
    assert program.ask("calls") == []


def test_start_and_stop_by_the_large_button(program: ProgramDriver) -> None:
    program.click("window", "Start")
    program.calls(START)
    program.status("recording")
    program.click("window", "Stop")
    program.calls(START, ["stop"])


def test_pause_and_resume_by_the_button_and_from_the_menu(program: ProgramDriver) -> None:
    desktop = program.desktop
    program.status("recording")
    program.click("window", "Pause")
    program.calls(["pause"])
    program.status("paused")
    assert "&Resume" in program.ask("menu")
    # Without a click elsewhere, Qt may take this click for the second one of a double click.
    program.click("window", "Memo")
    program.click("window", "Resume")
    program.calls(["pause"], ["resume"])
    program.status("recording")
    desktop.click_tray_icon(button=3)
    # The window, Stop, Pause.
    desktop.xdotool("key", "Down", "key", "Down", "key", "Down", "key", "Return")
    program.calls(["pause"], ["resume"], ["pause"])


def test_everything_can_be_done_with_the_keyboard(program: ProgramDriver) -> None:
    desktop = program.desktop
    desktop.focus(desktop.wait_window("Workdiary"))
    wait_for(lambda: program.ask("focus") == "Memo", what="the focus on the memo")
    desktop.xdotool("key", "Tab")
    wait_for(lambda: program.ask("focus") == "Start", what="the focus on Start")
    desktop.xdotool("key", "space")
    program.calls(START)
    wait_for(lambda: program.ask("focus") == "Memo", what="the focus to return to the memo")
    program.status("review")
    order = ["Memo"]
    for _ in range(9):
        desktop.xdotool("key", "Tab")
        wait_for(lambda: program.ask("focus") != order[-1], what="the focus to move")
        order.append(program.ask("focus"))
    assert order[1:] == [
        "Stop", "Pause", "View and cover", "Keep", "Delete", "Diary", "Settings", "Contract",
        "Memo",
    ]  # fmt: skip


def test_after_a_click_on_start_typing_does_not_stop_it(program: ProgramDriver) -> None:
    program.click("window", "Start")
    program.calls(START)
    program.status("recording")
    program.desktop.xdotool("type", "  a ")
    wait_for(lambda: program.ask("scene")["memo"].endswith("a "), what="the memo to be written")
    program.calls(START)


def test_the_wheel_over_the_contract_does_not_switch_it(program: ProgramDriver) -> None:
    x, y, width, height = program.parts("window")["Contract"]
    wheel = ["click", "--repeat", "3", "5", "click", "--repeat", "3", "4"]
    program.desktop.xdotool("mousemove", str(x + width // 2), str(y + height // 2), *wheel)
    program.click("window", "Start")
    program.calls(START)


def test_the_question_about_idle_time_takes_no_focus_and_is_answered_by_keyboard(
    program: ProgramDriver,
) -> None:
    desktop = program.desktop
    target = Target(desktop, "work", size="400x200")
    program.status("away")
    question = desktop.wait_window("Time without input")
    program.wait("idle", visible=True)
    target.type("still here")
    desktop.type_in_window(question, "On the phone")
    desktop.xdotool("key", "Return")
    program.calls(["keep_idle", "On the phone"])
    assert program.ask("idle") is None


def test_alt_s_presses_start(program: ProgramDriver) -> None:
    program.desktop.focus(program.desktop.wait_window("Workdiary"))
    program.desktop.xdotool("key", "alt+s")
    program.calls(START)


def test_the_shortcut_starts_and_stops_from_another_program(clean_desktop: Desktop) -> None:
    program = ProgramDriver(clean_desktop, window=False, shortcut="Ctrl+Alt+R")
    program.wait("scene", shortcut="Ctrl+Alt+R")
    target = Target(clean_desktop, "work", size="400x200")
    clean_desktop.xdotool("key", "ctrl+alt+r")
    program.calls(START)
    program.status("recording")
    clean_desktop.xdotool("key", "ctrl+alt+r")
    program.calls(START, ["stop"])
    assert program.ask("window") is None
    target.type("still here")
    assert program.ask("warnings") == []


def test_start_without_a_memo_leads_to_its_field(program: ProgramDriver) -> None:
    desktop = program.desktop
    program.click("window", "Memo")
    wait_for(lambda: program.ask("focus") == "Memo", what="the focus on the memo")
    desktop.xdotool("key", "ctrl+a", "key", "Delete")
    program.wait("scene", memo="")
    program.click("window", "Start")
    wait_for(lambda: program.ask("focus") == "Memo", what="the focus on the memo")
    assert program.ask("calls") == []
    desktop.xdotool("type", "Invoices")
    program.wait("scene", memo="Invoices")
    # Without a click elsewhere, Qt may take this click for the second one of a double click.
    program.click("window", "Memo")
    program.click("window", "Start")
    program.calls(["start", ACME, "Invoices"])


def test_down_offers_the_recent_memos(program: ProgramDriver) -> None:
    program.click("window", "Memo")
    program.desktop.xdotool("key", "Down", "key", "Down", "key", "Return")
    program.wait("scene", memo=MEMO)
    program.desktop.xdotool("key", "Down", "key", "Down", "key", "Down", "key", "Return")
    program.wait("scene", memo=scenes.MEMOS[1])


def test_another_memo_while_recording_is_applied_once_it_is_settled(program: ProgramDriver) -> None:
    program.status("recording")
    program.click("window", "Memo")
    program.desktop.xdotool("key", "ctrl+a", "type", "Invoices")
    program.wait("scene", memo="Invoices")
    assert program.ask("calls") == []
    program.desktop.xdotool("key", "Return")
    program.calls(["set_memo", "Invoices"])


def test_the_toast_never_takes_the_focus(program: ProgramDriver) -> None:
    desktop = program.desktop
    program.ask("close")
    target = Target(desktop, "typing here")
    program.status("review")
    program.wait("toast", visible=True)
    assert desktop.x.active_window() == target.window.id
    desktop.xdotool("type", "abc")
    target.wait(keys=3)
    program.click("toast", "Keep")
    program.calls(
        ["hold_picture", "p1", True], ["keep_picture", "p1"], ["hold_picture", "p1", False]
    )
    assert desktop.x.active_window() == target.window.id
    desktop.xdotool("type", "def")
    target.wait(keys=6)


def test_the_toast_lies_at_the_bottom_right_and_leaves_the_icon_free(
    program: ProgramDriver,
) -> None:
    program.status("review")
    x, y, width, height = program.wait("toast", visible=True)["rect"]
    screen = program.desktop.monitors[0]
    assert width == 380
    assert screen[0] - (x + width) == 16
    icon = program.desktop.tray_icon_geometry()
    assert y + height <= icon.y
    assert y + height > screen[1] - 100


def test_the_pointer_over_the_toast_holds_the_countdown(program: ProgramDriver) -> None:
    desktop = program.desktop
    program.status("review")
    x, y, *_ = program.wait("toast", visible=True)["rect"]
    desktop.xdotool("mousemove", str(x + 20), str(y + 20))
    program.calls(["hold_picture", "p1", True])
    program.status("held")
    wait_for(
        lambda: "Not uploaded while you look" in program.parts("toast"),
        what="the toast to show the hold",
    )
    desktop.xdotool("mousemove", "10", "10")
    program.calls(["hold_picture", "p1", True], ["hold_picture", "p1", False])


def _focus_is(program: ProgramDriver, name: str) -> bool:
    return bool(program.ask("focus") == name)


def test_the_focus_on_the_pictures_buttons_holds_the_countdown(program: ProgramDriver) -> None:
    desktop = program.desktop
    program.status("review")
    desktop.focus(desktop.wait_window("Workdiary"))
    for name in ("Stop", "Pause", "View and cover", "Keep"):
        desktop.xdotool("key", "Tab")
        wait_for(partial(_focus_is, program, name), what=f"the focus on {name}")
    program.calls(["hold_picture", "p1", True])
    desktop.xdotool("key", "shift+Tab", "shift+Tab")
    program.calls(["hold_picture", "p1", True], ["hold_picture", "p1", False])


def test_the_pointer_over_the_windows_picture_holds_the_countdown(program: ProgramDriver) -> None:
    desktop = program.desktop
    program.status("recording")
    rect = next(p for p in program.parts("window").values() if p[2:] == [176, 99])
    desktop.xdotool("mousemove", str(rect[0] + 20), str(rect[1] + 20))
    program.status("stopped")
    assert program.ask("calls") == []
    program.status("review")
    program.calls(["hold_picture", "p1", True])
    desktop.xdotool("mousemove", "10", "10")
    program.calls(["hold_picture", "p1", True], ["hold_picture", "p1", False])


def test_a_window_that_is_moved_away_from_the_pointer_holds_nothing(
    clean_desktop: Desktop,
) -> None:
    clean_desktop.xdotool("mousemove", "130", "420")
    program = ProgramDriver(clean_desktop)
    window = clean_desktop.wait_window("Workdiary")
    clean_desktop.xdotool("windowmove", "--sync", str(window.id), "700", "200")
    program.status("review")
    program.wait("toast", visible=True)
    program.ask("pass", ms=3000)
    assert program.ask("calls") == []


def test_delete_in_the_toast_deletes_and_the_toast_goes(program: ProgramDriver) -> None:
    program.status("review")
    assert "Deleting removes 4\u00a0min of paid time" in program.parts("toast")
    program.click("toast", "Delete")
    wait_for(lambda: ["delete_picture", "p1"] in program.ask("calls"), what="the deletion")
    program.wait("toast", visible=False)


def test_a_picture_is_opened_covered_by_a_drag_and_kept(program: ProgramDriver) -> None:
    desktop = program.desktop
    program.status("review")
    program.click("toast", "Cover …")
    wait_for(lambda: "Cover an area" in program.parts("review"), what="the picture")
    program.wait("toast", visible=False)
    x, y, width, height = program.parts("review")["Picture 15:14 at full size"]
    start = (str(x + width // 4), str(y + height // 4))
    end = (str(x + width // 2), str(y + height // 2))
    desktop.xdotool("mousemove", *start, "mousedown", "1")
    desktop.xdotool("mousemove", *end, "mouseup", "1")
    wait_for(lambda: "Keep with 1 area covered" in program.parts("review"), what="the area")
    program.click("review", "Keep with 1 area covered")
    program.wait("review", visible=False)
    hold, asked, covered, release = program.ask("calls")
    assert hold == ["hold_picture", "p1", True]
    assert asked == ["request_picture", scenes.FILE]
    assert covered[:2] == ["cover_picture", "p1"]
    wanted = (480, 270, 480, 270)  # a quarter of the picture
    assert all(abs(a - b) < 10 for a, b in zip(covered[2][0], wanted, strict=True))
    assert release == ["hold_picture", "p1", False]
    assert program.ask("warnings") == []


def test_the_toast_goes_when_the_picture_has_left(program: ProgramDriver) -> None:
    program.status("review")
    program.wait("toast", visible=True)
    program.status("recording")
    program.wait("toast", visible=False)


def test_the_toast_hides_the_picture_while_another_program_fills_the_screen(
    clean_desktop: Desktop,
) -> None:
    clean_desktop.xdotool("mousemove", "10", "10")
    program = ProgramDriver(clean_desktop, quiet=True, window=False)
    program.status("review")
    program.wait("toast", visible=True)
    wait_for(lambda: program.ask("preview") == [True, ""], what="the picture in the toast")
    with Application(clean_desktop, "Film") as film:
        window = film.window("#335577", Rect(0, 0, 800, 600))
        wait_for(lambda: window.shown)
        window.fill_screen()
        hidden = [False, "Hidden: full screen"]
        wait_for(lambda: program.ask("preview") == hidden, what="the picture to be hidden")
    wait_for(lambda: program.ask("preview") == [True, ""], what="the picture, again")
    assert program.ask("warnings") == []


def test_the_menu_has_at_most_twelve_entries_and_none_that_does_nothing(
    program: ProgramDriver,
) -> None:
    program.status("review")
    wait_for(
        lambda: program.ask("menu")[0].startswith("Recording"), what="the menu to show Recording"
    )
    assert program.ask("menu") == [
        "Recording, Acme, 2:14 today",
        "&Stop",
        "&Pause",
        "Acme shop rebuild",
        "Harbour timetable",
        "&Diary, today 2:14",
        "Week 18:40 of 30:00",
        "Last picture 15:14 …",
        "&Web diary",
        "S&ettings",
        "Sign &out …",
        "&Quit",
    ]


def test_the_menu_of_the_icon_starts_recording(program: ProgramDriver) -> None:
    desktop = program.desktop
    desktop.click_tray_icon(button=3)
    # The first entry shows the window, the second one starts recording.
    desktop.xdotool("key", "Down", "key", "Down", "key", "Return")
    program.calls(START)


def test_another_contract_while_recording_needs_a_yes(program: ProgramDriver) -> None:
    desktop = program.desktop
    program.status("recording")
    for keys in (["Escape"], ["alt+s"]):
        program.click("window", "Contract")
        desktop.xdotool("key", "Down", "key", "Return")
        question = desktop.wait_window("Please confirm")
        assert program.ask("calls") == []
        desktop.focus(question)
        desktop.xdotool("key", *keys)
        wait_for(lambda: not desktop.windows("Please confirm"), what="the question to go")
    program.calls(["start", HARBOUR, MEMO])


def test_closing_the_window_leaves_it_in_the_tray(program: ProgramDriver) -> None:
    desktop = program.desktop
    window = desktop.wait_window("Workdiary")
    desktop.focus(window)
    desktop.xdotool("key", "ctrl+w")
    program.wait("window", visible=False)
    desktop.click_tray_icon()
    program.wait("window", visible=True)


def test_nothing_is_recorded_before_the_consent_page_was_agreed_to(clean_desktop: Desktop) -> None:
    program = ProgramDriver(clean_desktop, agreed=False)
    program.click("window", "Start")
    program.click("consent", "Not now")
    wait_for(lambda: program.ask("consent") is None, what="the page to go")
    assert program.ask("calls") == []
    program.click("window", "Start")
    program.click("consent", "Agree and start")
    program.calls(START)
    program.status("stopped")
    program.click("window", "Start")
    program.calls(START, START)
    assert program.ask("consent") is None
    assert program.ask("warnings") == []


def test_quitting_while_recording_asks_once(program: ProgramDriver) -> None:
    desktop = program.desktop
    program.status("recording")
    program.ask("post", waiting=3)
    window = desktop.wait_window("Workdiary")
    desktop.focus(window)
    desktop.xdotool("key", "ctrl+q")
    question = wait_for(
        lambda: [w for w in desktop.windows() if w.id != window.id], what="the question"
    )
    desktop.focus(question[0])
    desktop.xdotool("key", "Escape")
    wait_for(lambda: len(desktop.windows()) == 1, what="the question to go")
    assert program.ask("calls") == []
    desktop.focus(window)
    desktop.xdotool("key", "ctrl+q")
    wait_for(lambda: len(desktop.windows()) == 2, what="the question")
    desktop.xdotool("key", "alt+s")
    assert program._read()[-1] == ["close", 1.8]
    assert program.process.wait(20) == 0


def test_quitting_when_nothing_is_recorded_asks_nothing(program: ProgramDriver) -> None:
    desktop = program.desktop
    desktop.focus(desktop.wait_window("Workdiary"))
    desktop.xdotool("key", "ctrl+q")
    assert program._read()[-1] == ["close", 1.8]
    assert program.process.wait(20) == 0


def test_what_idle_time_ended_continues_by_the_notices_button(program: ProgramDriver) -> None:
    program.status("idle")
    program.wait("scene", notice="ended_idle")
    assert "Paused, no input, " in program.ask("scene")["tooltip"]
    program.click("window", "Start again")
    program.calls(START)
    program.wait("scene", notice=None)


@pytest.mark.parametrize("scale", [1.5, 2, 3])
def test_enlarged_it_fits_the_screen_and_works(clean_desktop: Desktop, scale: float) -> None:
    program = ProgramDriver(clean_desktop, scale=scale)
    width, height = clean_desktop.monitors[0]
    x, y, w, h = program.wait("window", visible=True)["rect"]
    assert x >= 0
    assert y >= 0
    assert (x + w) * scale <= width
    assert (y + h) * scale <= height
    program.click("window", "Start")
    program.calls(START)
    program.status("review")
    x, y, w, h = program.wait("toast", visible=True)["rect"]
    assert (x + w) * scale <= width
    assert (y + h) * scale <= height
    assert program.ask("warnings") == []
