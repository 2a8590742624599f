"""The shortcut on a real X server: locks, held keys, conflicts and other layouts."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from Xlib import XK, X
from Xlib.display import Display

from tests.desktop_fixtures.waiting import wait_for
from tracker.platform.x11 import ServerError
from ui.client.shortcut.x11 import X11Shortcut
from ui.settings.shortcut import ShortcutKeys, is_shortcut

if TYPE_CHECKING:
    from tests.desktop_fixtures.desktop import Desktop

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has an X session")


class Grab:
    """A shortcut whose presses are counted and whose reports are kept."""

    def __init__(self, desktop: Desktop, text: str) -> None:
        self.desktop = desktop
        self.presses = 0
        self.reports: list[str] = []
        self._shortcut = X11Shortcut(ShortcutKeys.parse(text), self._press, self.reports.append)
        self._shortcut.start()
        wait_for(lambda: self.reports, what="the server's answer")

    def _press(self) -> None:
        self.presses += 1

    def type(self, *keys: str) -> None:
        self.desktop.xdotool(*(word for key in keys for word in ("key", key)))

    def expect(self, presses: int) -> None:
        wait_for(lambda: self.presses == presses, what=f"{presses} presses")

    def stop(self) -> None:
        self._shortcut.stop()


@pytest.fixture
def grab(bare_x: Callable[..., Desktop]) -> Iterator[Callable[..., Grab]]:
    """Grabs keys on a server of its own; released at the end."""
    made: list[Grab] = []
    desktop = bare_x()

    def make(text: str = "Ctrl+Alt+R") -> Grab:
        made.append(Grab(desktop, text))
        return made[-1]

    yield make
    for one in made:
        one.stop()


def test_each_press_counts_once_whatever_locks_are_on_or_how_long_it_is_held(
    grab: Callable[..., Grab],
) -> None:
    keys = grab()
    assert keys.reports == [""]
    keys.type("ctrl+alt+r")
    keys.expect(1)
    for pressed, lock in enumerate(("Num_Lock", "Caps_Lock", "Scroll_Lock"), start=2):
        keys.type(lock, "ctrl+alt+r")
        keys.expect(pressed)
    keys.type("r", "ctrl+r", "ctrl+alt+shift+r", "ctrl+alt+t")
    # Longer than the server's delay before it repeats a key (xset: 660 ms).
    held = ("keydown", "ctrl", "keydown", "alt", "keydown", "r", "sleep", "1.2")
    keys.desktop.xdotool(*held, "keyup", "r", "keyup", "alt", "keyup", "ctrl")
    keys.type("ctrl+alt+r")
    keys.expect(6)


def test_keys_of_another_program_are_refused_until_it_ends(grab: Callable[..., Grab]) -> None:
    other: Any = Display(grab("Meta+Space").desktop.display)
    root = other.screen().root
    code = other.keysym_to_keycode(XK.string_to_keysym("r"))
    # Only with Num Lock: a part of the grabs is not enough.
    held = X.ControlMask | X.Mod1Mask | X.Mod2Mask
    root.grab_key(code, held, True, X.GrabModeAsync, X.GrabModeAsync)
    other.sync()
    refused = grab()
    assert refused.reports == ["taken"]
    refused.type("ctrl+alt+r")
    other.display.socket.close()
    keys = grab()
    assert keys.reports == [""]
    keys.type("ctrl+alt+r")
    keys.expect(1)
    assert refused.presses == 0
    keys.stop()
    again = grab()
    assert again.reports == [""], "it was released"


def test_another_layout_moves_the_grab_to_its_key(grab: Callable[..., Grab]) -> None:
    keys = grab("Ctrl+Alt+Y")
    other: Any = Display(keys.desktop.display)
    y, z = (other.keysym_to_keycode(XK.string_to_keysym(name)) for name in "yz")
    first = min(y, z)
    mapping = [list(row) for row in other.get_keyboard_mapping(first, abs(y - z) + 1)]
    mapping[y - first], mapping[z - first] = mapping[z - first], mapping[y - first]
    other.change_keyboard_mapping(first, mapping)
    other.sync()

    def follows() -> bool:
        keys.type("ctrl+alt+y")
        return keys.presses > 0

    # xdotool finds the key by the new layout; the grab follows the server's report.
    wait_for(follows, what="the grab to follow the layout")
    before = keys.presses
    keys.type("ctrl+alt+z", "ctrl+alt+y")
    keys.expect(before + 1)
    other.display.socket.close()


def test_a_key_that_the_keyboard_lacks_is_reported(bare_x: Callable[..., Desktop]) -> None:
    desktop = bare_x()
    display: Any = Display(desktop.display)
    symbol = XK.string_to_keysym("F9")
    for code, _ in list(display.keysym_to_keycodes(symbol)):
        display.change_keyboard_mapping(code, [[0]])
    display.sync()
    keys = Grab(desktop, "Ctrl+F9")
    assert keys.reports == ["no_key"]
    keys.stop()
    display.display.socket.close()


@pytest.mark.expected_logs("the shortcut does not work")
def test_without_a_server_it_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise ServerError("no server")

    monkeypatch.setattr("ui.client.shortcut.x11.connected", refuse)
    reports: list[str] = []
    shortcut = X11Shortcut(ShortcutKeys.parse("Ctrl+F9"), lambda: None, reports.append)
    shortcut.start()
    wait_for(lambda: reports, what="the report")
    assert reports == ["failed"]
    shortcut.stop()


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("Ctrl+Alt+R", True),
        ("Ctrl+F9", True),
        ("Ctrl+Alt+F9", False),
        ("Alt+Shift+A", True),
        ("Meta+Space", True),
        ("Ctrl+0", True),
        ("F9", False),
        ("Shift+A", False),
        ("A", False),
        ("", False),
        ("+", False),
        ("Ctrl+", False),
        ("Ctrl++", False),
        ("Ctrl+Ñ", False),
        ("Ctrl+F25", False),
        ("Ctrl+Ctrl+A", False),
        ("Shift+Ctrl+A", False),
        ("Ctrl+A, Ctrl+B", False),
        ("Ctrl+a", False),
    ],
)
def test_typing_is_no_shortcut(text: str, fits: bool) -> None:
    assert is_shortcut(text) is fits
