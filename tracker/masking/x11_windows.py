"""Positions of an application's windows on an X screen while a picture is taken.

The server is not grabbed: the capture uses another connection, which would wait for ever. Instead
the server reports each move of each window from before the picture until after it, and the windows
are read before and after. All positions of both readings and of all reports between them are
masked. The first reading is a moment before the picture, since a window's former area stays visible
until it is repainted.

Rules kept: a window is masked as a whole, with its frame, even where another one covers it (that
one may be transparent). These belong to an application: windows with its name in WM_CLASS; their
dialogs (WM_TRANSIENT_FOR); and windows without a name, or that no window manager manages (menus,
tooltips), of the same connection, process, group or leader. Minimised windows and those on other
workspaces are skipped. In doubt a rectangle is masked; if the server does not answer, there is no
picture. Names are compared and forgotten; titles are never read.

Not detected: desktops that draw a window scaled or elsewhere, as in an overview of all windows.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tracker.masking.masker import PositionsUnknownError
from tracker.platform.x11 import ServerError, connected

if TYPE_CHECKING:
    from tracker.masking.rules import Rectangle

#: Seconds until the desktop has repainted the area that a window left.
SETTLE_S = 0.1
_EVERYWHERE = 0xFFFFFFFF


@dataclass(frozen=True)
class Window:
    """The properties of one window. `top` is the child of the root that contains it; `managed`: a
    window manager manages it and may have given it a frame; `kin` identifies its program.
    """

    id: int
    top: int
    rectangle: Rectangle
    visible: bool
    override: bool
    managed: bool
    names: frozenset[str]
    transient_for: int | None
    kin: frozenset[tuple[str, int]]


@dataclass(frozen=True)
class WindowSnapshot:
    """One reading: the applications' visible rectangles; the children of the root that contain
    their windows, visible or not, with their rectangles; and all other windows.
    """

    rectangles: frozenset[Rectangle]
    tops: dict[int, Rectangle]
    others: frozenset[int]


class X11WindowLocator:
    """See `tracker.masking.masker.WindowLocator`. `settle` waits until the screen is painted."""

    def __init__(self, settle: Callable[[], None] = lambda: time.sleep(SETTLE_S)) -> None:
        self._settle = settle

    @contextlib.contextmanager
    def observe(self, applications: frozenset[str]) -> Iterator[X11Observation]:
        """See `tracker.masking.masker.WindowLocator`."""
        with contextlib.ExitStack() as stack:
            try:
                watch = X11Observation(stack.enter_context(connected()), applications)
            except Exception as error:
                raise _unknown(error) from error
            self._settle()
            yield watch

    def names(self) -> tuple[str, ...]:
        """See `tracker.masking.masker.WindowLocator`."""
        try:
            with connected() as display:
                return _names(display)
        except ServerError:
            return ()


class X11Observation:
    """See `tracker.masking.masker.WindowObservation`."""

    def __init__(self, display: Any, applications: frozenset[str]) -> None:
        from Xlib import X

        self._display = display
        self._applications = applications
        display.screen().root.change_attributes(event_mask=X.SubstructureNotifyMask)
        self._before = read_windows(display, applications)

    def visible_rectangles(self) -> tuple[Rectangle, ...]:
        """See `tracker.masking.masker.WindowObservation`."""
        try:
            after = read_windows(self._display, self._applications)
            between = self._reported(after)
        except Exception as error:
            raise _unknown(error) from error
        return tuple(sorted(self._before.rectangles | after.rectangles | between))

    def _reported(self, after: WindowSnapshot) -> set[Rectangle]:
        """Reported rectangles of windows that belong to the applications, or may."""
        from Xlib import X

        known = self._before.tops | after.tops
        others = (self._before.others | after.others) - known.keys()
        found: set[Rectangle] = set()
        self._display.sync()
        while self._display.pending_events():
            event = self._display.next_event()
            if event.type in {X.ConfigureNotify, X.CreateNotify}:
                edges = 2 * event.border_width
                known[event.window.id] = (
                    event.x, event.y, event.width + edges, event.height + edges
                )  # fmt: skip
            elif event.type != X.MapNotify:
                continue
            if event.window.id not in others and event.window.id in known:
                found.add(known[event.window.id])
        return found


def _unknown(error: Exception) -> PositionsUnknownError:
    """Wrap an error of python-xlib."""
    return PositionsUnknownError(f"{type(error).__name__}: {error}")


def read_windows(display: Any, applications: frozenset[str]) -> WindowSnapshot:
    """Find the windows of the applications."""
    tree = _Tree(display)
    windows, theirs = tree.windows, _theirs(tree.windows, applications)
    # Their frames are masked too; a panel with one of their icons is not.
    own = {w.top for w in theirs if w.managed or w.id == w.top}
    visible = [w for w in theirs if w.visible]
    rectangles = {w.rectangle for w in visible} | {
        tree.framed[w.id] for w in visible if w.id in tree.framed
    }
    rectangles |= {windows[w.top].rectangle for w in visible if w.top in own}
    tops = {top: windows[top].rectangle for top in own}
    others = {w.id for w in windows.values() if w.id == w.top} - own
    return WindowSnapshot(frozenset(rectangles), tops, frozenset(others))


def _theirs(windows: dict[int, Window], applications: frozenset[str]) -> list[Window]:
    found = {w.id for w in windows.values() if w.names & applications}
    kin = {mark for number in found for mark in windows[number].kin}
    found |= {w.id for w in windows.values() if (w.override or not w.names) and w.kin & kin}
    while dialogs := {w.id for w in windows.values() if w.transient_for in found} - found:
        found |= dialogs
    return [windows[number] for number in found]


class _Tree:
    """Every window on the screen, read one request after the other."""

    def __init__(self, display: Any) -> None:
        self._display = display
        root = display.screen().root
        # A window's id contains the number of the connection that created it.
        self._base = ~int(display.display.info.resource_id_mask)
        self._atoms: dict[str, int] = {}
        self._workspace = self._number(root, "_NET_CURRENT_DESKTOP")
        self.windows: dict[int, Window] = {}
        #: Including the frame that the window manager reports.
        self.framed: dict[int, Rectangle] = {}
        for child in root.query_tree().children:
            self._walk(child, child.id, (0, 0), seen=True)

    def _walk(self, handle: Any, top: int, origin: tuple[int, int], *, seen: bool) -> None:
        from Xlib import X, error

        try:
            attributes = handle.get_attributes()
            if attributes.win_class == X.InputOnly:
                return
            shape = handle.get_geometry()
            present = frozenset(handle.list_properties())
            x, y, edge = origin[0] + shape.x, origin[1] + shape.y, int(shape.border_width)
            rectangle = (x, y, shape.width + 2 * edge, shape.height + 2 * edge)
            seen = seen and attributes.map_state != X.IsUnmapped
            seen = seen and not self._away(handle, present)
            override = bool(attributes.override_redirect)
            self._keep(handle, present, top, rectangle, visible=seen, override=override)
            children = handle.query_tree().children
        except (error.BadWindow, error.BadDrawable):
            return  # The window is gone; the server reports its last position.
        for child in children:
            self._walk(child, top, (x + edge, y + edge), seen=seen)

    def _keep(
        self,
        handle: Any,
        present: frozenset[int],
        top: int,
        rectangle: Rectangle,
        *,
        visible: bool,
        override: bool,
    ) -> None:
        def first(name: str) -> int | None:
            return self._number(handle, name) if self._atom(name) in present else None

        hints: Sequence[Any] = ()
        if self._atom("WM_HINTS") in present:
            hints = self._values(handle, "WM_HINTS")
        marks = (
            ("connection", handle.id & self._base),
            ("process", first("_NET_WM_PID")),
            ("window", first("WM_CLIENT_LEADER")),
            ("window", int(hints[8]) if len(hints) > 8 else None),
        )
        names: frozenset[str] = frozenset()
        if self._atom("WM_CLASS") in present:
            raw = bytes(self._values(handle, "WM_CLASS")).decode("latin-1")
            names = frozenset(part.casefold() for part in raw.split("\0") if part)
        self.windows[handle.id] = Window(
            handle.id,
            top,
            rectangle,
            visible,
            override,
            self._atom("WM_STATE") in present,
            names,
            first("WM_TRANSIENT_FOR"),
            frozenset((kind, number) for kind, number in marks if number),
        )
        if self._atom("_NET_FRAME_EXTENTS") in present:
            extents = self._values(handle, "_NET_FRAME_EXTENTS")
            if len(extents) == 4:
                left, right, above, below = (int(side) for side in extents)
                self.framed[handle.id] = (
                    rectangle[0] - left,
                    rectangle[1] - above,
                    rectangle[2] + left + right,
                    rectangle[3] + above + below,
                )

    def _away(self, handle: Any, present: frozenset[int]) -> bool:
        """Whether it is minimised (not only shaded) or on another workspace; some window managers
        keep such windows mapped.
        """
        if self._workspace is not None and self._atom("_NET_WM_DESKTOP") in present:
            workspace = self._number(handle, "_NET_WM_DESKTOP")
            if workspace not in {None, self._workspace, _EVERYWHERE}:
                return True
        if self._atom("_NET_WM_STATE") not in present:
            return False
        states = set(self._values(handle, "_NET_WM_STATE"))
        hidden, shaded = (self._atom(f"_NET_WM_STATE_{word}") for word in ("HIDDEN", "SHADED"))
        return hidden in states and shaded not in states

    def _number(self, handle: Any, name: str) -> int | None:
        values = self._values(handle, name)
        return int(values[0]) if len(values) else None

    def _values(self, handle: Any, name: str) -> Any:
        from Xlib import X

        found = handle.get_full_property(self._atom(name), X.AnyPropertyType)
        return () if found is None else found.value

    def _atom(self, name: str) -> int:
        if name not in self._atoms:
            self._atoms[name] = int(self._display.intern_atom(name))
        return self._atoms[name]


def _names(display: Any) -> tuple[str, ...]:
    """The class of each application in the window manager's list, except panels."""
    from Xlib import Xatom, error

    root = display.screen().root
    clients = root.get_full_property(display.intern_atom("_NET_CLIENT_LIST"), Xatom.WINDOW)
    kind = display.intern_atom("_NET_WM_WINDOW_TYPE")
    furniture = {display.intern_atom(f"_NET_WM_WINDOW_TYPE_{word}") for word in ("DOCK", "DESKTOP")}
    found: dict[str, str] = {}
    for number in clients.value if clients is not None else ():
        with contextlib.suppress(error.BadWindow):
            window = display.create_resource_object("window", int(number))
            names, types = window.get_wm_class(), window.get_full_property(kind, Xatom.ATOM)
            if names and not furniture.intersection(types.value if types is not None else ()):
                found[names[1].casefold()] = names[1]
    return tuple(found[key] for key in sorted(found))
