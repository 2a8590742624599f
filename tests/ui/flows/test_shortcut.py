"""The shortcut's setting: its grab, its problems, and the entry of the menu that it triggers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from tests.ui.controllers import Make, calls
from tests.ui.scenes import ACME, MEMOS
from ui.settings.settings import SHORTCUT, Settings, load

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from ui.windows.settings.recording import RecordingSection

SESSION = "ui.flows.settings.shortcut.session_with_shortcuts"
KEYS = Settings().changed(SHORTCUT, "Ctrl+Alt+R")


class Grabs:
    """Stands in for the X server: each grab with its callbacks."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.held: list[str] = []
        self.press: Callable[[], None] = lambda: None
        self.report: Callable[[str, str], None] = lambda *_: None

    def begin(
        self,
        session: str,
        text: str,
        description: str,
        pressed: Callable[[], None],
        report: Callable[[str, str], None],
    ) -> Grabs:
        assert (session, description) == ("x11", "Start or stop recording")
        self.texts.append(text)
        self.held.append(text)
        self.press, self.report = pressed, report
        return self

    def stop(self) -> None:
        self.held.pop()


@pytest.fixture
def grabs(monkeypatch: pytest.MonkeyPatch) -> Grabs:
    made = Grabs()
    monkeypatch.setattr("ui.client.shortcut.begin", made.begin)
    monkeypatch.setattr(SESSION, lambda: "x11")
    return made


def section(make: Make, settings: Settings) -> RecordingSection:
    program = make(settings=settings)
    program.settings.show()
    assert program.windows.settings is not None
    return program.windows.settings.recording


def test_a_press_does_what_the_entry_of_the_menu_does(
    make: Make, qtbot: QtBot, grabs: Grabs
) -> None:
    program = make(settings=KEYS)
    assert grabs.held == ["Ctrl+Alt+R"]
    entry = program.tray.toggle
    assert entry.shortcut().isEmpty()
    grabs.report("", "")
    qtbot.waitUntil(lambda: entry.shortcut().toString() == "Ctrl+Alt+R")
    grabs.press()
    qtbot.waitUntil(lambda: calls(program) == [["start", ACME.ctr, MEMOS[0]]])
    # Without a memo, it asks for one.
    program.recording.write_memo("")
    asked = []
    program.recording.memo_wanted.connect(lambda: asked.append("memo"))
    grabs.press()
    qtbot.waitUntil(lambda: asked == ["memo"])
    # An entry that does nothing now does nothing by its keys.
    entry.setEnabled(False)
    with qtbot.assertNotEmitted(program.tray.toggled, wait=50):
        grabs.press()


def test_no_shortcut_is_set_at_first(make: Make, grabs: Grabs) -> None:
    make()
    assert grabs.texts == []


def test_keys_are_pressed_in_the_field_and_removed_there(
    make: Make, qtbot: QtBot, grabs: Grabs, tmp_path: Path
) -> None:
    page = section(make, Settings())
    control = Qt.KeyboardModifier.ControlModifier
    for key in (Qt.Key.Key_A, Qt.Key.Key_F5, Qt.Key.Key_Space):
        qtbot.keyClick(page.shortcut, key)
    assert page.shortcut.text() == ""
    assert page.shortcut_problem.text().startswith("Use Ctrl, Alt or Meta")
    qtbot.keyClick(page.shortcut, Qt.Key.Key_F5, control)
    assert page.shortcut.text() == "Ctrl+F5"
    assert page.shortcut_problem.isHidden()
    assert load(tmp_path / "settings.json").text(SHORTCUT) == "Ctrl+F5"
    qtbot.keyClick(page.shortcut, Qt.Key.Key_R, control | Qt.KeyboardModifier.AltModifier)
    assert grabs.held == ["Ctrl+Alt+R"]
    old = grabs.report
    qtbot.keyClick(page.shortcut, Qt.Key.Key_Delete)
    assert grabs.held == []
    assert page.shortcut.text() == ""
    assert load(tmp_path / "settings.json").text(SHORTCUT) == ""
    old("taken", "")  # late
    qtbot.wait(1)
    assert page.shortcut_problem.isHidden()


def test_the_keys_of_the_shortcut_do_nothing_while_its_field_has_the_focus(
    make: Make, qtbot: QtBot, grabs: Grabs
) -> None:
    program = make(settings=KEYS)
    program.settings.show()
    window = program.windows.settings
    assert window is not None
    field = window.recording.shortcut
    window.activateWindow()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    with qtbot.assertNotEmitted(program.tray.toggled, wait=50):
        grabs.press()
    field.clearFocus()
    with qtbot.waitSignal(program.tray.toggled):
        grabs.press()


@pytest.mark.parametrize(
    ("problem", "sentence"),
    [
        ("taken", "Another program uses these keys. Choose others."),
        ("no_key", "This keyboard lacks that key. Choose another one."),
        ("failed", "The shortcut does not work on this desktop."),
        ("denied", "The desktop did not allow the shortcut."),
        ("no_portal", "This desktop does not offer shortcuts to programs."),
    ],
)
def test_a_problem_is_explained_beside_the_field(
    make: Make, qtbot: QtBot, grabs: Grabs, problem: str, sentence: str
) -> None:
    page = section(make, KEYS)
    grabs.report(problem, "")
    qtbot.waitUntil(lambda: page.shortcut_problem.text() == sentence)
    assert page.shortcut.isEnabled()
    grabs.report("", "")
    qtbot.waitUntil(page.shortcut_problem.isHidden)


def test_a_desktop_without_shortcuts_has_no_field_to_set_one(
    make: Make, grabs: Grabs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SESSION, lambda: None)
    page = section(make, KEYS)
    assert grabs.texts == []
    assert not page.shortcut.isEnabled()
    assert page.shortcut_problem.text().startswith("Works only on desktops with X11")


def test_keys_that_the_desktop_has_set_are_shown_as_it_writes_them(
    make: Make, qtbot: QtBot, grabs: Grabs
) -> None:
    program = make(settings=KEYS)
    program.settings.show()
    assert program.windows.settings is not None
    note = program.windows.settings.recording.shortcut_problem
    grabs.report("", "Press <b>Super+R")
    qtbot.waitUntil(lambda: note.text() == "The desktop has set: Press <b>Super+R")
    assert note.textFormat() is Qt.TextFormat.PlainText
    assert program.tray.toggle.shortcut().isEmpty()
