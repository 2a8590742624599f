"""Reads every window of an X screen with the properties that the masks need; never its title."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tracker.masking.region import intersection, joined

if TYPE_CHECKING:
    from tracker.masking.rules import Rectangle

#: A workspace (_NET_WM_DESKTOP): the window is on each.
_EVERYWHERE = 0xFFFFFFFF
#: An opacity (_NET_WM_WINDOW_OPACITY).
OPAQUE = 0xFFFFFFFF


@dataclass(frozen=True)
class Window:
    """The properties of one window. `top` is the child of the root that contains it; `managed`: a
    window manager manages it and may have given it a frame; `kin` identifies its program,
    `connection` its connection to the server. `visible`: mapped with its parents, not minimised,
    and on this workspace.
    """

    id: int
    top: int
    rectangle: Rectangle
    depth: int
    mapped: bool
    visible: bool
    override: bool
    managed: bool
    names: frozenset[str]
    transient_for: int | None
    connection: int
    kin: frozenset[tuple[str, int]]


class Tree:
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
            mapped = attributes.map_state != X.IsUnmapped
            seen = seen and mapped and not self._away(handle, present)
            state = (shape.depth, mapped, seen, bool(attributes.override_redirect))
            self._keep(handle, present, top, rectangle, state)
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
        state: tuple[int, bool, bool, bool],
    ) -> None:
        def first(name: str) -> int | None:
            return self._number(handle, name) if self._atom(name) in present else None

        hints: Sequence[Any] = ()
        if self._atom("WM_HINTS") in present:
            hints = self._values(handle, "WM_HINTS")
        marks = (
            ("connection", self.connection_of(handle.id)),
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
            *state,
            self._atom("WM_STATE") in present,
            names,
            first("WM_TRANSIENT_FOR"),
            self.connection_of(handle.id),
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

    def connection_of(self, number: int) -> int:
        """The part of a window's id that is that of the connection."""
        return number & self._base

    def is_composited(self) -> bool:
        """Whether a compositor runs: without one, every window is opaque."""
        name = f"_NET_WM_CM_S{self._display.get_default_screen()}"
        owner = self._display.get_selection_owner(self._atom(name))
        return bool(owner)

    def shape(self, number: int, rectangle: Rectangle) -> list[Rectangle]:
        """The rectangles of a window that its bounding shape leaves."""
        from Xlib.ext import shape

        handle = self._display.create_resource_object("window", number)
        found = handle.shape_get_rectangles(shape.SK.Bounding).rectangles
        x, y, width, height = rectangle
        edge = int(handle.get_geometry().border_width)
        parts = ((x + edge + r.x, y + edge + r.y, r.width, r.height) for r in found)
        inside = (intersection(part, (x, y, width, height)) for part in parts)
        return joined([part] for part in inside if part is not None)

    def opacity(self, number: int) -> int:
        """The opacity that a compositor gives a window; 0xFFFFFFFF is opaque."""
        handle = self._display.create_resource_object("window", number)
        found = self._number(handle, "_NET_WM_WINDOW_OPACITY")
        return OPAQUE if found is None else found

    def opaque_region(self, window: Window) -> list[Rectangle]:
        """The rectangles in which a window with transparency declares to be opaque (EWMH)."""
        handle = self._display.create_resource_object("window", window.id)
        values = [int(one) for one in self._values(handle, "_NET_WM_OPAQUE_REGION")]
        x, y, _, _ = window.rectangle
        parts = zip(values[0::4], values[1::4], values[2::4], values[3::4], strict=False)
        moved = ((x + left, y + top, width, height) for left, top, width, height in parts)
        return [part for each in moved if (part := intersection(each, window.rectangle))]

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
