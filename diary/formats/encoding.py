"""Base64url without padding and RFC 8785 (JCS) JSON, with exactly one encoding for each value.

Every parser decodes, encodes again and compares, so that a hash or a signature covers exactly what
a reader parsed (`docs/protocol.md` §1). Integers only, at most 2^53-1 in size; ASCII object keys;
no duplicate keys.
"""

from __future__ import annotations

import binascii
import hashlib
import json
import re
from functools import cache
from typing import Any

from diary.core.findings import Code, DiaryError

MAX_INT = 2**53 - 1
#: Deeper JSON than any WD-1 object needs; bounds the recursion of every later walk.
MAX_DEPTH = 16

Json = dict[str, Any]

_TO_URL = bytes.maketrans(b"+/", b"-_")
_FROM_URL = bytes.maketrans(b"-_", b"+/")


def sha256(data: bytes) -> bytes:
    """SHA-256 (FIPS 180-4), 32 bytes."""
    return hashlib.sha256(data).digest()


def b64url_encode(data: bytes) -> str:
    """Base64url without padding (RFC 4648 §5, RFC 7515 §2)."""
    return _b64u(data).decode("ascii")


def _b64u(data: bytes) -> bytes:
    return binascii.b2a_base64(data, newline=False).translate(_TO_URL, b"=")


def digest(data: bytes) -> str:
    """SHA-256 of `data` as 43 characters of base64url: the name of every object and file."""
    return b64url_encode(sha256(data))


def b64url_decode(text: object, size: int | None = None) -> bytes:
    """Decode base64url without padding; unused bits must be zero.

    `size` is the required number of bytes, if it is fixed. Raises `DiaryError(E_FORMAT)` for
    every text that is not the canonical encoding of its bytes.
    """
    if not isinstance(text, str) or not text.isascii():
        raise DiaryError(Code.E_FORMAT, "base64url text is missing")
    raw = text.encode("ascii")
    try:
        # "+" and "/" decode here; the comparison below refuses them.
        data = binascii.a2b_base64(raw.translate(_FROM_URL) + b"=" * (-len(raw) % 4))
    except binascii.Error as error:
        raise DiaryError(Code.E_FORMAT, "text is not base64url") from error
    if _b64u(data) != raw:
        raise DiaryError(Code.E_FORMAT, "base64url text is not in its one spelling")
    if size is not None and len(data) != size:
        raise DiaryError(Code.E_FORMAT, f"{len(data)} bytes where {size} are due")
    return data


def is_b64url(text: object, size: int) -> bool:
    """Whether `b64url_decode(text, size)` would succeed; faster, since it decodes nothing."""
    return isinstance(text, str) and bool(_spelling(size).fullmatch(text))


@cache
def _spelling(size: int) -> re.Pattern[str]:
    whole, rest = divmod(size, 3)
    # The last letter carries four or two bits of data; its other bits are zero.
    last = ("", "[A-Za-z0-9_-][AQgw]", "[A-Za-z0-9_-]{2}[AEIMQUYcgkosw048]")[rest]
    return re.compile(f"[A-Za-z0-9_-]{{{whole * 4}}}{last}")


def b64_encode(data: bytes) -> str:
    """Base64 with padding (RFC 4648 §4), as the C2SP formats use it."""
    return binascii.b2a_base64(data, newline=False).decode("ascii")


def b64_decode(text: str, size: int | None = None) -> bytes:
    """Decode canonical padded base64 (RFC 4648 §4); raises `DiaryError(E_FORMAT)`."""
    try:
        data = binascii.a2b_base64(text)
    except (binascii.Error, ValueError) as error:
        raise DiaryError(Code.E_FORMAT, "text is not base64") from error
    if b64_encode(data) != text:
        raise DiaryError(Code.E_FORMAT, "base64 text is not in its one spelling")
    if size is not None and len(data) != size:
        raise DiaryError(Code.E_FORMAT, f"{len(data)} bytes where {size} are due")
    return data


def decimal(text: str) -> int:
    """A whole number in ASCII decimal without leading zeroes, 0 to 2^53-1; else E_FORMAT."""
    if not (text.isascii() and text.isdigit() and len(text) <= 16) or str(int(text)) != text:
        raise DiaryError(Code.E_FORMAT, "not a plain decimal number")
    if int(text) > MAX_INT:
        raise DiaryError(Code.E_FORMAT, "number is over 2^53-1")
    return int(text)


def canonical(value: object) -> bytes:
    """RFC 8785 (JCS) bytes of a JSON value; raises `DiaryError(E_FORMAT)` for what WD-1 forbids.

    For the values that WD-1 allows (whole numbers, ASCII keys) the standard library's encoder gives
    exactly the RFC's bytes; the tests compare it with an implementation of the whole RFC.
    """
    _check(value, 0)
    return _write(value)


def _write(value: object) -> bytes:
    try:
        return _WRITER.encode(value).encode("utf-8")
    except UnicodeEncodeError as error:
        raise DiaryError(Code.E_FORMAT, "value has no canonical form") from error


def parse_value(data: bytes) -> Any:
    """Parse JSON that must already be its own RFC 8785 form; raises `DiaryError(E_FORMAT)`."""
    # Only a number of 16 digits or more can be too large. Without one the library's own number
    # parser is used, which is several times as fast.
    reader = _WARY_READER if _LONG_NUMBER.search(data) else _READER
    try:
        value = reader.decode(data.decode("utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        if isinstance(error, DiaryError):
            raise
        raise DiaryError(Code.E_FORMAT, "not JSON") from error
    # The decoder has checked numbers and keys. JSON with few brackets cannot be deep.
    if data.count(b"{") + data.count(b"[") > MAX_DEPTH:
        _check(value, 0)
    if _write(value) != data:
        raise DiaryError(Code.E_FORMAT, "JSON is not in its RFC 8785 form")
    return value


def parse_canonical(data: bytes) -> Json:
    """Like `parse_value`, and the value must be an object."""
    value = parse_value(data)
    if not isinstance(value, dict):
        raise DiaryError(Code.E_FORMAT, "JSON is not an object")
    return value


def _refuse(_text: str) -> Any:
    raise DiaryError(Code.E_FORMAT, "a number that is not a whole number")


def _integer(text: str) -> int:
    # The length bound comes first: int() of a long text is slow, and Python refuses very long ones.
    if len(text) > 17 or abs(int(text)) > MAX_INT:
        raise DiaryError(Code.E_FORMAT, "number is over 2^53-1")
    return int(text)


def _object(pairs: list[tuple[str, Any]]) -> Json:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise DiaryError(Code.E_FORMAT, "an object key appears twice")
    if not all(map(str.isascii, value)):
        raise DiaryError(Code.E_FORMAT, "an object key is not ASCII")
    return value


_LONG_NUMBER = re.compile(rb"[0-9]{16}")
_READER = json.JSONDecoder(object_pairs_hook=_object, parse_float=_refuse, parse_constant=_refuse)
_WARY_READER = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=_refuse, parse_constant=_refuse, parse_int=_integer
)
_WRITER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _check(value: object, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise DiaryError(Code.E_FORMAT, "JSON is nested too deeply")
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str) or not key.isascii():
                raise DiaryError(Code.E_FORMAT, "an object key is not ASCII")
            _check(item, depth + 1)
    elif isinstance(value, list | tuple):
        for item in value:
            _check(item, depth + 1)
    elif isinstance(value, bool) or value is None:
        return
    elif isinstance(value, int):
        if abs(value) > MAX_INT:
            raise DiaryError(Code.E_FORMAT, "number is over 2^53-1")
    elif not isinstance(value, str):
        raise DiaryError(Code.E_FORMAT, "a value that WD-1 does not have")
