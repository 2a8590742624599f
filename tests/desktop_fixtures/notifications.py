"""Reads and presses the notifications of a desktop's daemon, through accessibility."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from tests.desktop_fixtures.reader import Reader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.desktop_fixtures.desktop import Desktop
    from tests.desktop_fixtures.reader import Part

_DAEMON = "xfce4-notifyd"


class Notifications:
    """The notifications of a desktop with `accessibility`; close it (or use `with`)."""

    def __init__(self, desktop: Desktop) -> None:
        self._reader = Reader(desktop.bus)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._reader.close()

    def texts(self) -> set[str]:
        """The titles and bodies that are shown."""
        return {part.name for part in self._parts() if part.role == "label" and part.name}

    def press(self, label: str) -> None:
        """Press the button of this label."""
        button = next(p for p in self._parts() if (p.role, p.name) == ("push button", label))
        self._reader.act(button)

    def _parts(self) -> Iterator[Part]:
        inside = False
        for part in self._reader.parts():
            if part.depth == 1:
                inside = part.name == _DAEMON
            if inside and part.usable:
                yield part
