"""A row of the table of settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Value = bool | int | str | tuple[str, ...]
_MOST_TEXTS = 100


@dataclass(frozen=True)
class Setting:
    """One row.

    `allowed` lists the values of a text, or the least and the greatest value of a number. For a
    list of texts, `fits` is true for each text that may be in it. `policy` lists the values that an
    administrator may set: None for none, () for every valid one.
    """

    name: str
    default: Value
    allowed: tuple[Value, ...] = ()
    fits: Callable[[str], bool] | None = None
    policy: tuple[Value, ...] | None = None

    def accepts(self, value: object) -> bool:
        """Whether the value has the row's type and is in its range."""
        if type(value) is not type(self.default):
            return False
        if isinstance(value, tuple):
            return len(value) <= _MOST_TEXTS and all(
                isinstance(text, str) and (self.fits is None or self.fits(text)) for text in value
            )
        if isinstance(value, int) and not isinstance(value, bool):
            low, high = (number for number in self.allowed if isinstance(number, int))
            return low <= value <= high
        return not self.allowed or value in self.allowed
