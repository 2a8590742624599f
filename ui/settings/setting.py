"""A row of the table of settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeGuard

Single = bool | int | str | tuple[str, ...]
#: The values of some rows for each of some contracts, by the contract and the row's name.
ByContract = Mapping[str, Mapping[str, Single]]
Value = Single | ByContract
MOST_TEXTS = 100
_MOST_CONTRACTS = 1000


@dataclass(frozen=True)
class Setting:
    """One row.

    `allowed` lists the values of a text, or the least and the greatest value of a number. `fits`
    is true for a text, for each text that may be in a list, or for each contract; a text may also
    be the default. `rows` lists the rows of values by contract. `policy` lists the values that an
    administrator may set: None for none, () for every valid one. `hides`: it hides something in
    pictures. `enforced` combines an enforced value with the person's own: it replaces that value,
    is added to that list, or the greater of both counts. `safest` is the value of `strictest` for a
    row whose `policy` allows every value.
    """

    name: str
    default: Value
    allowed: tuple[Value, ...] = ()
    fits: Callable[[str], bool] | None = None
    policy: tuple[Value, ...] | None = None
    rows: tuple[Setting, ...] = ()
    hides: bool = False
    enforced: Literal["replaces", "adds", "greatest"] = "replaces"
    safest: Value | None = None

    @property
    def strictest(self) -> Value | None:
        """The value that replaces an invalid one of a policy: the strictest, if a policy can only
        restrict this row, else `safest`, which may be None.
        """
        if self.enforced == "greatest":
            return self.allowed[1]
        return self.policy[0] if self.policy else self.safest

    def in_force(self, enforced: Value, own: Value) -> Value:
        """The value in force for an enforced value and the person's own, both of them valid."""
        if self.enforced == "adds" and isinstance(enforced, tuple) and isinstance(own, tuple):
            return (*enforced, *(text for text in own if text not in enforced))
        if self.enforced == "greatest" and isinstance(enforced, int) and isinstance(own, int):
            return max(enforced, own)
        return enforced

    def accepts(self, value: object) -> TypeGuard[Value]:
        """Whether the value has the row's type and is in its range."""
        if type(value) is not type(self.default):
            return False
        if isinstance(value, dict):
            return len(value) <= _MOST_CONTRACTS and all(
                self._fits(name) and self._accepts_rows(values) for name, values in value.items()
            )
        if isinstance(value, tuple):
            return len(value) <= MOST_TEXTS and all(self._fits(text) for text in value)
        if isinstance(value, int) and not isinstance(value, bool):
            low, high = (number for number in self.allowed if isinstance(number, int))
            return low <= value <= high
        if self.allowed or self.fits is None:
            return not self.allowed or value in self.allowed
        return value == self.default or self._fits(value)

    def from_json(self, value: object) -> object:
        """A value of a JSON file with the types of this row, if it fits."""
        if isinstance(self.default, tuple) and isinstance(value, list):
            return tuple(value)
        if self.rows and isinstance(value, dict):
            rows = {row.name: row for row in self.rows}
            return {
                contract: {
                    name: rows[name].from_json(each) if name in rows else each
                    for name, each in values.items()
                }
                if isinstance(values, dict)
                else values
                for contract, values in value.items()
            }
        return value

    def _fits(self, text: object) -> bool:
        return isinstance(text, str) and (self.fits is None or self.fits(text))

    def _accepts_rows(self, values: object) -> bool:
        rows = {row.name: row for row in self.rows}
        return isinstance(values, dict) and all(
            name in rows and rows[name].accepts(value) for name, value in values.items()
        )
