"""Parses the person's masking rules strictly.

Rule kept: unreadable rules mask the whole picture, because it is unknown what they hide.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

#: x, y, width, height in pixels of the whole desktop, whose monitors may lie left of and above 0.
Rectangle = tuple[int, int, int, int]

MAX_NAME = 100
#: Sides of the squares in a blurred picture: text of the usual size is illegible from the first on.
BLURS = (8, 16, 32)
_FARTHEST = 100_000
_REGION = re.compile(r"(-?\d{1,6}) ?, ?(-?\d{1,6}) (\d{1,6}) ?x ?(\d{1,6})", re.ASCII)


@dataclass(frozen=True)
class Rules:
    """The masking rules. `applications` are names as the desktop reports them (on X11 either part
    of WM_CLASS), in lower case; `regions` areas of the desktop. `unreadable`: the stored rules
    cannot be parsed. `allowed`: everything but the windows of these applications is masked; None:
    there is no such list. `blur`: the side, in pixels, of the squares whose detail is removed; 0:
    none.
    """

    applications: frozenset[str] = frozenset()
    regions: tuple[Rectangle, ...] = ()
    unreadable: bool = False
    allowed: frozenset[str] | None = None
    blur: int = 0

    @classmethod
    def parse(cls, applications: Iterable[str], regions: Iterable[str]) -> Self:
        """Parse the texts of the settings. Raises ValueError, which quotes the text."""
        names = frozenset(application(text) for text in applications)
        return cls(names, tuple(region(text) for text in regions))

    def with_contract(self, other: Rules) -> Rules:
        """These rules and those of a contract: what either masks is masked."""
        lists = [each for each in (self.allowed, other.allowed) if each is not None]
        return Rules(
            self.applications | other.applications,
            (*self.regions, *other.regions),
            self.unreadable or other.unreadable,
            frozenset.intersection(*lists) if lists else None,
            max(self.blur, other.blur),
        )


def application(text: str) -> str:
    """An application's name, normalized for comparison. Raises ValueError."""
    name = text.strip()
    if not name or len(name) > MAX_NAME or not name.isprintable():
        raise ValueError(f"{text!r} is not the name of an application")
    return name.casefold()


def region(text: str) -> Rectangle:
    """Parse `x,y wxh`, as in `1920,0 640x480`. Raises ValueError."""
    found = _REGION.fullmatch(text.strip())
    left, top, width, height = (int(part) for part in found.groups()) if found else (0, 0, 0, 0)
    if not (width and height and max(abs(left), abs(top), width, height) <= _FARTHEST):
        raise ValueError(f"{text!r} is not an area of the desktop, such as '1920,0 640x480'")
    return left, top, width, height


def is_application(text: str) -> bool:
    """Whether `application` accepts the text."""
    try:
        application(text)
    except ValueError:
        return False
    return True


def is_region(text: str) -> bool:
    """Whether `region` accepts the text."""
    try:
        region(text)
    except ValueError:
        return False
    return True
