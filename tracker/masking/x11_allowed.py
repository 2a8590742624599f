"""The area of an X screen in which only allowed applications are visible.

Rules kept: in doubt an area is not in it. A window above an allowed one hides it; a window below an
allowed one that may be translucent hides that part too. An allowed window has an allowed name in
WM_CLASS and no hidden one. Windows without a name (menus, tooltips) are allowed if all named ones
of their connection to the server are. What a window claims about its parent (WM_TRANSIENT_FOR) or
its process (_NET_WM_PID) does not make it allowed.

Not detected: what a desktop draws without a window above the others, such as GNOME Shell's
notifications and its overview.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.masking.region import common, joined, without
from tracker.masking.x11_tree import OPAQUE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from tracker.masking.rules import Rectangle
    from tracker.masking.x11_tree import Tree, Window

_ALPHA_DEPTH = 32
#: Windows of the server itself, such as the compositor's overlay, have this bit and no client's.
_SERVER_BIT = 0x40000000


@dataclass(frozen=True)
class Layer:
    """A visible child of the root, from the lowest to the highest. `shown`: the parts of an allowed
    one that are its own; `opaque`: those through which nothing below is visible.
    """

    top: int
    rectangle: Rectangle
    allowed: bool
    shown: tuple[Rectangle, ...] = ()
    opaque: tuple[Rectangle, ...] = ()


def layers(tree: Tree, allowed: frozenset[str], hidden: frozenset[str]) -> list[Layer]:
    """The visible children of the root, from the lowest to the highest."""
    windows = tree.windows
    by_top: dict[int, list[Window]] = {}
    for window in windows.values():
        by_top.setdefault(window.top, []).append(window)
    ours = _ours(windows.values(), allowed - hidden, hidden)
    composited = tree.is_composited()
    found = []
    for top, members in by_top.items():  # in the order of the server's list
        if not _is_on_screen(windows[top], members) or _is_the_servers(tree, top):
            continue
        roots = [w for w in members if w.id in ours and (w.managed or w.id == top)]
        rectangle = windows[top].rectangle
        if not any(w.visible for w in roots):
            found.append(Layer(top, rectangle, allowed=False))
            continue
        # Of other programs inside: embedded windows.
        foreign = [w.rectangle for w in members if w.visible and w.names and w.id not in ours]
        shown = without(tree.shape(top, rectangle), foreign)
        opaque = _opaque(tree, roots, top, shown) if composited else shown
        found.append(Layer(top, rectangle, True, tuple(shown), tuple(opaque)))
    return found


def visible_area(found: Sequence[Layer], disturbed: Collection[int]) -> list[Rectangle]:
    """The area in which only allowed windows are visible. `disturbed` are children of the root that
    changed meanwhile: a hidden one counts as above all others, an allowed one as hidden.
    """
    above = [each.rectangle for each in found if each.top in disturbed]
    parts: list[list[Rectangle]] = []
    below: list[Rectangle] = []
    for number, layer in enumerate(found):
        if not layer.allowed:
            below.append(layer.rectangle)
        elif layer.top not in disturbed:
            higher = [each.rectangle for each in found[number + 1 :] if not each.allowed]
            clear = without(layer.shown, layer.opaque)
            part = [*layer.opaque, *without(clear, below)]
            parts.append(without(part, [*higher, *above]))
    return joined(parts)


def _ours(
    windows: Iterable[Window], allowed: frozenset[str], hidden: frozenset[str]
) -> frozenset[int]:
    """The windows of the allowed applications."""
    listed = list(windows)
    named = {w.id for w in listed if w.names & allowed and not w.names & hidden}
    connections = {w.connection for w in listed if w.id in named}
    # One program may have windows of several names: its nameless ones may belong to any.
    connections -= {w.connection for w in listed if w.names and w.id not in named and w.visible}
    return frozenset(
        w.id for w in listed if w.id in named or (not w.names and w.connection in connections)
    )


def _is_on_screen(top: Window, members: Iterable[Window]) -> bool:
    """Whether it is mapped and, if a window manager manages it, not minimised or elsewhere."""
    managed = [w for w in members if w.managed]
    return top.mapped and (not managed or any(w.visible for w in managed))


def _is_the_servers(tree: Tree, top: int) -> bool:
    return not tree.connection_of(top) & ~_SERVER_BIT


def _opaque(
    tree: Tree, roots: Iterable[Window], top: int, shown: list[Rectangle]
) -> list[Rectangle]:
    """The parts of a child of the root through which a compositor shows nothing below."""
    numbers = {top, *(w.id for w in roots)}
    if any(tree.opacity(number) != OPAQUE for number in numbers):
        return []
    if all(tree.windows[number].depth != _ALPHA_DEPTH for number in numbers):
        return shown
    declared = joined([part] for w in roots for part in tree.opaque_region(w))
    return common(shown, declared)
