"""Queries of an X server for tests: pictures, windows, the tray.

Pictures come from GetImage over the connection, so that they share no code with the product's
capture (shared memory through libxcb).
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from PIL import Image
from Xlib import X, Xatom, error
from Xlib.display import Display
from Xlib.ext import xtest

if TYPE_CHECKING:
    from collections.abc import Iterator

BAND = 128


@dataclass(frozen=True)
class Rect:
    """In pixels of the whole screen."""

    x: int
    y: int
    width: int
    height: int

    @property
    def centre(self) -> tuple[int, int]:
        return self.x + self.width // 2, self.y + self.height // 2

    @property
    def box(self) -> tuple[int, int, int, int]:
        return self.x, self.y, self.x + self.width, self.y + self.height


@dataclass(frozen=True)
class Window:
    """A window in the window manager's list; `rect` excludes its frame."""

    id: int
    name: str
    pid: int | None
    rect: Rect


class XClient:
    """One connection; must be closed (or use `with`)."""

    def __init__(self, display: str) -> None:
        self.connection: Any = Display(display)
        self.root: Any = self.connection.screen().root

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        with contextlib.suppress(Exception):
            self.connection.flush()
        # Display.close() raises and leaves its socket open once the server is gone.
        self.connection.display.socket.close()

    # Pictures

    def grab(self, rect: Rect | None = None) -> Image.Image:
        """The screen as it is, RGB, without the pointer."""
        area = rect or self.geometry(self.root)
        picture = Image.new("RGB", (area.width, area.height))
        for top in range(0, area.height, BAND):
            rows = min(BAND, area.height - top)
            reply = self.root.get_image(
                area.x, area.y + top, area.width, rows, X.ZPixmap, 0xFFFFFFFF
            )
            size = (area.width, rows)
            band = Image.frombytes("RGB", size, reply.data, "raw", "BGRX", area.width * 4, 1)
            picture.paste(band, (0, top))
        return picture

    # Windows

    def geometry(self, window: Any) -> Rect:
        """A window's rectangle on the screen."""
        shape = window.get_geometry()
        place = self.root.translate_coords(window, 0, 0)
        return Rect(place.x, place.y, shape.width, shape.height)

    def property_of(self, window: Any, name: str, kind: int = X.AnyPropertyType) -> Any:
        """A property's value, or None."""
        with contextlib.suppress(error.BadWindow):
            found = window.get_full_property(self.connection.intern_atom(name), kind)
            return None if found is None else found.value
        return None

    def windows(self) -> tuple[Window, ...]:
        """The windows in the window manager's list, oldest first, without panels."""
        docks = {dock.id for dock in self._dock_windows()}
        found = []
        for number in self.property_of(self.root, "_NET_CLIENT_LIST", Xatom.WINDOW) or ():
            with contextlib.suppress(error.BadWindow, error.BadDrawable):
                if number not in docks:
                    found.append(self.window(int(number)))
        return tuple(found)

    def window(self, number: int) -> Window:
        """One window by its id. Raises Xlib's BadWindow or BadDrawable if it is gone."""
        handle = self.connection.create_resource_object("window", number)
        raw = self.property_of(handle, "_NET_WM_NAME")
        if raw is None:
            raw = handle.get_wm_name() or b""
        name = raw.decode(errors="replace") if isinstance(raw, bytes) else str(raw)
        pid = self.property_of(handle, "_NET_WM_PID")
        return Window(number, name, None if pid is None else int(pid[0]), self.geometry(handle))

    def active_window(self) -> int | None:
        """The id of the active window, as reported by the window manager."""
        value = self.property_of(self.root, "_NET_ACTIVE_WINDOW", Xatom.WINDOW)
        return int(value[0]) if value is not None and len(value) and value[0] else None

    def manager_is_ready(self) -> bool:
        """Whether a window manager is running.

        Its announcement (EWMH _NET_SUPPORTING_WM_CHECK) is too early: a window that asks to be
        shown before the manager has created its list of clients is sometimes lost.
        """
        return self.property_of(self.root, "_NET_CLIENT_LIST", Xatom.WINDOW) is not None

    # The tray

    def tray_is_ready(self) -> bool:
        """Whether an XEMBED tray owns its selection (freedesktop System Tray Protocol)."""
        atom = self.connection.intern_atom("_NET_SYSTEM_TRAY_S0")
        owner = self.connection.get_selection_owner(atom)
        return bool(owner != X.NONE)

    def docks(self) -> tuple[Rect, ...]:
        """The rectangles of the panels (EWMH _NET_WM_WINDOW_TYPE_DOCK)."""
        return tuple(self.geometry(window) for window in self._dock_windows())

    def embedded_icons(self) -> tuple[Rect, ...]:
        """The icons docked in an XEMBED tray, from left to right.

        They are inside a panel: toolkits mark ordinary windows with _XEMBED_INFO too.
        """
        icons = [
            self.geometry(window)
            for dock in self._dock_windows()
            for window in self._viewable(dock)
            if self.property_of(window, "_XEMBED_INFO") is not None
        ]
        return tuple(sorted((icon for icon in icons if icon.width > 1), key=lambda r: (r.x, r.y)))

    def _dock_windows(self) -> list[Any]:
        dock = self.connection.intern_atom("_NET_WM_WINDOW_TYPE_DOCK")
        return [
            window
            for window in self._viewable(self.root)
            if dock in (self.property_of(window, "_NET_WM_WINDOW_TYPE", Xatom.ATOM) or ())
        ]

    def _viewable(self, top: Any) -> Iterator[Any]:
        with contextlib.suppress(error.BadWindow, error.BadDrawable):
            for child in top.query_tree().children:
                with contextlib.suppress(error.BadWindow, error.BadDrawable):
                    if child.get_attributes().map_state == X.IsViewable:
                        yield child
                        yield from self._viewable(child)

    # Background and input state

    def paint_ground(self, colour: str) -> None:
        """Fill the screen behind all windows, `#rrggbb`."""
        self.root.change_attributes(background_pixel=int(colour.removeprefix("#"), 16))
        self.root.clear_area(0, 0, 0, 0)
        self.connection.sync()

    def repeat_keys(self, *, on: bool) -> None:
        """Whether the server repeats a held key."""
        mode = X.AutoRepeatModeOn if on else X.AutoRepeatModeOff
        self.connection.change_keyboard_control(auto_repeat_mode=mode)
        self.connection.sync()

    def release_everything(self) -> None:
        """Release keys and buttons that a test left pressed."""
        for place, bits in enumerate(self.connection.query_keymap()):
            for bit in range(8):
                if bits & (1 << bit):
                    xtest.fake_input(self.connection, X.KeyRelease, place * 8 + bit)
        mask = self.root.query_pointer().mask
        for button in range(1, 6):
            if mask & (X.Button1Mask << (button - 1)):
                xtest.fake_input(self.connection, X.ButtonRelease, button)
        self.connection.sync()
