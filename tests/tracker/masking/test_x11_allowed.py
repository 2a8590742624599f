"""An allow-list on a real X screen: everything but the allowed windows is masked."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from Xlib import X, Xatom
from Xlib.ext import composite, shape

from tests.desktop_fixtures.appwindow import Application
from tests.desktop_fixtures.waiting import wait_for
from tests.desktop_fixtures.x11 import Rect
from tests.tracker.masking.test_x11_windows import ThereAndBack, left_over, shown
from tracker.capture.backends.mss_screen import MssCapture
from tracker.masking.masker import Masker
from tracker.masking.region import intersection
from tracker.masking.rules import Rectangle, Rules
from tracker.masking.x11_windows import X11WindowLocator

if TYPE_CHECKING:
    from tests.desktop_fixtures.appwindow import AppWindow
    from tests.desktop_fixtures.desktop import Desktop
    from tracker.capture.interface import Frame

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has an X session")

SECRET, OPEN, GROUND = "#e01b84", "#2a9d4f", "#2e3440"
ONLY_EDITOR = Rules(allowed=frozenset({"editor"}))


@pytest.fixture
def editor(clean_desktop: Desktop) -> Iterator[Application]:
    """The allowed application."""
    with Application(clean_desktop, "Editor", process=424242) as application:
        yield application


@pytest.fixture
def mail(clean_desktop: Desktop) -> Iterator[Application]:
    """Another one."""
    with Application(clean_desktop, "Mail", process=424243) as application:
        yield application


def take(
    during: Callable[[], object] = lambda: None, rules: Rules = ONLY_EDITOR
) -> tuple[Frame, tuple[Rectangle, ...]]:
    """A picture; `during` runs after the first reading of windows and before the capture."""

    def moment() -> int:
        during()
        return 0

    return Masker(X11WindowLocator(), rules).take(lambda: MssCapture().grab(moment))


def visible(taken: tuple[Frame, tuple[Rectangle, ...]], colour: str) -> int:
    """Pixels of the colour that the masks leave."""
    return left_over(*taken, colour)


def is_covered(masks: tuple[Rectangle, ...], rectangle: Rectangle) -> bool:
    parts = [part for mask in masks if (part := intersection(mask, rectangle))]
    return sum(w * h for _, _, w, h in parts) == rectangle[2] * rectangle[3]


def test_only_the_allowed_window_is_left(
    clean_desktop: Desktop, editor: Application, mail: Application
) -> None:
    window = editor.window(OPEN, Rect(300, 200, 400, 250))
    other = mail.window(SECRET, Rect(900, 600, 300, 200))
    wait_for(lambda: window.shown and other.shown and len(clean_desktop.windows()) == 2)
    taken = take()
    assert visible(taken, OPEN) == 400 * 250
    assert visible(taken, SECRET) == 0
    assert visible(taken, GROUND) == 0, "the desktop behind the windows is masked too"
    assert len(taken[1]) <= 60


def test_without_an_allowed_window_everything_is_masked(
    clean_desktop: Desktop, mail: Application
) -> None:
    other = mail.window(SECRET, Rect(900, 600, 300, 200))
    wait_for(lambda: other.shown)
    frame, masks = take()
    assert masks == ((0, 0, frame.width, frame.height),)
    assert take(rules=Rules(allowed=frozenset()))[1] == masks


def test_a_hidden_window_above_an_allowed_one_is_masked_and_below_is_not(
    clean_desktop: Desktop, editor: Application, mail: Application
) -> None:
    editor.window(OPEN, Rect(300, 200, 400, 250), popup=True)
    other = mail.window(SECRET, Rect(350, 250, 100, 100), popup=True)
    taken = take()
    assert visible(taken, SECRET) == 0
    assert visible(taken, OPEN) == 400 * 250 - 100 * 100
    assert other.shown
    other.handle.configure(stack_mode=X.Below)
    other._display.sync()
    taken = take()
    assert visible(taken, OPEN) == 400 * 250


def test_a_menu_of_another_program_above_the_window_is_masked(
    clean_desktop: Desktop, editor: Application, mail: Application
) -> None:
    """An override-redirect window without a name, which claims to belong to the editor."""
    main = editor.window(OPEN, Rect(300, 200, 400, 250))
    wait_for(lambda: main.shown)
    menu = mail.window(SECRET, Rect(400, 300, 80, 60), popup=True, named=False, transient_for=main)
    pid = main._display.intern_atom("_NET_WM_PID")
    menu.handle.change_property(pid, Xatom.CARDINAL, 32, [424242])
    menu._display.sync()
    assert visible(take(), SECRET) == 0


def test_the_editors_own_menu_is_left(clean_desktop: Desktop, editor: Application) -> None:
    main = editor.window(OPEN, Rect(300, 200, 400, 250))
    wait_for(lambda: main.shown)
    editor.window("#ffcc00", Rect(600, 400, 300, 100), popup=True, named=False)
    assert visible(take(), "#ffcc00") == 300 * 100


def test_a_nameless_window_of_a_program_with_hidden_windows_is_masked(
    clean_desktop: Desktop, editor: Application
) -> None:
    main = editor.window(OPEN, Rect(300, 200, 400, 250), popup=True)
    editor.name = "Mail"
    editor.window("#ffcc00", Rect(900, 400, 50, 50), popup=True)
    editor.window(SECRET, Rect(600, 400, 300, 100), popup=True, named=False)
    assert main.shown
    taken = take()
    assert (visible(taken, SECRET), visible(taken, "#ffcc00")) == (0, 0)
    assert visible(taken, OPEN) > 0


def latin(title: str) -> str:
    return title.encode("latin-1", "replace").decode("latin-1")


@pytest.mark.parametrize(
    "title", ["x" * 70_000, "\u202egnp.terces", ".*|^(?:editor)$", "Editor", "", "a\nb\0c"]
)
def test_a_title_does_not_make_a_window_allowed(
    clean_desktop: Desktop, editor: Application, mail: Application, title: str
) -> None:
    editor.window(OPEN, Rect(100, 100, 100, 100), popup=True).handle.set_wm_name(latin(title))
    other = mail.window(SECRET, Rect(400, 100, 100, 100), popup=True)
    utf8 = other._display.intern_atom("UTF8_STRING")
    name = other._display.intern_atom("_NET_WM_NAME")
    other.handle.change_property(name, utf8, 8, title.encode()[:70_000])
    other.handle.set_wm_name(latin(title))
    other._display.sync()
    taken = take()
    assert (visible(taken, OPEN), visible(taken, SECRET)) == (100 * 100, 0)


@pytest.mark.parametrize("name", ["x" * 5000, "\u202erotide", "edit.*", "Editor2", "editor editor"])
def test_a_similar_name_is_another_application(
    clean_desktop: Desktop, mail: Application, name: str
) -> None:
    window = mail.window(SECRET, Rect(400, 100, 100, 100), popup=True)
    atom = window._display.intern_atom("WM_CLASS")
    window.handle.change_property(atom, Xatom.STRING, 8, name.encode() + b"\0" + name.encode())
    window._display.sync()
    assert visible(take(), SECRET) == 0


def test_a_window_with_an_allowed_and_a_hidden_name_is_masked(
    clean_desktop: Desktop, editor: Application
) -> None:
    editor.window(SECRET, Rect(400, 100, 100, 100), popup=True)
    rules = Rules(frozenset({"editor"}), allowed=frozenset({"editor"}))
    assert visible(take(rules=rules), SECRET) == 0


def test_an_allowed_window_that_is_partly_off_the_screen_is_left_there(
    clean_desktop: Desktop, editor: Application
) -> None:
    editor.window(OPEN, Rect(-50, -20, 100, 100), popup=True)
    editor.window(OPEN, Rect(1900, 1000, 100, 200), popup=True)
    assert visible(take(), OPEN) == 50 * 80 + 20 * 80


def test_what_a_shaped_window_does_not_cover_is_masked(
    clean_desktop: Desktop, editor: Application, mail: Application
) -> None:
    mail.window(SECRET, Rect(300, 200, 400, 250), popup=True)
    window = editor.window(OPEN, Rect(300, 200, 400, 250), popup=True)
    window.handle.shape_rectangles(
        shape.SO.Set, shape.SK.Bounding, X.YXBanded, 0, 0, [(0, 0, 400, 100)]
    )
    window._display.sync()
    taken = take()
    assert shown(taken[0]) == 400 * 150
    assert (visible(taken, SECRET), visible(taken, OPEN)) == (0, 400 * 100)


def translucent(window: AppWindow) -> None:
    atom = window._display.intern_atom("_NET_WM_WINDOW_OPACITY")
    window.handle.change_property(atom, Xatom.CARDINAL, 32, [0x80000000])
    window._display.sync()


def own_compositor_selection(window: AppWindow) -> None:
    """Give the sign of a running compositor (EWMH), which ends with the window."""
    atom = window._display.intern_atom("_NET_WM_CM_S0")
    window.handle.set_selection_owner(atom, X.CurrentTime)
    window._display.sync()


def test_below_a_translucent_window_a_hidden_one_is_masked(
    clean_desktop: Desktop, editor: Application, mail: Application
) -> None:
    below = mail.window(SECRET, Rect(300, 200, 100, 100), popup=True)
    window = editor.window(OPEN, Rect(300, 200, 400, 250), popup=True)
    translucent(window)
    assert visible(take(), OPEN) == 400 * 250, "without a compositor every window is opaque"
    own_compositor_selection(below)
    taken = take()
    assert is_covered(taken[1], (300, 200, 100, 100))
    assert visible(taken, OPEN) == 400 * 250 - 100 * 100


def test_below_a_window_with_alpha_a_hidden_one_is_masked_but_for_the_declared_opaque_part(
    clean_desktop: Desktop, editor: Application, mail: Application
) -> None:
    below = mail.window(SECRET, Rect(300, 200, 200, 100), popup=True)
    window = editor.window(OPEN, Rect(300, 200, 400, 250), popup=True, alpha=True)
    assert window.handle.get_geometry().depth == 32
    assert visible(take(), OPEN) == 400 * 250, "without a compositor every window is opaque"
    own_compositor_selection(below)
    taken = take()
    assert is_covered(taken[1], (300, 200, 200, 100))
    assert visible(taken, OPEN) == 400 * 250 - 200 * 100
    opaque = window._display.intern_atom("_NET_WM_OPAQUE_REGION")
    window.handle.change_property(opaque, Xatom.CARDINAL, 32, [0, 0, 50, 250])
    window._display.sync()
    taken = take()
    assert is_covered(taken[1], (350, 200, 150, 100))
    assert visible(taken, OPEN) == 400 * 250 - 150 * 100
    assert visible(taken, SECRET) == 0


def test_the_overlay_of_a_compositor_is_no_window(
    clean_desktop: Desktop, editor: Application
) -> None:
    window = editor.window(OPEN, Rect(300, 200, 400, 250), popup=True)
    display: Any = window._display
    composite.query_version(display)
    overlay = composite.get_overlay_window(display.screen().root).overlay_window
    # Drawn by the server in a window of the size of the screen, above all.
    overlay.shape_rectangles(shape.SO.Set, shape.SK.Bounding, X.YXBanded, 0, 0, [])
    display.sync()
    assert visible(take(), OPEN) == 400 * 250


def test_an_allowed_window_that_moves_during_the_picture_is_masked(
    clean_desktop: Desktop, editor: Application, mail: Application
) -> None:
    mail.window(SECRET, Rect(100, 100, 300, 200), popup=True)
    window = editor.window(OPEN, Rect(100, 100, 300, 200), popup=True)
    still = editor.window("#ffcc00", Rect(1000, 100, 300, 200), popup=True)
    taken = take(lambda: window.move(500, 500))
    assert shown(taken[0]) == 300 * 200
    assert (visible(taken, SECRET), visible(taken, OPEN)) == (0, 0)
    assert visible(taken, "#ffcc00") == 300 * 200
    assert still.shown


def test_an_allowed_window_that_is_away_only_for_the_picture_is_masked(
    clean_desktop: Desktop, editor: Application, mail: Application
) -> None:
    mail.window(SECRET, Rect(100, 100, 300, 200), popup=True)
    window = editor.window(OPEN, Rect(100, 100, 300, 200), popup=True)
    for there, back in (
        (lambda: window.move(500, 500), lambda: window.move(100, 100)),
        (window.hide, window.show),
        (lambda: lower(window), window.raise_),
    ):
        grab = ThereAndBack(there, back)
        taken = Masker(X11WindowLocator(), ONLY_EDITOR).take(grab)
        assert shown(taken[0]) == 300 * 200
        assert visible(taken, SECRET) == 0


def lower(window: AppWindow) -> None:
    window.handle.configure(stack_mode=X.Below)
    window._display.sync()


def test_a_hidden_window_that_passes_over_the_allowed_one_is_masked(
    clean_desktop: Desktop, editor: Application, mail: Application
) -> None:
    editor.window(OPEN, Rect(100, 100, 600, 400), popup=True)
    other = mail.window(SECRET, Rect(1000, 700, 300, 200), popup=True)
    below = mail.window(SECRET, Rect(200, 200, 50, 50), popup=True)
    lower(below)
    for there, back in (
        (lambda: other.move(200, 200), lambda: other.move(1000, 700)),
        (below.raise_, lambda: lower(below)),
    ):
        grab = ThereAndBack(there, back)
        taken = Masker(X11WindowLocator(), ONLY_EDITOR).take(grab)
        assert shown(taken[0]) > 300 * 200 - 1
        assert visible(taken, SECRET) == 0


def test_a_window_that_exists_only_for_the_picture_is_masked(
    clean_desktop: Desktop, editor: Application, mail: Application
) -> None:
    editor.window(OPEN, Rect(100, 100, 600, 400), popup=True)
    with contextlib.ExitStack() as stack:

        def there() -> None:
            window = mail.window(SECRET, Rect(300, 300, 100, 100), popup=True)
            stack.callback(window.destroy)

        grab = ThereAndBack(there, stack.close)
        taken = Masker(X11WindowLocator(), ONLY_EDITOR).take(grab)
    assert shown(taken[0]) == 100 * 100
    assert visible(taken, SECRET) == 0


def test_a_minimised_window_masks_nothing(
    clean_desktop: Desktop, editor: Application, mail: Application
) -> None:
    window = editor.window(OPEN, Rect(300, 200, 400, 250))
    other = mail.window(SECRET, Rect(300, 200, 400, 250))
    wait_for(lambda: window.shown and other.shown)
    other.minimise()
    # While the window manager arranges the others, all is masked.
    wait_for(lambda: visible(take(), OPEN) == 400 * 250, what="the allowed window")
    window.minimise()
    wait_for(lambda: not window.shown)
    frame, masks = take()
    assert masks == ((0, 0, frame.width, frame.height),)


def test_each_of_two_monitors_shows_only_the_allowed_window(bare_x: Callable[..., Desktop]) -> None:
    desktop = bare_x("800x600,480x640")
    with Application(desktop, "Editor") as editor, Application(desktop, "Mail") as mail:
        mail.window(SECRET, Rect(0, 0, 1280, 640))
        editor.window(OPEN, Rect(700, 100, 300, 200))
        both = take()
        assert (visible(both, OPEN), visible(both, SECRET)) == (300 * 200, 0)
        second = Masker(X11WindowLocator(), ONLY_EDITOR).take(
            lambda: MssCapture("2").grab(lambda: 0)
        )
        assert (visible(second, OPEN), visible(second, SECRET)) == (200 * 200, 0)
