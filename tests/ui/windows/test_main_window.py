"""The window, the settings and the consent page as widgets: layout, names, texts, directions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, get_args

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, Qt, QTranslator
from PySide6.QtGui import QAccessible, QImage, qGray
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QScrollBar,
    QWidget,
)

from tests.ui import scenes
from tests.ui.render import MARKETPLACES, first_run, first_run_scenes, window_scenes
from tracker.masking.rules import Rules
from tracker.model.status import Notice, NoticeCode
from ui.presenters.attention import attention
from ui.presenters.consent import consent_view
from ui.presenters.first_run import Step, first_run_view
from ui.presenters.formatting import plain
from ui.presenters.main_window import window_view
from ui.presenters.tray import tray_view
from ui.qt import plain_text
from ui.qt.theme import DARK, LIGHT
from ui.qt.translation import translate
from ui.qt.widgets import ElidedLine, set_property, vertical
from ui.settings.settings import (
    LANGUAGES,
    MASKED_APPLICATIONS,
    MASKED_REGIONS,
    PICTURE_IN_TOAST,
    SCREENS,
    THEME,
    Settings,
    parse,
)
from ui.windows.consent import ConsentWindow
from ui.windows.main_window import MainWindow
from ui.windows.settings.window import SettingsWindow
from ui.windows.tray import Tray
from uploader.errors import Problem

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from ui.presenters.app_state import AppState
    from ui.qt.theme import Theme

# The offscreen platform logs what it does not support.

SCENES = window_scenes()
#: The scenes without a banner.
CALM = {name: each for name, each in SCENES.items() if not (each.demo or each.marketplaces)}
#: Position and height in each state; the width of the large button and of the texts changes.
PLACES = (
    "header", "contract", "memo", "clock", "button", "line", "today", "week", "status_line",
    "settings_button",
)  # fmt: skip


def shown(qtbot: QtBot, theme: Theme, moment: AppState) -> MainWindow:
    """A window that shows a state."""
    window = MainWindow(theme)
    qtbot.addWidget(window)
    window.set_memo(moment.memo)
    window.show_view(window_view(moment, translate), moment.memos)
    with qtbot.waitExposed(window):
        window.show()
    return window


def test_nothing_moves_from_one_state_to_another(qtbot: QtBot, theme: Theme) -> None:
    window = shown(qtbot, theme, SCENES["stopped"])
    size = window.size()

    def places() -> dict[str, object]:
        QCoreApplication.processEvents()
        parts = {name: getattr(window, name) for name in PLACES}
        return {name: (part.mapTo(window, QPoint()), part.height()) for name, part in parts.items()}

    first = places()
    assert window.header.height() == 229
    for name, moment in CALM.items():
        window.show_view(window_view(moment, translate), moment.memos)
        assert places() == first, name
        assert window.size() == size, name


def test_resume_is_in_the_place_of_pause_and_stop_does_not_change(
    qtbot: QtBot, theme: Theme
) -> None:
    window = shown(qtbot, theme, SCENES["recording"])
    QCoreApplication.processEvents()
    stop, pause = window.button, window.pause_button
    before = (stop.geometry(), pause.geometry(), stop.text(), stop.grab().toImage())
    window.show_view(window_view(SCENES["paused"], translate))
    QCoreApplication.processEvents()
    assert (stop.geometry(), pause.geometry(), stop.text(), stop.grab().toImage()) == before
    assert pause.text() == "Resume"


def test_a_double_click_on_pause_only_pauses(qtbot: QtBot, theme: Theme) -> None:
    window = shown(qtbot, theme, SCENES["recording"])
    sent: list[str] = []
    window.toggled.connect(lambda: sent.append("toggled"))
    window.resumed.connect(lambda: sent.append("resumed"))
    window.paused.connect(lambda: sent.append("paused"))
    window.paused.connect(lambda: window.show_view(window_view(SCENES["paused"], translate)))
    left = Qt.MouseButton.LeftButton
    qtbot.mouseClick(window.pause_button, left)
    qtbot.mouseDClick(window.pause_button, left)
    assert sent == ["paused"]
    qtbot.mouseClick(window.pause_button, left)
    assert sent == ["paused", "resumed"]


@pytest.mark.parametrize("scheme", [LIGHT, DARK])
def test_start_and_stop_differ_without_colour(qtbot: QtBot, theme: Theme, scheme: str) -> None:
    theme.choose(scheme)
    shares = []
    for name in ("stopped", "recording"):
        window = shown(qtbot, theme, SCENES[name])
        grey = window.button.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
        ground = window.header.grab().toImage().pixelColor(4, 4)
        middle = grey.pixelColor(grey.width() // 8, grey.height() // 2).value()
        shares.append(abs(middle - qGray(ground.rgb())))
    start, stop = shares
    assert start >= 4 * stop


@pytest.mark.parametrize("name", ["review", "several", "paused", "stopped"])
@pytest.mark.parametrize("height", [560, 520, 450, 420, 410])
def test_on_a_low_screen_the_picture_becomes_smaller_first_and_the_foot_stays(
    qtbot: QtBot, theme: Theme, name: str, height: int
) -> None:
    window = shown(qtbot, theme, SCENES[name])
    window.fit(height)
    QCoreApplication.processEvents()
    for part in ("header", "line", "today", "settings_button"):
        shown_part = getattr(window, part)
        bottom = shown_part.mapTo(window, shown_part.rect().bottomLeft()).y()
        assert shown_part.isVisible()
        assert bottom < height, part
    assert window.attention.isVisible() is (name == "several")
    pictures = window.pictures
    seen = [
        part.isVisible() for part in (window.week, pictures.line, window.minutes, pictures.large)
    ]
    if name != "stopped":
        # Whatever is visible, all that goes later is visible too.
        week, line, minutes, large = seen
        assert not (line and large)
        assert week >= (line or large) >= minutes
        assert large is (name != "several" and height == 560)
    bars = window.findChildren(QScrollBar)
    assert not any(bar.isVisible() and bar.maximum() > 0 for bar in bars)


def test_below_its_smallest_form_the_window_scrolls_and_keeps_notice_and_foot(
    qtbot: QtBot, theme: Theme
) -> None:
    window = shown(qtbot, theme, SCENES["several"])
    window.fit(300)
    QCoreApplication.processEvents()
    for part in (window.attention, window.settings_button, window.button):
        assert part.mapTo(window, QPoint(0, part.height() // 2)).y() < 300


def test_several_notices_are_in_a_menu_and_each_can_be_answered(qtbot: QtBot, theme: Theme) -> None:
    window = shown(qtbot, theme, SCENES["several"])
    acted: list[tuple[str, str]] = []
    window.acted.connect(lambda action, key: acted.append((action, key)))
    assert window.notice_text.text() == "3 need attention"
    window.notice_button.click()
    menu = window.attention.findChild(QMenu)
    assert menu is not None
    for entry in menu.actions():
        entry.trigger()
    views = attention(SCENES["several"], translate)
    assert acted == [(view.action, view.key) for view in views]
    menu.close()


def test_an_urgent_notice_is_acted_on_directly_and_the_others_are_behind_it(
    qtbot: QtBot, theme: Theme
) -> None:
    urgent, other = Notice("clock_behind_market", {"off_s": 7200}), Notice("memo_required")
    moment = scenes.stopped(notices=(other, urgent))
    window = shown(qtbot, theme, moment)
    acted: list[tuple[str, str]] = []
    window.acted.connect(lambda action, key: acted.append((action, key)))
    first, second = attention(moment, translate)
    assert window.notice_text.text() == first.text
    assert (window.notice_button.text(), window.attention.more.text()) == ("Use its time", "+1")
    window.notice_button.click()
    window.attention.more.click()
    menu = window.attention.findChild(QMenu)
    assert menu is not None
    [entry] = menu.actions()
    entry.trigger()
    assert acted == [(first.action, first.key), (second.action, second.key)]
    menu.close()


def test_a_recent_memo_is_taken_by_a_click(qtbot: QtBot, theme: Theme) -> None:
    window = shown(qtbot, theme, scenes.stopped(memo=""))
    settled: list[str] = []
    window.memo_settled.connect(settled.append)
    window.memo_rows[1].click()
    assert window.memo.text() == settled[0] == scenes.MEMOS[1]


def test_a_hidden_button_of_the_memos_takes_no_focus(qtbot: QtBot, theme: Theme) -> None:
    window = shown(qtbot, theme, scenes.stopped(known_memos={scenes.ACME.ctr: scenes.MEMOS[:1]}))
    assert [button.isVisible() for button in window.memo_rows] == [True, False, False]


def search(qtbot: QtBot, theme: Theme, text: str) -> tuple[MainWindow, QLineEdit, list[str]]:
    """Type a text into the search of nine contracts: the window, the field and the choice."""
    window = shown(qtbot, theme, scenes.stopped(contracts=scenes.many_contracts(9)))
    chosen: list[str] = []
    window.contract_chosen.connect(chosen.append)
    edit = window.contract.lineEdit()
    assert edit is not None
    edit.selectAll()
    qtbot.keyClicks(edit, text)
    return window, edit, chosen


def test_from_eight_contracts_on_typing_finds_one_by_its_client(qtbot: QtBot, theme: Theme) -> None:
    window, _, chosen = search(qtbot, theme, "client 4")
    box = window.contract
    completer = box.completer()
    assert completer is not None
    assert [completer.completionModel().index(row, 0).data() for row in range(2)] == [
        "Contract 4 · Client 4", None,
    ]  # fmt: skip
    assert chosen == []
    qtbot.keyClick(completer.popup(), Qt.Key.Key_Down)
    qtbot.keyClick(completer.popup(), Qt.Key.Key_Return)
    assert chosen == [scenes.many_contracts(9)[4].ctr]


def test_a_search_that_finds_nothing_keeps_the_contract(qtbot: QtBot, theme: Theme) -> None:
    window, edit, chosen = search(qtbot, theme, "nobody")
    box = window.contract
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert (chosen, box.currentIndex(), edit.text()) == ([], 0, "Acme shop rebuild · Acme")
    assert box.count() == 9
    window.show_view(window_view(scenes.stopped(), translate))
    assert not box.isEditable()


def test_typing_in_the_contract_starts_nothing(qtbot: QtBot, theme: Theme) -> None:
    window = shown(qtbot, theme, scenes.stopped(contracts=scenes.many_contracts(9)))
    with qtbot.assertNotEmitted(window.toggled):
        qtbot.keyClicks(window.contract, "a b ")
        qtbot.keyClick(window.contract, Qt.Key.Key_Return)


def test_offline_offers_to_try_now(qtbot: QtBot, theme: Theme) -> None:
    window = shown(qtbot, theme, SCENES["offline"])
    with qtbot.waitSignal(window.retried):
        window.retry_button.click()
    window.show_view(window_view(SCENES["recording"], translate))
    assert not window.retry_button.isVisible()


@pytest.mark.parametrize("name", SCENES)
def test_every_line_has_room_for_its_text(qtbot: QtBot, theme: Theme, name: str) -> None:
    window = shown(qtbot, theme, SCENES[name])
    cut = [line.text() for line in window.findChildren(ElidedLine) if line.text().endswith("…")]
    assert cut == []


CODES = sorted({*get_args(NoticeCode), *(problem.value for problem in Problem), "internal"})
PARAMS = {
    "limit": 500, "from_s": scenes.at(20, 0), "until_s": scenes.at(20, 0), "ahead_s": 8040,
    "percent": 95, "used_s": 36 * 3600, "limit_s": 40 * 3600, "at_ms": scenes.at(15, 2) * 1000,
    "seconds": 20 * 3600 + 59 * 60, "unpaid_s": 20 * 3600 + 59 * 60, "off_s": 364 * 86_400,
}  # fmt: skip


@pytest.mark.parametrize("code", CODES)
def test_every_notice_fits_the_status_line(qtbot: QtBot, theme: Theme, code: str) -> None:
    window = shown(qtbot, theme, scenes.stopped(notices=(Notice(code, PARAMS),)))
    text = window.notice_text
    assert "{" not in text.text()
    assert text.heightForWidth(text.width()) <= text.height()


@pytest.mark.parametrize("by", ["click", "button"])
def test_a_click_on_the_picture_opens_it(qtbot: QtBot, theme: Theme, by: str) -> None:
    window = shown(qtbot, theme, scenes.reviewing(11))
    opened: list[str] = []
    window.view_picture.connect(opened.append)
    area = window.pictures
    if by == "click":
        qtbot.mouseClick(area.picture, Qt.MouseButton.LeftButton)
    else:
        area.view_button.click()
    picture = scenes.in_review().id
    assert opened == [picture]
    window.show_view(window_view(SCENES["stopped"], translate))
    qtbot.mouseClick(area.picture, Qt.MouseButton.LeftButton)
    assert opened == [picture]


def test_start_without_a_memo_marks_what_is_missing(qtbot: QtBot, theme: Theme) -> None:
    window = shown(qtbot, theme, SCENES["first"])
    view = window_view(SCENES["first"], translate)
    window.ask_memo()
    window.show_view(view)
    assert window.focusWidget() is window.memo
    assert window.memo.property("tone") == "attention"
    assert {part.property("tone") for part in window.line.findChildren(ElidedLine)} == {"attention"}
    qtbot.keyClicks(window.memo, "a")
    window.show_view(window_view(replace(SCENES["first"], memo="a"), translate))
    assert window.memo.property("tone") == ""
    assert {part.property("tone") for part in window.line.findChildren(ElidedLine)} == {"muted"}


def test_the_current_step_of_the_first_start_is_bold(qtbot: QtBot, theme: Theme) -> None:
    state = first_run_scenes()["found"]
    window = first_run(theme, state)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    for step in (*Step, *Step):
        window.show_view(first_run_view(replace(state, step=step), translate), "")
        assert {s for s, label in window.steps.items() if label.font().bold()} == {step}


KINDS = ("", "link", "icon", "row", "side", "accent", "primary", "stop", "pause", "danger")


@pytest.mark.parametrize("kind", KINDS)
def test_the_focus_ring_takes_no_room_from_a_label(qtbot: QtBot, theme: Theme, kind: str) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    column = vertical()
    window.setLayout(column)
    buttons = [plain_text.button("Open web diary") for _ in range(2)]
    for button in buttons:
        set_property(button, "kind", kind)
        column.addWidget(button)
    with qtbot.waitExposed(window):
        window.show()
    buttons[0].setFocus()
    qtbot.waitUntil(buttons[0].hasFocus)
    with_focus, without = (button.sizeHint() for button in buttons)
    assert with_focus == without


def test_no_two_buttons_share_a_mnemonic(qtbot: QtBot, theme: Theme) -> None:
    window = shown(qtbot, theme, scenes.reviewing(11))
    buttons = [each for each in window.findChildren(QPushButton) if each.isVisible()]
    keys = [each.shortcut().toString() for each in buttons if not each.shortcut().isEmpty()]
    assert len(keys) == 6  # Stop, Pause, View, Keep, Delete, Diary
    assert len(set(keys)) == len(keys)


def test_a_demonstration_shows_its_banner_above_all_else(qtbot: QtBot, theme: Theme) -> None:
    window = shown(qtbot, theme, SCENES["demo"])
    assert window.banner.isVisible()
    assert window.banner.text() == "Demo at 60x speed. Nothing is billed."
    assert window.banner.mapTo(window, window.banner.rect().topLeft()).y() == 0
    window.show_view(window_view(SCENES["recording"], translate))
    assert not window.banner.isVisible()


@pytest.mark.parametrize("name", SCENES)
def test_a_screen_reader_has_a_name_for_whatever_takes_the_focus(
    qtbot: QtBot, theme: Theme, name: str
) -> None:
    window = shown(qtbot, theme, SCENES[name])
    nameless = [
        part
        for part in window.findChildren(QWidget)
        if part.isVisible()
        and part.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not (part.accessibleName() or getattr(part, "text", str)())
    ]
    assert nameless == []


def test_drawn_parts_have_texts(qtbot: QtBot, theme: Theme) -> None:
    window = shown(qtbot, theme, SCENES["review"])
    assert window.clock.accessibleName() == "1\u00a0h 12\u00a0min"
    assert window.minutes.accessibleDescription().startswith("Minutes: 5 active, 1 without input")
    assert window.picture.accessibleName() == "Picture 15:14, upload in 11\u00a0s"
    assert window.delete_button.accessibleDescription() == "removes 4\u00a0min of paid time"


def test_from_right_to_left_the_window_is_mirrored(qtbot: QtBot, theme: Theme) -> None:
    window = MainWindow(theme)
    qtbot.addWidget(window)
    window.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    window.show_view(window_view(SCENES["review"], translate))
    with qtbot.waitExposed(window):
        window.show()
    assert window.keep_button.x() < window.picture.x()
    assert window.settings_button.x() < window.status_line.x()
    assert window.clock.x() > window.header.aside.x()
    ground = window.minutes.grab().toImage()
    accent = theme.color("accent")
    assert ground.pixelColor(ground.width() - 8, 4) == accent
    assert ground.pixelColor(8, 4) != accent


@pytest.mark.parametrize("kind", ["active", "quiet", "unmeasured", "none"])
def test_the_kinds_of_minutes_can_be_distinguished_without_colour(
    qtbot: QtBot, theme: Theme, kind: str
) -> None:
    window = shown(qtbot, theme, SCENES["stopped"])
    pictures = {}
    for one in ("active", "quiet", "unmeasured", "none"):
        window.minutes.show_minutes((one,) * 10)
        grey = (
            window.minutes.grab()
            .toImage()
            .convertToFormat(window.minutes.grab().toImage().Format.Format_Grayscale8)
        )
        pictures[one] = bytes(grey.constBits())
    others = [picture for one, picture in pictures.items() if one != kind]
    assert pictures[kind] not in others


def test_light_and_dark_switch_while_the_window_is_open(qtbot: QtBot, theme: Theme) -> None:
    window = shown(qtbot, theme, SCENES["recording"])
    seen = [window.grab().toImage()]
    theme.choose(DARK)
    seen.append(window.grab().toImage())
    assert [each.pixelColor(4, 4).name() for each in seen] == ["#e6f1eb", "#17281f"]
    assert [each.pixelColor(4, 240).name() for each in seen] == ["#fafaf8", "#161817"]


def test_more_contrast_gives_lines_and_quiet_text_the_colour_of_the_text(theme: Theme) -> None:
    theme.set_desktop_scheme(False, True)
    assert theme.color("line") == theme.color("muted") == theme.color("text")
    theme.set_desktop_scheme(False, False)
    assert theme.color("line") != theme.color("text")
    theme.choose(DARK, more_contrast=True)
    assert theme.color("line") == theme.color("muted") == theme.color("text")
    assert theme.dark
    theme.choose(DARK)
    assert theme.color("line") != theme.color("text")


def test_following_the_desktop_a_change_there_is_followed(theme: Theme) -> None:
    theme.choose("system")
    seen = []
    for dark in (True, False):
        theme.set_desktop_scheme(dark, False)
        seen.append(theme.dark)
    theme.choose(DARK)
    assert [*seen, theme.dark] == [True, False, True]


def test_a_title_with_an_ampersand_is_shown_as_it_is(qtbot: QtBot, theme: Theme) -> None:
    odd = replace(scenes.ACME, title="Bits & bytes")
    moment = scenes.stopped(contracts=(odd,))
    window = shown(qtbot, theme, moment)
    assert window.contract.currentText() == "Bits & bytes · Acme"
    tray = Tray()
    tray.show_view(tray_view(moment, translate))
    assert "Bits && bytes" in [action.text() for action in tray.menu.actions()]


def test_a_dictated_memo_counts_at_once(qtbot: QtBot, theme: Theme) -> None:
    """Assistive technology sets the whole text, without an edit and without leaving the field."""
    window = shown(qtbot, theme, scenes.stopped(memo=""))
    written: list[str] = []
    settled: list[str] = []
    window.memo_written.connect(written.append)
    window.memo_settled.connect(settled.append)
    window.set_memo("From the last time")
    assert (written, settled) == ([], [])
    seen = QAccessible.queryAccessibleInterface(window.memo)
    seen.setText(QAccessible.Text.Value, "Checkout: address form ")
    assert (written, settled) == (["Checkout: address form "], ["Checkout: address form"])


def test_a_memo_that_is_being_written_is_left_alone(qtbot: QtBot, theme: Theme) -> None:
    window = shown(qtbot, theme, scenes.stopped(memo=""))
    window.activateWindow()
    window.memo.setFocus()
    qtbot.waitUntil(window.memo.hasFocus)
    qtbot.keyClicks(window.memo, "Inv")
    window.set_memo("Shipping table import")
    assert window.memo.text() == "Inv"


def test_many_contracts_go_into_a_menu_of_their_own(qtbot: QtBot, theme: Theme) -> None:
    many = tuple(scenes.contract(f"Contract {n}", "Acme", "abcdefgh"[n]) for n in range(8))
    tray = Tray()
    tray.show_view(tray_view(scenes.stopped(contracts=many), translate))
    entries = [a for a in tray.menu.actions() if a.isVisible() and not a.isSeparator()]
    assert len(entries) <= 12
    assert [a.text() for a in tray.contracts.actions()] == [c.title for c in many]
    tray.show_view(tray_view(scenes.stopped(contracts=many[:2]), translate))
    assert not tray.contracts_entry.isVisible()


def test_the_settings_window_emits_each_change(qtbot: QtBot, theme: Theme) -> None:
    page = SettingsWindow(theme, Settings())
    qtbot.addWidget(page)
    emitted: list[Settings] = []
    page.changed.connect(emitted.append)
    page.privacy.picture_box.setChecked(False)
    page.appearance.theme_box.setCurrentIndex(2)
    page.appearance.theme_box.activated.emit(2)
    assert [one.flag(PICTURE_IN_TOAST) for one in emitted] == [False, False]
    assert [one.text(THEME) for one in emitted] == ["system", "dark"]


def test_applications_and_areas_are_added_and_removed_by_keyboard(
    qtbot: QtBot, theme: Theme
) -> None:
    page = SettingsWindow(theme, Settings())
    qtbot.addWidget(page)
    emitted: list[Settings] = []
    page.changed.connect(emitted.append)
    for part, texts in (
        (page.privacy.applications, ["KeePassXC", "Signal"]),
        (page.privacy.regions, ["0,0 5x5"]),
    ):
        for text in texts:
            qtbot.keyClicks(part.edit, text)
            qtbot.keyClick(part.edit, Qt.Key.Key_Return)
            assert part.edit.text() == ""
    assert emitted[-1].texts(MASKED_APPLICATIONS) == ("KeePassXC", "Signal")
    assert emitted[-1].texts(MASKED_REGIONS) == ("0,0 5x5",)
    page.privacy.applications.list.setCurrentRow(0)
    qtbot.keyClick(page.privacy.applications.list, Qt.Key.Key_Delete)
    assert emitted[-1].texts(MASKED_APPLICATIONS) == ("Signal",)


def test_an_invalid_area_cannot_be_added_and_nothing_twice(qtbot: QtBot, theme: Theme) -> None:
    page = SettingsWindow(theme, Settings().changed(MASKED_APPLICATIONS, ("Signal",)))
    qtbot.addWidget(page)
    emitted: list[Settings] = []
    page.changed.connect(emitted.append)
    page.privacy.regions.edit.setText("0,0 5x")
    assert not page.privacy.regions.add_button.isEnabled()
    page.privacy.regions.edit.returnPressed.emit()
    assert page.privacy.regions.edit.text() == "0,0 5x"
    page.privacy.regions.edit.setText("0,0 5x5")
    assert page.privacy.regions.add_button.isEnabled()
    page.privacy.applications.add("Signal")
    assert emitted == []
    assert not page.privacy.applications.remove_button.isEnabled()
    page.recording.screens_box.setCurrentIndex(1)
    page.recording.screens_box.activated.emit(1)
    assert emitted[-1].text(SCREENS) == "pointer"


def test_lists_that_could_not_be_read_are_reported_and_replaced(qtbot: QtBot, theme: Theme) -> None:
    settings, _ = parse(b'{"masked_applications": 7, "masked_regions": ["0,0 5x5"]}')
    page = SettingsWindow(theme, settings)
    qtbot.addWidget(page)
    emitted: list[Settings] = []
    page.changed.connect(emitted.append)
    assert not page.privacy.unread_note.isHidden()
    page.privacy.unread_button.click()
    assert page.privacy.unread_note.isHidden()
    assert emitted[-1].rules() == Rules(regions=((0, 0, 5, 5),))


def test_enter_does_not_agree_by_accident(qtbot: QtBot, theme: Theme) -> None:
    page = ConsentWindow(theme, consent_view(scenes.ACME.terms, "Acme", "m.example", False, plain))
    qtbot.addWidget(page)
    with qtbot.waitExposed(page):
        page.show()
    qtbot.keyClick(page, Qt.Key.Key_Return)
    assert page.isVisible()
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert not page.isVisible()
    assert page.result() == 0


class Marked(QTranslator):
    """Puts every translatable text into brackets."""

    def translate(
        self, context: str, text: str, disambiguation: str | None = None, n: int = -1
    ) -> str:
        del context, disambiguation, n
        return f"⟦{text}⟧"

    def isEmpty(self) -> bool:  # noqa: N802 - Qt's name
        return False


#: The bold parts of the lines, whose other parts are translated.
FIGURES = {"0:00", "2:14", "18:40", "28:42", "30:00"}
CONTRACTS = {f"{c.title} · {c.client}" for c in scenes.many_contracts(9)}

# Texts of people and the calendar, not of the program.
#: Languages have their own names.
UNTRANSLATED = {
    *LANGUAGES.values(), *(each.aud for each in MARKETPLACES),
    "Acme shop rebuild · Acme", "Harbour timetable · Harbour Lines", "Acme shop rebuild",
    "Harbour timetable", "1:12:08", "0:00:00", "–", "", *FIGURES, *CONTRACTS,
}  # fmt: skip


def words_of(widget: QWidget) -> set[str]:
    """Every text that a widget shows, describes or offers."""
    found = set()
    for part in (widget, *widget.findChildren(QWidget)):
        found |= {part.accessibleName(), part.accessibleDescription()}
        if isinstance(part, QLabel | QAbstractButton):
            found.add(part.text())
        if isinstance(part, QLineEdit):
            found.add(part.placeholderText())
        if isinstance(part, QComboBox):
            found |= {part.itemText(i) for i in range(part.count())}
        found |= {action.text() for action in part.actions() if action.shortcut().isEmpty()}
    return found


@pytest.mark.parametrize("name", [*SCENES, "settings", "consent", "menu"])
def test_every_visible_text_can_be_translated(qtbot: QtBot, theme: Theme, name: str) -> None:
    marker = Marked()
    QCoreApplication.installTranslator(marker)
    try:
        widget: QWidget
        if name == "settings":
            widget = SettingsWindow(theme, Settings())
        elif name == "consent":
            terms = scenes.ACME.terms
            widget = ConsentWindow(
                theme, consent_view(terms, "Acme", "m.example", False, translate)
            )
        elif name == "menu":
            tray = Tray()
            tray.show_view(tray_view(SCENES["review"], translate))
            widget = tray.menu
        else:
            widget = shown(qtbot, theme, SCENES[name])
        qtbot.addWidget(widget)
        plain_words = {
            text
            for text in words_of(widget)
            # A line with a bold part has the brackets in different labels.
            if not {"⟦", "⟧"} & {*text} and text not in UNTRANSLATED | set(scenes.MEMOS)
        }
    finally:
        QCoreApplication.removeTranslator(marker)
    assert plain_words == set()
