"""Text from outside in real widgets: never HTML, a link, a picture or a command."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QStringListModel, Qt, QUrl, Slot
from PySide6.QtGui import QAction, QDesktopServices, QHelpEvent, QImage, QTextDocument
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QMenu,
    QMessageBox,
    QSystemTrayIcon,
    QToolTip,
    QWidget,
)

from diary.core.display import FSI, PDI
from tests.ui import scenes
from tracker.diagnostics import Diagnosis
from ui.presenters.consent import consent_view
from ui.presenters.diagnostics import diagnostics_view
from ui.presenters.diary import new_device_question
from ui.presenters.idle_question import idle_view
from ui.presenters.main_window import window_view
from ui.presenters.own_diary.choice import DiaryChoice
from ui.presenters.own_diary.day import day_view
from ui.presenters.tray import tray_view
from ui.qt import plain_text
from ui.qt.translation import translate
from ui.settings.settings import MASKED_APPLICATIONS, Settings
from ui.windows.consent import ConsentWindow
from ui.windows.diagnostics import DiagnosticsWindow
from ui.windows.dialogs import ask
from ui.windows.idle_question import IdleQuestion
from ui.windows.main_window import MainWindow
from ui.windows.own_diary.window import DiaryWindow
from ui.windows.settings.window import SettingsWindow
from ui.windows.tray import Tray

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from ui.qt.theme import Theme

RED = "#ff0000"
MARKUP = '<h2>Hello</h2><a href="file:///etc/passwd">link</a>'
CONTROLS = "a\u202eb\u2066c\x1b[2Jd\ne\x00f\x07g\x9bh"
HOSTILE = f"{MARKUP}<!--{CONTROLS}&lt;&amp; [*] \t"
#: A rule cannot contain control characters in an application's name.
ODD_APPLICATION = "<b>a</b><!--&lt;"


@pytest.fixture
def picture(tmp_path: Path) -> str:
    """Markup that would show a red picture from the disk."""
    image = QImage(64, 64, QImage.Format.Format_RGB32)
    image.fill(RED)
    path = tmp_path / "red.png"
    assert image.save(str(path))
    return f'<img src="{path}" width="64" height="64"><img src="file://{path}">'


def red(image: QImage) -> int:
    """The number of red pixels."""
    return sum(
        image.pixelColor(x, y).name() == RED
        for x in range(image.width())
        for y in range(image.height())
    )


def texts(widget: QWidget) -> Iterator[str]:
    """Every text that a widget shows, describes or offers."""
    for part in (widget, *widget.findChildren(QWidget)):
        yield from (part.windowTitle(), part.accessibleName(), part.accessibleDescription())
        yield QTextDocument(part.toolTip()).toPlainText() if "<p" in part.toolTip() else ""
        for reader in ("text", "placeholderText", "title", "currentText"):
            read = getattr(part, reader, None)
            if callable(read):
                yield str(read())
        if isinstance(part, QComboBox):
            yield from (part.itemText(i) for i in range(part.count()))
        if isinstance(part, QListWidget):
            yield from (part.item(i).text() for i in range(part.count()))
        for action in part.actions():
            yield action.text()


def assert_harmless(widget: QWidget) -> None:
    for label in (*widget.findChildren(QLabel), *([widget] if isinstance(widget, QLabel) else [])):
        if label.text():
            assert label.textFormat() is Qt.TextFormat.PlainText, label.text()
            assert not label.openExternalLinks(), label.text()
    shown = list(texts(widget))
    for text in shown:
        found = sorted(set(text) & set("\u202e\u2066\x1b\x00\x07\x9b"))
        assert found == [], text
    assert any("\ufffd" in text or "<b>a" in text for text in shown), "there is no hostile text"


ODD = scenes.contract(HOSTILE, HOSTILE, "a")
MOMENT = scenes.scene(
    contracts=(ODD, scenes.HARBOUR),
    known_memos={scenes.ACME.ctr: (HOSTILE,)},
    memo=HOSTILE,
    demo=True,
    day=scenes.day(entries=(scenes.entry(0, memo=HOSTILE), scenes.entry(1, ctr="b" * 22))),
)


def windows(theme: Theme) -> dict[str, QWidget]:
    """Every window of the program, with hostile text in every field from outside."""
    main = MainWindow(theme)
    main.set_memo(HOSTILE)
    main.show_view(window_view(MOMENT, translate), MOMENT.memos)
    day = DiaryWindow(theme)
    day.show_view(day_view(MOMENT, DiaryChoice(), translate), 0)
    doctor = DiagnosticsWindow(theme)
    facts = {"folder": HOSTILE, "name": HOSTILE, "problem": HOSTILE, "detail": HOSTILE}
    doctor.show_view(
        diagnostics_view(
            [
                Diagnosis("folder", "attention", "not_writable", facts=facts),
                Diagnosis("input", "attention", "x", reasons=("Said.",), facts=facts),
                Diagnosis("marketplace", "ok", "works", facts=facts),
            ],
            translate,
        )
    )
    settings = SettingsWindow(theme, Settings().changed(MASKED_APPLICATIONS, (ODD_APPLICATION,)))
    settings.offer((ODD_APPLICATION,))
    return {
        "main": main,
        "day": day,
        "doctor": doctor,
        "settings": settings,
        "consent": ConsentWindow(
            theme, consent_view(ODD.terms, HOSTILE, HOSTILE, False, translate), None
        ),
        "idle": IdleQuestion(theme, idle_view(scenes.IDLE, HOSTILE, None, translate)),
        "sibling": ask(
            new_device_question(HOSTILE, scenes.at(9, 0), None, translate), danger=False
        ),
    }


NAMES = ("main", "day", "doctor", "settings", "consent", "idle", "sibling")


@pytest.mark.parametrize("name", NAMES)
def test_every_window_shows_hostile_text_as_text(qtbot: QtBot, theme: Theme, name: str) -> None:
    for window in (made := windows(theme)).values():
        qtbot.addWidget(window)
    assert tuple(made) == NAMES
    with qtbot.waitExposed(made[name]):
        made[name].show()
    assert_harmless(made[name])


def test_the_warning_about_a_new_device_is_not_hidden_by_its_name(
    qtbot: QtBot, theme: Theme, picture: str
) -> None:
    question = new_device_question(f"<h2>All is well</h2>{picture}<!--", 0, None, translate)
    box = ask(question, danger=False)
    qtbot.addWidget(box)
    with qtbot.waitExposed(box):
        box.show()
    [details] = [p for p in box.findChildren(QLabel) if "informative" in p.objectName()]
    assert "If it is yours, this computer confirms that." in details.text()
    assert details.text().startswith("<h2>All is well</h2>")
    assert details.textFormat() is Qt.TextFormat.PlainText
    assert red(box.grab().toImage()) == 0
    assert details.accessibleDescription().endswith("<!--")


class Opener(QObject):
    """Records what would be opened."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    @Slot("QUrl")
    def take(self, url: object) -> None:
        self.opened.append(str(url))


def test_a_link_in_a_name_opens_nothing(qtbot: QtBot, theme: Theme) -> None:
    opener = Opener()
    QDesktopServices.setUrlHandler("file", opener, "take")  # type: ignore[arg-type]
    try:
        label = plain_text.label('<a href="file:///etc/passwd">wwwwwwwwwwwwwwww</a>')
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        box = ask(
            replace(new_device_question("x", 0, None, translate), details=MARKUP), danger=False
        )
        for widget in (label, box):
            qtbot.addWidget(widget)
            with qtbot.waitExposed(widget):
                widget.show()
        for target in (label, *(p for p in box.findChildren(QLabel) if p.text())):
            for x in range(2, target.width(), 6):
                point = QPoint(x, target.height() // 2)
                qtbot.mouseClick(target, Qt.MouseButton.LeftButton, pos=point)
        QApplication.processEvents()
        opened = list(opener.opened)
        QDesktopServices.openUrl(QUrl("file:///etc/hosts"))
    finally:
        QDesktopServices.unsetUrlHandler("file")
    assert opened == []
    assert len(opener.opened) == 1, "the handler would not have seen a link"


def tip_of(qtbot: QtBot, widget: QWidget) -> QLabel:
    """The tooltip on the screen."""
    with qtbot.waitExposed(widget):
        widget.show()
    point = widget.rect().center()
    QApplication.sendEvent(
        widget, QHelpEvent(QEvent.Type.ToolTip, point, widget.mapToGlobal(point))
    )
    qtbot.waitUntil(QToolTip.isVisible)
    [tip] = [w for w in QApplication.topLevelWidgets() if w.objectName() == "qtooltip_label"]
    assert isinstance(tip, QLabel)
    return tip


def test_a_tooltip_shows_markup_as_text_and_loads_no_picture(qtbot: QtBot, picture: str) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    hostile = f"{picture}<b>Acme</b> &lt;x&gt;"
    plain_text.set_tooltip(widget, hostile)
    tip = tip_of(qtbot, widget)
    assert red(tip.grab().toImage()) == 0
    assert QTextDocument().toPlainText() == ""
    document = QTextDocument()
    document.setHtml(tip.text())
    assert document.toPlainText() == hostile
    assert widget.accessibleDescription() == hostile
    QToolTip.hideText()


@pytest.mark.parametrize(
    "text",
    ["Acme", "a < b", "a<b>c", "Q&A", "&lt;b&gt;", "<?xml ?><b>", "<!doctype html>", " \n<b>x</b>"],
)
def test_a_tooltip_reads_as_it_was_written(qtbot: QtBot, text: str) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    plain_text.set_tooltip(widget, text)
    tip = widget.toolTip()
    # Qt looks for a tag, or for `&lt;`; without either it shows the text unchanged.
    rich = "<" in tip or "&" in tip
    document = QTextDocument()
    document.setHtml(tip)
    assert (document.toPlainText() if rich else tip) == text


def test_a_tooltip_ends_with_its_text_and_keeps_a_description_of_another(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    plain_text.set_tooltip(widget, "<b>")
    plain_text.set_tooltip(widget, "")
    assert (widget.toolTip(), widget.accessibleDescription()) == ("", "")
    plain_text.set_accessible(widget, description="Ten minutes")
    plain_text.set_tooltip(widget, "<b>")
    assert widget.accessibleDescription() == "Ten minutes"


def test_a_long_tooltip_is_broken_into_lines_and_bounded(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    plain_text.set_tooltip(widget, "word " * 5_000)
    assert max(map(len, widget.toolTip().split("\n"))) <= 80
    assert len(widget.toolTip()) <= 2_000


def test_a_menu_entry_shows_ampersands_and_is_cut(qtbot: QtBot) -> None:
    action = QAction()
    plain_text.set_name_entry(action, "Bits & bytes &lt;\tCtrl+Q")
    assert action.text() == "Bits && bytes &&lt; Ctrl+Q"
    plain_text.set_name_entry(action, "x" * 500)
    assert action.text() == "x" * 59 + "…"
    assert action.toolTip().replace("\n", "") == "x" * 500


def test_the_tray_gets_text_that_no_panel_reads_as_markup(qtbot: QtBot) -> None:
    tray = Tray()
    tray.show_view(tray_view(MOMENT, translate))
    tip = tray.icon.toolTip()
    assert not set(tip) & set("<>\u202e\x1b\n")
    assert "&lt;" not in tip
    assert tray.status.text().startswith("Recording, <h2>Hello</h2>")
    titles = [action.text() for action in tray.menu.actions()]
    assert any(text.startswith("<h2>Hello") for text in titles)
    assert not set("".join(titles)) & set("\u202e\x1b\n\t\x00")


def test_a_notification_of_the_desktop_holds_no_markup(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    emitted: list[tuple[str, str]] = []
    monkeypatch.setattr(
        QSystemTrayIcon, "showMessage", lambda self, title, text, *_: emitted.append((title, text))
    )
    plain_text.show_message(
        QSystemTrayIcon(), "<b>a\u202e", 'AT&T & <a href="x">b</a>&amp;\nnext line\x1b'
    )
    assert emitted == [("‹b›a\ufffd", 'AT＆T & ‹a href="x"›b‹/a›＆amp;\nnext line\ufffd')]


def test_a_window_title_shows_the_place_of_qts_own_mark(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    plain_text.set_title(widget, "Terms [*] of Acme\n\x1b")
    assert widget.windowTitle() == "Terms [*][*] of Acme \ufffd"
    with qtbot.waitExposed(widget):
        widget.show()
    assert widget.windowHandle().title().startswith("Terms [*] of Acme \ufffd")


def test_a_box_is_not_as_wide_as_a_long_word(qtbot: QtBot) -> None:
    box = plain_text.message_box("Workdiary", "W" * 400, "W" * 4_000)
    qtbot.addWidget(box)
    with qtbot.waitExposed(box):
        box.show()
    assert box.width() < 900


def test_lists_and_fields_hold_what_was_put_in(qtbot: QtBot) -> None:
    rows = QListWidget()
    qtbot.addWidget(rows)
    plain_text.add_row(rows, HOSTILE)
    assert plain_text.row_text(rows, 0) == HOSTILE
    assert "\u202e" not in rows.item(0).text()
    model = QStringListModel()
    plain_text.set_rows(model, (HOSTILE, "b"))
    assert "\x1b" not in model.stringList()[0]
    edit = QLineEdit()
    qtbot.addWidget(edit)
    plain_text.set_edit(edit, "a\nb\u202e")
    assert edit.text() == "a b\ufffd"
    box = QComboBox()
    qtbot.addWidget(box)
    plain_text.add_choice(box, "W" * 500, "id", tooltip="<b>Acme</b>")
    assert len(box.itemText(0)) == 120
    tip = box.itemData(0, Qt.ItemDataRole.ToolTipRole)
    document = QTextDocument()
    document.setHtml(tip)
    assert document.toPlainText() == "W" * 500 + "\n<b>Acme</b>"


def test_an_application_with_an_odd_name_is_masked_by_that_name(qtbot: QtBot, theme: Theme) -> None:
    page = SettingsWindow(theme, Settings())
    qtbot.addWidget(page)
    emitted: list[Settings] = []
    page.changed.connect(emitted.append)
    page.offer((ODD_APPLICATION,))
    page.privacy.open_box.activated.emit(0)
    assert emitted[-1].texts(MASKED_APPLICATIONS) == (ODD_APPLICATION,)


def ink(image: QImage) -> tuple[int, int]:
    """The first and the last column with a pixel darker than the background."""
    ground = image.pixelColor(0, 0)
    columns = [
        x
        for x in range(image.width())
        if any(image.pixelColor(x, y) != ground for y in range(0, image.height(), 2))
    ]
    return min(columns), max(columns)


@pytest.mark.parametrize("direction", Qt.LayoutDirection)
def test_a_name_from_right_to_left_leaves_the_direction_of_the_sentence(
    qtbot: QtBot, direction: Qt.LayoutDirection
) -> None:
    view = new_device_question("מחשב (1)", 0, None, translate)
    assert view.details.startswith(f"{FSI}מחשב (1){PDI}, since ")
    before = QApplication.layoutDirection()
    QApplication.setLayoutDirection(direction)
    try:
        label = plain_text.label(f"{FSI}מחשב (1){PDI}, x {'y ' * 90}", wrap=True)
        qtbot.addWidget(label)
        # As in a message box: Qt lays such a text out as a document, and detects its direction.
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        label.setFixedSize(600, label.heightForWidth(600))
        image = label.grab().toImage()
    finally:
        QApplication.setLayoutDirection(before)
    # The last line of the paragraph begins where the program's sentences begin.
    height = label.fontMetrics().height() - 2
    first, last = ink(image.copy(0, image.height() - height, image.width(), height))
    right = direction is Qt.LayoutDirection.RightToLeft
    assert (first > 40 and last > 560) if right else (first < 40)


def test_own_texts_keep_their_mnemonic(qtbot: QtBot) -> None:
    menu = QMenu()
    qtbot.addWidget(menu)
    assert plain_text.entry(menu, "&Quit").text() == "&Quit"
    box = plain_text.message_box("t", "x")
    qtbot.addWidget(box)
    assert plain_text.box_button(box, "&Yes", QMessageBox.ButtonRole.YesRole).text() == "&Yes"
