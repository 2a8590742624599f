"""Invalid values for a field, which a parser must refuse."""

from __future__ import annotations

from typing import Any

#: Values of every JSON type; none is valid for a field of another type.
KINDS: tuple[Any, ...] = (None, True, False, 7, "text", [], {}, [7], {"a": 7})


def without(obj: dict[str, Any], name: str) -> dict[str, Any]:
    """The object without one of its fields."""
    return {key: value for key, value in obj.items() if key != name}


def malformed(obj: dict[str, Any], fits: dict[str, tuple[type, ...]]) -> list[Any]:
    """Pairs (change, object) with each field missing or of each wrong type.

    `fits` maps the fields to their valid Python types.
    """
    cases: list[Any] = [(f"{name} missing", without(obj, name)) for name in fits]
    for name, types in fits.items():
        wrong = [value for value in KINDS if type(value) not in types]
        cases.extend((f"{name}={value!r}", obj | {name: value}) for value in wrong)
    return cases
