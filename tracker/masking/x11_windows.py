"""Where an application's windows are and were on an X screen, while a picture is taken.

The server is not grabbed: the picture is taken on another connection, which would wait for ever.
Instead, from before the picture until after it, the server reports each move of each window on the
screen, and the windows are looked up before and after. Masked are all places of both look-ups and
of all reports between. The first look-up is a moment earlier than the picture, since what a window
has just left stays visible until it is painted over.

Rules kept: a window is masked as a whole, with its frame, also where another one covers it (that
one may be transparent). What belongs to an application: windows with its name in WM_CLASS; their
dialogs (WM_TRANSIENT_FOR); and windows without a name of their own, or that no window manager
manages (menus, tooltips), of the same connection, process, group or leader. Windows that are
minimised or on another workspace are not there. In doubt a rectangle is masked; without an answer
of the server there is no picture. Names are compared and forgotten; titles are never read.

Not known here: where a desktop draws a window smaller or elsewhere than it is, as in an overview
of all windows.
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

#: Real seconds in which what a window left is painted over.
SETTLE_S = 0.1
_EVERYWHERE = 0xFFFFFFFF


@dataclass(frozen=True)
class Window:
    """What is known of one window. `top` is the child of the root that it lies in; `managed` by a
    window manager, which may have given it a frame; `kin` what it shares with windows of the same
    program.
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
    """One look: the visible places of the applications' windows; the children of the root in which
    they have windows, visible or not, and where those are; and the others that were looked at.
    """

    rectangles: frozenset[Rectangle]
    tops: dict[int, Rectangle]
    others: frozenset[int]


class X11WindowLocator:
    """See `tracker.masking.masker.Finder`. `settle` waits until the screen is painted."""

    def __init__(self, settle: Callable[[], None] = lambda: time.sleep(SETTLE_S)) -> None:
        self._settle = settle

    @contextlib.contextmanager
    def observe(self, applications: frozenset[str]) -> Iterator[X11Observation]:
        """See `tracker.masking.masker.Finder`."""
        with contextlib.ExitStack() as stack:
            try:
                watch = X11Observation(stack.enter_context(connected()), applications)
            except Exception as error:
                raise _unknown(error) from error
            self._settle()
            yield watch

    def names(self) -> tuple[str, ...]:
        """See `tracker.masking.masker.Finder`."""
        try:
            with connected() as display:
                return _names(display)
        except ServerError:
            return ()


class X11Observation:
    """See `tracker.masking.masker.Watch`."""

    def __init__(self, display: Any, applications: frozenset[str]) -> None:
        from Xlib import X

        self._display = display
        self._applications = applications
        display.screen().root.change_attributes(event_mask=X.SubstructureNotifyMask)
        self._before = read_windows(display, applications)

    def visible_rectangles(self) -> tuple[Rectangle, ...]:
        """See `tracker.masking.masker.Watch`."""
        try:
            after = read_windows(self._display, self._applications)
            between = self._reported(after)
        except Exception as error:
            raise _unknown(error) from error
        return tuple(sorted(self._before.rectangles | after.rectangles | between))

    def _reported(self, after: WindowSnapshot) -> set[Rectangle]:
        """Places that were reported of windows that are theirs, or may be."""
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
    """Whatever python-xlib makes of a server that does not answer as it should."""
    return PositionsUnknownError(f"{type(error).__name__}: {error}")


def read_windows(display: Any, applications: frozenset[str]) -> WindowSnapshot:
    """Find the windows of the applications."""
    tree = _Tree(display)
    windows, theirs = tree.windows, _theirs(tree.windows, applications)
    # The frame is theirs as well; a panel with one of their icons is not.
    own = {w.top for w in theirs if w.managed or w.id == w.top}
    visible = [w for w in theirs if w.visible]
    places = {w.rectangle for w in visible} | {
        tree.framed[w.id] for w in visible if w.id in tree.framed
    }
    places |= {windows[w.top].rectangle for w in visible if w.top in own}
    tops = {top: windows[top].rectangle for top in own}
    others = {w.id for w in windows.values() if w.id == w.top} - own
    return WindowSnapshot(frozenset(places), tops, frozenset(others))


def _theirs(windows: dict[int, Window], applications: frozenset[str]) -> list[Window]:
    found = {w.id for w in windows.values() if w.names & applications}
    kin = {mark for number in found for mark in windows[number].kin}
    found |= {w.id for w in windows.values() if (w.override or not w.names) and w.kin & kin}
    while dialogs := {w.id for w in windows.values() if w.transient_for in found} - found:
        found |= dialogs
    return [windows[number] for number in found]


class _Tree:
    """Every window on the screen, by one question after the other."""

    def __init__(self, display: Any) -> None:
        self._display = display
        root = display.screen().root
        # The server numbers a connection's windows below a base of its own.
        self._base = ~int(display.display.info.resource_id_mask)
        self._atoms: dict[str, int] = {}
        self._workspace = self._number(root, "_NET_CURRENT_DESKTOP")
        self.windows: dict[int, Window] = {}
        #: With the edges that the window manager says to have drawn around it.
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
            place = (x, y, shape.width + 2 * edge, shape.height + 2 * edge)
            seen = seen and attributes.map_state != X.IsUnmapped
            seen = seen and not self._away(handle, present)
            override = bool(attributes.override_redirect)
            self._keep(handle, present, top, place, visible=seen, override=override)
            children = handle.query_tree().children
        except (error.BadWindow, error.BadDrawable):
            return  # It is gone; where it was is reported.
        for child in children:
            self._walk(child, top, (x + edge, y + edge), seen=seen)

    def _keep(
        self,
        handle: Any,
        present: frozenset[int],
        top: int,
        place: Rectangle,
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
            place,
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
                    place[0] - left,
                    place[1] - above,
                    place[2] + left + right,
                    place[3] + above + below,
                )

    def _away(self, handle: Any, present: frozenset[int]) -> bool:
        """Minimised (not only rolled up), or on another workspace; some window managers leave such
        windows mapped.
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
    """The applications of the window manager's list, each by its class, without the panels."""
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
