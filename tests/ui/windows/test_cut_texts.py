"""No window cuts a text or has two controls with the same key, in any language."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import (
    QAbstractAnimation,
    QLocale,
    QPoint,
    QPropertyAnimation,
    QRect,
    QSize,
    Qt,
    QTranslator,
)
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QLabel,
    QMenu,
    QScrollArea,
    QToolButton,
    QWidget,
)

from tests.ui.render import menu, windows
from tests.ui.scenes import RECORDING, entry, full_day, scene
from ui.presenters.own_diary.choice import DiaryChoice
from ui.presenters.own_diary.day import day_view
from ui.qt import plain_text
from ui.qt.translation import install_translation, translate
from ui.qt.widgets import ChoiceBox, ElidedLine, PictureBox, horizontal
from ui.windows.own_diary.slot_delegate import SIDE, SlotDelegate
from ui.windows.own_diary.window import SIZE, DiaryWindow
from uploader.store.index.rows import UploadState

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytestqt.qtbot import QtBot

    from ui.qt.theme import Theme


#: A sentence of the operating system, of any length: the tooltip has it all.
FOREIGN = "No space left on device"
LANGUAGES = ("en", "ar", "de", "es", "pt")


@pytest.fixture
def in_language(qapp: QApplication) -> Iterator[None]:
    """Removes the translations that a test installs, and the direction of the layout."""
    before = set(qapp.findChildren(QTranslator))
    yield
    for translator in set(qapp.findChildren(QTranslator)) - before:
        qapp.removeTranslator(translator)
        translator.deleteLater()
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


@pytest.mark.usefixtures("in_language")
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_window_cuts_a_text_repeats_a_key_or_is_animated(
    qapp: QApplication, theme: Theme, language: str
) -> None:
    """All in one pass over the windows, which takes time. Without animations there is nothing to
    switch off where the desktop asks for reduced motion.
    """
    install_translation(qapp, QLocale(language))
    found = [
        f"{name}: {problem}"
        for name, window in windows(theme)
        for problem in (*cuts(window), *repeated(keys_of(window)), *animated(window))
    ]
    tray = menu()
    for name, entries in (
        ("menu", tray.menu),
        ("pictures", tray.picture),
        ("marketplaces", tray.marketplaces),
    ):
        found += [f"{name}: {text}" for text in repeated(keys_in(entries))]
    assert found == []


def animated(window: QWidget) -> Iterator[str]:
    """The animations of a window that is shown: our own, and those of Qt's style. Qt puts the
    content of a main window into its place with one that takes no time.
    """
    for animation in window.findChildren(QAbstractAnimation):
        if animation.totalDuration():
            yield f"{type(animation).__name__} is an animation"


def keys_of(window: QWidget) -> Iterator[tuple[str, str]]:
    """The mnemonics of a window that is shown, each with its text."""
    for widget in window.findChildren(QWidget):
        if not widget.isVisible():
            continue
        if isinstance(widget, QAbstractButton):
            yield widget.shortcut().toString(), widget.text()
        elif isinstance(widget, QLabel) and widget.buddy() is not None:
            yield QKeySequence.mnemonic(widget.text()).toString(), widget.text()


def keys_in(menu: QMenu) -> Iterator[tuple[str, str]]:
    """The mnemonics of a menu's entries."""
    for action in menu.actions():
        if action.isVisible():
            yield QKeySequence.mnemonic(action.text()).toString(), action.text()


def repeated(keys: Iterable[tuple[str, str]]) -> list[str]:
    """The texts whose mnemonic another text has."""
    texts = defaultdict(list)
    for key, text in keys:
        if key:
            texts[key].append(text)
    return [" / ".join(same) for same in texts.values() if len(same) > 1]


def test_the_search_finds_an_animation(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    assert list(animated(window)) == []
    QPropertyAnimation(window, b"windowOpacity", window)
    assert len(list(animated(window))) == 1


def test_the_search_finds_repeated_keys(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    row = horizontal()
    window.setLayout(row)
    for text in ("&Pausar", "&Parar", "Sair"):
        row.addWidget(plain_text.button(text))
    hidden = plain_text.button("&Perder")
    row.addWidget(hidden)
    hidden.hide()
    with qtbot.waitExposed(window):
        window.show()
    assert repeated(keys_of(window)) == ["Pausar / Parar"]
    entries = QMenu(window)
    for text in ("&Diary", "&Quit", "Sign o&ut", "Q&uit"):
        plain_text.entry(entries, text)
    assert repeated(keys_in(entries)) == ["Sign o&ut / Q&uit"]


@pytest.mark.usefixtures("in_language")
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_own_diary_has_room_for_its_words_and_facts(
    qapp: QApplication, theme: Theme, language: str
) -> None:
    """At the size in which it opens: the words in the cells with their icons, the panel whole."""
    install_translation(qapp, QLocale(language))
    entries = (
        *full_day().entries,
        entry(11, input="denied"),
        entry(12, state=UploadState.REFUSED),
        entry(13, drawn=False),
    )
    unprotected = replace(RECORDING, memo="")
    choice = DiaryChoice(slot=entry(3).t0, undo_s={entry(0).hash: 8})
    window = DiaryWindow(theme)
    for status in (RECORDING, unprotected):
        moment = scene(day=full_day(entries=entries), status=status)
        window.show_view(day_view(moment, choice, translate), 0)
        window.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        window.show()
        window.resize(SIZE)
        QApplication.processEvents()
        grid = window.grid
        slots = [s for i in grid.slots_model.slots() if (s := grid.slots_model.slot(i)) is not None]
        room = grid.columnWidth(1) - 2 * SIDE
        delegate = grid.itemDelegate()
        assert isinstance(delegate, SlotDelegate)
        assert [s.word for s in slots if delegate.word_width(s) > room] == []
        assert len({s.word for s in slots}) > 12
        texts = {s.text: delegate.shown_text(s, grid.columnWidth(1)) for s in slots if not s.thumb}
        assert {text for text, drawn in texts.items() if "…" in drawn} == set()
        assert len(texts) > 4
    area = window.panel.findChild(QScrollArea)
    assert area is not None
    assert area.verticalScrollBar().maximum() == 0
    window.deleteLater()


def test_the_search_finds_cut_texts(qtbot: QtBot, theme: Theme) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    row = horizontal()
    window.setLayout(row)
    button, label, line = (
        plain_text.button("Remove"),
        plain_text.label("a b", wrap=True),
        ElidedLine(),
    )
    for part in (button, label, line):
        part.setFixedSize(20, 18)
        row.addWidget(part)
    # Enough for any font.
    label.setFixedSize(200, 60)
    line.show_text("Nothing is sent")
    assert [cut.split(":")[0] for cut in cuts(window)] == ["Remove", "Nothing is sent"]
    label.setFixedHeight(4)
    assert len(list(cuts(window))) == 3
    picture = PictureBox(theme, QSize(80, 60), 4)
    row.addWidget(picture)
    picture.show_picture(b"", "The next picture is taken at a random moment.")
    assert picture.shown_text().endswith("…")
    assert len(list(cuts(window))) == 4


def cuts(window: QWidget) -> Iterator[str]:
    """The texts of a window that are not fully visible, each with the room that it has."""
    window.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    window.show()
    QApplication.processEvents()
    for widget in window.findChildren(QWidget):
        text = _text(widget)
        if text and FOREIGN not in text and widget.isVisible() and widget.window() is window:
            if not _fits(widget, text):
                yield f"{text}: {widget.width()} x {widget.height()}"
            elif not _inside(widget, window):
                yield f"{text}: outside of its parent"


def _text(widget: QWidget) -> str:
    if isinstance(widget, ElidedLine):
        return widget._full
    if isinstance(widget, PictureBox):
        return widget.shown_text()
    if isinstance(widget, QComboBox):
        return widget.currentText() or widget.placeholderText()
    if isinstance(widget, QToolButton):  # shows only its icon
        return ""
    return widget.text() if isinstance(widget, QLabel | QAbstractButton) else ""


def _fits(widget: QWidget, text: str) -> bool:
    if isinstance(widget, ElidedLine):
        return not widget.text().endswith("…") or text.endswith("…")
    if isinstance(widget, PictureBox):
        return not text.endswith("…") or widget.toolTip().endswith("…")
    if isinstance(widget, ChoiceBox):
        return widget.fontMetrics().horizontalAdvance(text) <= widget.text_rect().width()
    if isinstance(widget, QLabel) and widget.wordWrap():
        return widget.heightForWidth(widget.width()) <= widget.height()
    needed = widget.sizeHint()
    return needed.width() <= widget.width() and needed.height() <= widget.height()


def _inside(widget: QWidget, window: QWidget) -> bool:
    """Whether all ancestors have room for the widget; a scroll area may hide its lower part."""
    room = QRect(widget.mapTo(window, QPoint()), widget.size())
    above = widget.parentWidget()
    while above is not None:
        outer = QRect(above.mapTo(window, QPoint()), above.size())
        area = above.parentWidget()
        if isinstance(area, QAbstractScrollArea) and above is area.viewport():
            return outer.left() <= room.left() and room.right() <= outer.right()
        if not outer.contains(room):
            return False
        above = area if above is not window else None
    return True
