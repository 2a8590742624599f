"""The one way bytes are written: base64url without padding, and RFC 8785 (JCS) JSON.

Every parser here is a re-serialiser: it decodes, encodes again and compares, so that each value
has exactly one spelling and a hash or a signature covers what a reader saw (`docs/protocol.md`
§1). Integers only, at most 2^53-1 in size; ASCII object keys; no duplicate keys.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from typing import Any

from diary.errors import Code, DiaryError

MAX_INT = 2**53 - 1
#: Deeper JSON than any WD-1 object needs; bounds the recursion of every later walk.
MAX_DEPTH = 16

Json = dict[str, Any]


def sha256(data: bytes) -> bytes:
    """SHA-256 (FIPS 180-4), 32 bytes."""
    return hashlib.sha256(data).digest()


def b64u(data: bytes) -> str:
    """Base64url without padding (RFC 4648 §5, RFC 7515 §2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def digest(data: bytes) -> str:
    """SHA-256 of `data` as 43 characters of base64url: how every object and file is named."""
    return b64u(sha256(data))


def unb64u(text: object, size: int | None = None) -> bytes:
    """Decode base64url without padding; unused bits must be zero.

    `size` is the wanted number of bytes, if it is fixed. Raises `DiaryError(E_FORMAT)` for
    anything that is not the one spelling of its bytes.
    """
    if not isinstance(text, str) or not text.isascii():
        raise DiaryError(Code.E_FORMAT, "base64url text is missing")
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise DiaryError(Code.E_FORMAT, "text is not base64url") from error
    if b64u(data) != text:
        raise DiaryError(Code.E_FORMAT, "base64url text is not in its one spelling")
    if size is not None and len(data) != size:
        raise DiaryError(Code.E_FORMAT, f"{len(data)} bytes where {size} are due")
    return data


def std_b64(data: bytes) -> str:
    """Base64 with padding (RFC 4648 §4), as the C2SP formats use it."""
    return base64.b64encode(data).decode("ascii")


def unstd_b64(text: str, size: int | None = None) -> bytes:
    """Decode padded base64 (RFC 4648 §4) in its one spelling; raises `DiaryError(E_FORMAT)`."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise DiaryError(Code.E_FORMAT, "text is not base64") from error
    if std_b64(data) != text:
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

    For what WD-1 allows (whole numbers, ASCII keys) the standard library's writer gives exactly
    the RFC's bytes: the tests hold it against an implementation of the whole RFC.
    """
    _check(value, 0)
    try:
        text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise DiaryError(Code.E_FORMAT, "value has no canonical form") from error


def parse_value(data: bytes) -> Any:
    """Parse JSON that must already be its own RFC 8785 form; raises `DiaryError(E_FORMAT)`."""
    try:
        text = data.decode("utf-8")
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_float=_refuse,
            parse_constant=_refuse,
            parse_int=_integer,
        )
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        if isinstance(error, DiaryError):
            raise
        raise DiaryError(Code.E_FORMAT, "not JSON") from error
    if canonical(value) != data:
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
    if len(text) > 17:
        raise DiaryError(Code.E_FORMAT, "number is over 2^53-1")
    return int(text)


def _object(pairs: list[tuple[str, Any]]) -> Json:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise DiaryError(Code.E_FORMAT, "an object key stands twice")
    return value


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
