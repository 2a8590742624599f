"""Reads the windows of a session through accessibility (AT-SPI), without a library.

For compositors that list no windows. The programs need `QT_LINUX_ACCESSIBILITY_ALWAYS_ON`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jeepney import DBusAddress

from tests.desktop_fixtures.bus import ACCESSIBILITY, Bus
from tests.desktop_fixtures.waiting import wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROOT = ("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root")
#: Some of AT-SPI's state numbers.
_ACTIVE, _FOCUSED, _SENSITIVE, _SHOWING = 1, 12, 24, 25


@dataclass(frozen=True)
class Part:
    """A window or a part of it; `depth` is 2 for windows."""

    address: DBusAddress
    name: str
    role: str
    depth: int
    states: int

    def _is(self, state: int) -> bool:
        return bool(self.states >> state & 1)

    @property
    def active(self) -> bool:
        """Whether it is the active window."""
        return self._is(_ACTIVE)

    @property
    def focused(self) -> bool:
        """Whether it has the keyboard focus."""
        return self._is(_FOCUSED)

    @property
    def usable(self) -> bool:
        """Whether it is shown and accepts input."""
        return self._is(_SENSITIVE) and self._is(_SHOWING)


class Reader:
    """Reads everything again for each query; must be closed."""

    def __init__(self, session: Bus) -> None:
        """`session` is the session bus, which starts AT-SPI if it is not running."""
        address = wait_for(lambda: session.call(ACCESSIBILITY, "GetAddress"), what="AT-SPI")[0]
        self._bus = Bus(address)

    def close(self) -> None:
        self._bus.close()

    def parts(self) -> Iterator[Part]:
        """All parts of all windows, each window before its parts."""
        layer = [(_ROOT, 0)]
        while layer:
            (owner, path), depth = layer.pop()
            address = DBusAddress(path, owner, "org.a11y.atspi.Accessible")
            states = self._bus.call(address, "GetState")
            if states is None:
                continue  # gone meanwhile
            low, high = states[0]
            if depth:
                role = self._bus.call(address, "GetRoleName") or ("",)
                name = self._bus.get(address, "Name") or ""
                yield Part(address, name, role[0], depth, low | high << 32)
            children: Any = self._bus.call(address, "GetChildren") or ([],)
            layer += [(tuple(child), depth + 1) for child in children[0]]

    def window(self, name: str) -> Part | None:
        """The window of this name, if it is shown."""
        found = (part for part in self.parts() if (part.depth, part.name) == (2, name))
        return next((part for part in found if part.usable), None)

    def button(self, name: str) -> Part | None:
        """The button of this name, if it can be pressed."""
        found = (p for p in self.parts() if (p.role, p.name) == ("push button", name))
        return next((part for part in found if part.usable), None)

    def act(self, part: Part) -> None:
        """Carry out the first action of a part, as a press of a button."""
        action = DBusAddress(
            part.address.object_path, part.address.bus_name, "org.a11y.atspi.Action"
        )
        self._bus.call(action, "DoAction", "i", 0)

    def text(self, name: str) -> str:
        """The text of the field of this name; empty without one."""
        part = next((p for p in self.parts() if (p.role, p.name) == ("text", name)), None)
        if part is None:
            return ""
        field = DBusAddress(part.address.object_path, part.address.bus_name, "org.a11y.atspi.Text")
        reply = self._bus.call(field, "GetText", "ii", 0, -1)
        return str(reply[0]) if reply else ""

    def field(self, name: str) -> Part | None:
        """The field of this name, if it can be changed."""
        found = (p for p in self.parts() if (p.role, p.name) == ("text", name))
        return next((part for part in found if part.usable), None)

    def write(self, name: str, text: str) -> None:
        """Replace the text of the field of this name."""
        part = self.field(name)
        assert part is not None, name
        address = DBusAddress(
            part.address.object_path, part.address.bus_name, "org.a11y.atspi.EditableText"
        )
        self._bus.call(address, "SetTextContents", "s", text)
