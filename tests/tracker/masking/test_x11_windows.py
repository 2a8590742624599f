"""Positions of an application's windows on a real X screen, before, during and after a picture."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from tests.desktop_fixtures.appwindow import Application
from tests.desktop_fixtures.waiting import wait_for
from tests.desktop_fixtures.x11 import Rect
from tracker.capture.backends.mss_screen import MssCapture
from tracker.capture.interface import CaptureError, Frame
from tracker.masking.masker import Masker
from tracker.masking.rules import Rectangle, Rules
from tracker.masking.x11_windows import X11WindowLocator

if TYPE_CHECKING:
    from tests.desktop_fixtures.desktop import Desktop

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has an X session")

SECRET, OPEN = "#e01b84", "#2a9d4f"
RULES = Rules(frozenset({"vault"}))


@pytest.fixture
def vault(clean_desktop: Desktop) -> Iterator[Application]:
    """The application that is never shown."""
    with Application(clean_desktop, "Vault", process=424242) as application:
        yield application


@pytest.fixture
def notes(clean_desktop: Desktop) -> Iterator[Application]:
    """Another one."""
    with Application(clean_desktop, "Notes", process=424243) as application:
        yield application


def take(during: Callable[[], object] = lambda: None) -> tuple[Frame, tuple[Rectangle, ...]]:
    """A picture; `during` runs after the first reading of windows and before the capture."""

    def moment() -> int:
        during()
        return 0

    return Masker(X11WindowLocator(), RULES).take(lambda: MssCapture().grab(moment))


def left_over(frame: Frame, masks: tuple[Rectangle, ...], colour: str = SECRET) -> int:
    """Pixels of the colour outside the masks."""
    pixels = bytearray(frame.bgrx)
    for x, y, width, height in masks:
        for row in range(y, y + height):
            start = 4 * (row * frame.width + x)
            pixels[start : start + 4 * width] = bytes(4 * width)
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    found = pixels.count(bytes([blue, green, red, 0])) + pixels.count(
        bytes([blue, green, red, 255])
    )
    return found


def shown(frame: Frame, colour: str = SECRET) -> int:
    return left_over(frame, (), colour)


def area(masks: tuple[Rectangle, ...]) -> int:
    return sum(width * height for _, _, width, height in masks)


def test_a_window_is_masked_with_its_frame_and_others_are_not(
    clean_desktop: Desktop, vault: Application, notes: Application
) -> None:
    window = vault.window(SECRET, Rect(300, 200, 400, 250))
    other = notes.window(OPEN, Rect(900, 600, 300, 200))
    wait_for(lambda: window.shown and other.shown and len(clean_desktop.windows()) == 2)
    frame, masks = take()
    assert shown(frame) == 400 * 250
    assert left_over(frame, masks) == 0
    assert left_over(frame, masks, OPEN) == shown(frame, OPEN) == 300 * 200
    # The window manager's frame, with its title, is slightly larger than the window.
    assert 400 * 250 + 400 * 10 < area(masks) < 500 * 350


def test_a_window_below_another_one_is_masked_all_the_same(
    clean_desktop: Desktop, vault: Application, notes: Application
) -> None:
    window = vault.window(SECRET, Rect(300, 200, 400, 250), popup=True)
    notes.window(OPEN, Rect(350, 250, 100, 100), popup=True)
    frame, masks = take()
    assert masks == ((300, 200, 400, 250),)
    assert window.shown
    assert left_over(frame, masks) == 0


@pytest.mark.parametrize("named", [True, False], ids=["named", "nameless"])
def test_menus_and_tooltips_are_the_applications(
    clean_desktop: Desktop, vault: Application, named: bool
) -> None:
    main = vault.window(OPEN, Rect(100, 100, 300, 200))
    wait_for(lambda: main.shown and clean_desktop.windows())
    vault.window(SECRET, Rect(900, 700, 120, 300), popup=True, named=named)
    frame, masks = take()
    assert shown(frame) == 120 * 300
    assert left_over(frame, masks) == 0


def test_a_popup_of_a_minimised_application_is_masked_and_the_rest_of_the_screen_is_not(
    clean_desktop: Desktop, vault: Application
) -> None:
    main = vault.window(OPEN, Rect(100, 100, 300, 200))
    wait_for(lambda: main.shown and clean_desktop.windows())
    main.minimise()
    # The window manager animates the shrinking window, which must still be masked.
    wait_for(lambda: not main.shown and take()[1] == (), what="the window to be away")
    vault.window(SECRET, Rect(900, 700, 120, 300), popup=True, named=False)
    assert take()[1] == ((900, 700, 120, 300),)


def test_a_popup_from_another_process_of_the_application_is_masked(
    clean_desktop: Desktop, vault: Application
) -> None:
    main = vault.window(OPEN, Rect(100, 100, 300, 200))
    wait_for(lambda: main.shown and clean_desktop.windows())
    with Application(clean_desktop, "Helper", process=424242) as helper:
        helper.window(SECRET, Rect(900, 700, 120, 300), popup=True, named=False)
        frame, masks = take()
    assert shown(frame) == 120 * 300
    assert left_over(frame, masks) == 0


def test_a_dialog_with_another_name_is_masked_with_its_window(
    clean_desktop: Desktop, vault: Application
) -> None:
    main = vault.window(OPEN, Rect(100, 100, 300, 200))
    with Application(clean_desktop, "Chooser") as chooser:
        dialog = chooser.window(SECRET, Rect(900, 600, 200, 200), transient_for=main)
        wait_for(lambda: main.shown and dialog.shown and len(clean_desktop.windows()) == 2)
        frame, masks = take()
    assert shown(frame) == 200 * 200
    assert left_over(frame, masks) == 0


def test_a_window_on_another_workspace_is_not_listed(
    clean_desktop: Desktop, vault: Application
) -> None:
    window = vault.window(SECRET, Rect(100, 100, 300, 200))
    wait_for(lambda: window.shown and clean_desktop.windows())
    clean_desktop.xdotool("set_desktop", "1")
    try:
        wait_for(lambda: not window.shown)
        assert take()[1] == ()
    finally:
        clean_desktop.xdotool("set_desktop", "0")
    wait_for(lambda: window.shown)
    assert take()[1] != ()


def test_a_window_that_moves_during_the_picture_is_masked_wherever_it_was(
    clean_desktop: Desktop, vault: Application
) -> None:
    window = vault.window(SECRET, Rect(100, 100, 300, 200), popup=True)
    frame, masks = take(lambda: window.move(1000, 700))
    assert shown(frame) == 300 * 200
    assert left_over(frame, masks) == 0
    assert set(masks) == {(100, 100, 300, 200), (1000, 700, 300, 200)}


def test_a_managed_window_that_moves_during_the_picture_is_masked_wherever_it_was(
    clean_desktop: Desktop, vault: Application
) -> None:
    window = vault.window(SECRET, Rect(100, 100, 300, 200))
    wait_for(lambda: window.shown and clean_desktop.windows())
    before = clean_desktop.windows()[0].rect

    def move() -> None:
        window.move(1000, 700)
        wait_for(lambda: clean_desktop.windows()[0].rect != before)

    frame, masks = take(move)
    assert shown(frame) == 300 * 200
    assert left_over(frame, masks) == 0


class ThereAndBack:
    """A capture backend during whose captures a window is elsewhere."""

    name = "there and back"

    def __init__(self, there: Callable[[], None], back: Callable[[], None]) -> None:
        self._there, self._back = there, back

    def __call__(self) -> Frame:
        self._there()
        frame = MssCapture().grab(lambda: 0)
        self._back()
        return frame


def test_a_window_that_is_elsewhere_only_for_the_picture_is_masked_there(
    clean_desktop: Desktop, vault: Application
) -> None:
    window = vault.window(SECRET, Rect(100, 100, 300, 200), popup=True)
    grab = ThereAndBack(lambda: window.move(1000, 700), lambda: window.move(100, 100))
    frame, masks = Masker(X11WindowLocator(), RULES).take(grab)
    assert shown(frame) == 300 * 200
    assert left_over(frame, masks) == 0


def test_a_menu_that_is_shown_only_for_the_picture_is_masked(
    clean_desktop: Desktop, vault: Application
) -> None:
    menu = vault.window(SECRET, Rect(700, 300, 300, 200), popup=True, shown=False)
    frame, masks = Masker(X11WindowLocator(), RULES).take(ThereAndBack(menu.show, menu.hide))
    assert shown(frame) == 300 * 200
    assert left_over(frame, masks) == 0


def test_a_window_that_exists_only_for_the_picture_is_masked(
    clean_desktop: Desktop, vault: Application
) -> None:
    with contextlib.ExitStack() as stack:

        def there() -> None:
            window = vault.window(SECRET, Rect(700, 300, 300, 200), popup=True)
            stack.callback(window.destroy)

        frame, masks = Masker(X11WindowLocator(), RULES).take(ThereAndBack(there, stack.close))
    assert shown(frame) == 300 * 200
    assert left_over(frame, masks) == 0


def test_a_window_of_another_application_that_moves_is_not_masked(
    clean_desktop: Desktop, vault: Application, notes: Application
) -> None:
    vault.window(SECRET, Rect(100, 100, 300, 200), popup=True)
    other = notes.window(OPEN, Rect(900, 600, 300, 200), popup=True)
    frame, masks = take(lambda: other.move(1000, 700))
    assert masks == ((100, 100, 300, 200),)
    assert left_over(frame, masks) == 0


def test_the_former_position_of_a_moving_window_is_masked_too(
    clean_desktop: Desktop, vault: Application
) -> None:
    window = vault.window(SECRET, Rect(100, 100, 300, 200), popup=True)
    finder = X11WindowLocator(settle=lambda: window.move(1000, 700))
    frame, masks = Masker(finder, RULES).take(lambda: MssCapture().grab(lambda: 0))
    assert set(masks) == {(100, 100, 300, 200), (1000, 700, 300, 200)}
    assert left_over(frame, masks) == 0


def test_a_window_without_a_window_manager_is_masked(bare_x: Callable[..., Desktop]) -> None:
    desktop = bare_x("800x600,480x640")
    with Application(desktop, "Vault") as vault:
        vault.window(SECRET, Rect(700, 100, 300, 200))
        frame, masks = take()
        assert masks == ((700, 100, 300, 200),)
        assert left_over(frame, masks) == 0
        second = Masker(X11WindowLocator(), RULES).take(lambda: MssCapture("2").grab(lambda: 0))
        assert second[1] == ((0, 100, 200, 200),)
        assert left_over(*second) == 0


def test_an_icon_in_another_programs_panel_is_masked_and_the_panel_is_not(
    bare_x: Callable[..., Desktop],
) -> None:
    desktop = bare_x()
    with Application(desktop, "Panel") as panel, Application(desktop, "Vault") as vault:
        bar = panel.window(OPEN, Rect(0, 500, 800, 40), popup=True)
        icon = vault.window(SECRET, Rect(0, 0, 24, 24), popup=True, shown=False)
        icon.handle.reparent(bar.handle, 100, 8)
        icon.show()
        frame, masks = take()
    assert masks == ((100, 508, 24, 24),)
    assert left_over(frame, masks) == 0


@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
def test_a_server_that_dies_during_the_picture_leaves_none(
    bare_x: Callable[..., Desktop], monkeypatch: pytest.MonkeyPatch
) -> None:
    desktop = bare_x()
    desktop.x.paint_ground(OPEN)
    pixels = bytes([1]) + bytes(4 * 800 * 600 - 1)

    def grab() -> Frame:
        desktop.kill_x()
        return Frame(800, 600, pixels, "all", 0)

    def reason(grab: Callable[[], Frame]) -> str:
        with pytest.raises(CaptureError, match="windows cannot be found") as caught:
            Masker(X11WindowLocator(), RULES).take(grab)
        return caught.value.reason

    assert reason(grab) == "masked"
    monkeypatch.setenv("DISPLAY", ":4242")
    assert reason(lambda: Frame(800, 600, pixels, "all", 0)) == "masked"
    assert X11WindowLocator().names() == ()


def test_open_applications_are_reported_by_name_and_not_by_title(
    clean_desktop: Desktop, vault: Application, notes: Application
) -> None:
    for application in (vault, notes, vault):
        application.window(OPEN, Rect(100, 100, 300, 200)).handle.set_wm_name("Accounts of May")
    notes.window(OPEN, Rect(100, 100, 300, 200), popup=True)
    wait_for(lambda: len(clean_desktop.windows()) == 3)
    assert X11WindowLocator().names() == ("Notes", "Vault")
