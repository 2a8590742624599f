"""Typed access to JSON fields: each function returns the value or raises `DiaryError(E_FORMAT)`.

A `bool` is not an integer here, unlike in Python.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from diary.core.findings import Code, DiaryError
from diary.formats.encoding import MAX_INT, Json, is_b64url

#: Random identifiers of contracts and freelancers: 22 characters, 128 bits or more.
ID = re.compile(r"[A-Za-z0-9_-]{22}")
#: A marketplace's name: an ASCII host, perhaps with a port.
AUD = re.compile(r"[a-z0-9.:-]{1,253}")


def field(obj: Json, name: str) -> Any:
    """The field `name`; its absence is an error, null is not."""
    if name not in obj:
        raise DiaryError(Code.E_FORMAT, f"field {name} is missing")
    return obj[name]


def integer(obj: Json, name: str, low: int = 0, high: int = MAX_INT) -> int:
    """A whole number, low <= n <= high."""
    value = field(obj, name)
    if not is_int(value) or not low <= value <= high:
        raise DiaryError(Code.E_FORMAT, f"field {name} is not a number in its range")
    return int(value)


def optional_integer(obj: Json, name: str, low: int = 0, high: int = MAX_INT) -> int | None:
    """A whole number in range, or null."""
    return None if field(obj, name) is None else integer(obj, name, low, high)


def string(obj: Json, name: str, longest: int = 512) -> str:
    """A string of at most `longest` characters."""
    value = field(obj, name)
    if not isinstance(value, str) or len(value) > longest:
        raise DiaryError(Code.E_FORMAT, f"field {name} is not a string of its length")
    return value


def one_of(obj: Json, name: str, values: Collection[str]) -> str:
    """A string out of a fixed set."""
    value = field(obj, name)
    if not isinstance(value, str) or value not in values:
        raise DiaryError(Code.E_FORMAT, f"field {name} has a value that WD-1 does not define")
    return value


def boolean(obj: Json, name: str) -> bool:
    """true or false."""
    value = field(obj, name)
    if not isinstance(value, bool):
        raise DiaryError(Code.E_FORMAT, f"field {name} is not true or false")
    return value


def matching(obj: Json, name: str, pattern: re.Pattern[str]) -> str:
    """A string that matches the whole pattern."""
    value = field(obj, name)
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise DiaryError(Code.E_FORMAT, f"field {name} does not have its form")
    return value


def array(obj: Json, name: str, longest: int) -> list[Any]:
    """An array of at most `longest` values of any kind."""
    value = field(obj, name)
    if not isinstance(value, list) or len(value) > longest:
        raise DiaryError(Code.E_FORMAT, f"field {name} is not an array of its length")
    return value


def b64(obj: Json, name: str, size: int) -> str:
    """Base64url text of `size` bytes, returned as text."""
    value = field(obj, name)
    if not is_b64url(value, size):
        raise DiaryError(Code.E_FORMAT, f"field {name} is not base64url of {size} bytes")
    return str(value)


def optional_b64(obj: Json, name: str, size: int) -> str | None:
    """Base64url text of `size` bytes, or null."""
    return None if field(obj, name) is None else b64(obj, name, size)


def version(obj: Json) -> None:
    """Require `v` to be 1."""
    if integer(obj, "v") != 1:
        raise DiaryError(Code.E_FORMAT, "version is not 1")


def is_int(value: object) -> bool:
    """Whether the value is a JSON whole number (true and false are none)."""
    return isinstance(value, int) and not isinstance(value, bool)


def bad(name: str) -> DiaryError:
    """The error for a field whose value breaks a rule that only this field has."""
    return DiaryError(Code.E_FORMAT, f"field {name} breaks its rule")
