"""Windows of one colour that a test opens, moves and closes, like an application.

One `Application` is one connection to the X server. Methods return after the server has handled the
request; where a window manager decides, they wait for its decision.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, Self

from Xlib import X, Xatom
from Xlib.display import Display
from Xlib.protocol.event import ClientMessage

from tests.desktop_fixtures.waiting import wait_for
from tests.desktop_fixtures.x11 import Rect

if TYPE_CHECKING:
    from tests.desktop_fixtures.screen import Screen


class Application:
    """An X11 client. `name` is the class of its named windows; `process` the process id that they
    report.
    """

    def __init__(self, screen: Screen, name: str, *, process: int | None = None) -> None:
        self.name = name
        self._process = process
        self._display: Any = Display(screen.display)
        self._root: Any = self._display.screen().root

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection, and with it the windows."""
        with contextlib.suppress(Exception):
            self._display.sync()
        self._display.display.socket.close()

    def window(
        self,
        colour: str,
        rect: Rect,
        *,
        popup: bool = False,
        named: bool = True,
        transient_for: AppWindow | None = None,
        shown: bool = True,
        alpha: bool = False,
    ) -> AppWindow:
        """Open a window filled with `colour` (#rrggbb). `popup`: bypasses the window manager.
        `alpha`: with 32 bits a pixel, like windows that can be transparent.
        """
        pixel, kind = int(colour.removeprefix("#"), 16), {}
        if alpha:
            pixel |= 0xFF000000
            kind = self._alpha_visual()
        made: Any = self._root.create_window(
            rect.x, rect.y, rect.width, rect.height, 0, 32 if alpha else X.CopyFromParent,
            background_pixel=pixel, override_redirect=popup, **kind,
        )  # fmt: skip
        # User-specified position and size (ICCCM), so that the window manager does not place it.
        made.set_wm_normal_hints(flags=0x3)
        if named:
            made.set_wm_class(self.name.lower(), self.name)
        if self._process is not None:
            atom = self._display.intern_atom("_NET_WM_PID")
            made.change_property(atom, Xatom.CARDINAL, 32, [self._process])
        if transient_for is not None:
            made.set_wm_transient_for(transient_for.handle)
        window = AppWindow(self._display, made)
        if shown:
            window.show()
        return window

    def _alpha_visual(self) -> dict[str, Any]:
        """The attributes of a window with a visual of depth 32, which has colours of its own."""
        deep = [each for each in self._display.screen().allowed_depths if each.depth == 32]
        visual = deep[0].visuals[0].visual_id
        colours = self._root.create_colormap(visual, X.AllocNone)
        return {"visual": visual, "colormap": colours, "border_pixel": 0}


class AppWindow:
    """See `Application.window`."""

    def __init__(self, display: Any, handle: Any) -> None:
        self._display = display
        self.handle = handle

    @property
    def shown(self) -> bool:
        """Whether it is viewable, as reported by the server."""
        return bool(self.handle.get_attributes().map_state == X.IsViewable)

    def show(self) -> None:
        """Request to be shown."""
        self.handle.map()
        self._display.sync()

    def hide(self) -> None:
        """Hide it."""
        self.handle.unmap()
        self._display.sync()

    def move(self, x: int, y: int) -> None:
        """Request another position."""
        self.handle.configure(x=x, y=y)
        self._display.sync()

    def raise_(self) -> None:
        """Request to be above the others."""
        self.handle.configure(stack_mode=X.Above)
        self._display.sync()

    def minimise(self) -> None:
        """Request to be minimised (ICCCM WM_CHANGE_STATE)."""
        self._request("WM_CHANGE_STATE", [3])

    def fill_screen(self, *, on: bool = True) -> None:
        """Request to fill the screen, or no longer (EWMH), and wait for that."""
        state, full = (
            self._display.intern_atom(f"_NET_WM_STATE{part}") for part in ("", "_FULLSCREEN")
        )
        self._request("_NET_WM_STATE", [int(on), full, 0, 1])

        def filled() -> bool:
            found = self.handle.get_full_property(state, X.AnyPropertyType)
            return (found is not None and full in found.value) == on

        wait_for(filled, what="the window manager's answer")

    def choose_workspace(self, number: int) -> None:
        """Request that the desktop shows this workspace (EWMH)."""
        self._request("_NET_CURRENT_DESKTOP", [number], self._display.screen().root)

    def _request(self, kind: str, data: list[int], about: Any = None) -> None:
        """Send the window manager a request about a window, by default this one."""
        message = ClientMessage(
            window=about or self.handle,
            client_type=self._display.intern_atom(kind),
            data=(32, [*data, *[0] * (5 - len(data))]),
        )
        mask = X.SubstructureRedirectMask | X.SubstructureNotifyMask
        self._display.screen().root.send_event(message, mask)
        self._display.sync()

    def destroy(self) -> None:
        """Close it."""
        self.handle.destroy()
        self._display.sync()
