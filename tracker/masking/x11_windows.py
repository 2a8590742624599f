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
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tracker.masking.masker import PositionsUnknownError
from tracker.masking.region import common, without
from tracker.masking.x11_allowed import Layer, layers, visible_area
from tracker.masking.x11_tree import Tree, Window
from tracker.platform.x11 import ServerError, connected

if TYPE_CHECKING:
    from tracker.masking.rules import Rectangle

#: Seconds until the desktop has repainted the area that a window left.
SETTLE_S = 0.1
#: MapNotify, UnmapNotify, DestroyNotify, ReparentNotify, CirculateNotify (X11 core protocol).
_CHANGES = frozenset({19, 18, 17, 21, 26})


@dataclass(frozen=True)
class WindowSnapshot:
    """One reading: the applications' visible rectangles; the children of the root that contain
    their windows, visible or not, with their rectangles; all other windows; and, for a list of
    allowed applications, the visible windows from the lowest to the highest.
    """

    rectangles: frozenset[Rectangle]
    tops: dict[int, Rectangle]
    others: frozenset[int]
    layers: tuple[Layer, ...] = ()


class X11WindowLocator:
    """See `tracker.masking.masker.WindowLocator`. `settle` waits until the screen is painted."""

    def __init__(self, settle: Callable[[], None] = lambda: time.sleep(SETTLE_S)) -> None:
        self._settle = settle

    @contextlib.contextmanager
    def observe(
        self, applications: frozenset[str], allowed: frozenset[str] | None = None
    ) -> Iterator[X11Observation]:
        """See `tracker.masking.masker.WindowLocator`."""
        with contextlib.ExitStack() as stack:
            try:
                watch = X11Observation(stack.enter_context(connected()), applications, allowed)
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

    def __init__(
        self, display: Any, applications: frozenset[str], allowed: frozenset[str] | None = None
    ) -> None:
        from Xlib import X

        self._display = display
        self._applications = applications
        self._allowed = allowed
        display.screen().root.change_attributes(event_mask=X.SubstructureNotifyMask)
        self._before = read_windows(display, applications, allowed)
        self._after: WindowSnapshot | None = None
        #: Reported between the readings: the children of the root, with their rectangles.
        self._changes: list[tuple[int, Rectangle | None]] = []

    def visible_rectangles(self) -> tuple[Rectangle, ...]:
        """See `tracker.masking.masker.WindowObservation`."""
        try:
            after = self._read_again()
            between = self._reported(after)
        except Exception as error:
            raise _unknown(error) from error
        return tuple(sorted(self._before.rectangles | after.rectangles | between))

    def allowed_area(self) -> list[Rectangle]:
        """See `tracker.masking.masker.WindowObservation`."""
        try:
            after = self._read_again()
        except Exception as error:
            raise _unknown(error) from error
        disturbed = frozenset(number for number, _ in self._changes)
        places = [rectangle for _, rectangle in self._changes if rectangle is not None]
        places += [
            layer.rectangle
            for layer in (*self._before.layers, *after.layers)
            if layer.top in disturbed
        ]
        return without(
            common(
                visible_area(self._before.layers, disturbed), visible_area(after.layers, disturbed)
            ),
            places,
        )

    def _read_again(self) -> WindowSnapshot:
        """The reading after the picture, and what the server reported until then; once."""
        if self._after is None:
            self._after = read_windows(self._display, self._applications, self._allowed)
            self._changes = list(self._received())
        return self._after

    def _received(self) -> Iterator[tuple[int, Rectangle | None]]:
        from Xlib import X

        self._display.sync()
        while self._display.pending_events():
            event = self._display.next_event()
            if event.type in {X.ConfigureNotify, X.CreateNotify}:
                edges = 2 * event.border_width
                yield (
                    event.window.id,
                    (event.x, event.y, event.width + edges, event.height + edges),
                )
            elif event.type in _CHANGES:
                yield event.window.id, None

    def _reported(self, after: WindowSnapshot) -> set[Rectangle]:
        """Reported rectangles of windows that belong to the applications, or may."""
        known = self._before.tops | after.tops
        others = (self._before.others | after.others) - known.keys()
        found: set[Rectangle] = set()
        for number, rectangle in self._changes:
            if rectangle is not None:
                known[number] = rectangle
            if number not in others and number in known:
                found.add(known[number])
        return found


def _unknown(error: Exception) -> PositionsUnknownError:
    """Wrap an error of python-xlib."""
    return PositionsUnknownError(f"{type(error).__name__}: {error}")


def read_windows(
    display: Any, applications: frozenset[str], allowed: frozenset[str] | None = None
) -> WindowSnapshot:
    """Find the windows of the applications, and the layers for those of the allowed ones."""
    tree = Tree(display)
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
    found = () if allowed is None else tuple(layers(tree, allowed, applications))
    return WindowSnapshot(frozenset(rectangles), tops, frozenset(others), found)


def _theirs(windows: dict[int, Window], applications: frozenset[str]) -> list[Window]:
    found = {w.id for w in windows.values() if w.names & applications}
    kin = {mark for number in found for mark in windows[number].kin}
    found |= {w.id for w in windows.values() if (w.override or not w.names) and w.kin & kin}
    while dialogs := {w.id for w in windows.values() if w.transient_for in found} - found:
        found |= dialogs
    return [windows[number] for number in found]


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
