"""The two third-party readers of our SD-JWTs, behind one interface."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jwcrypto.common import JWException
from jwcrypto.jwk import JWK
from sd_jwt.verifier import SDJWTVerifier

from diary.formats.ed25519 import jwk
from tests.interop.program import Program, RefusedError

#: A library's result for a presentation: the payload with the disclosed values. Raises
#: RefusedError.
Reader = Callable[[bytes, bytes], Any]


def pypi_sd_jwt(data: bytes, public: bytes) -> Any:
    """PyPI sd-jwt, with its JOSE library (jwcrypto)."""
    try:
        key = JWK(**jwk(public))
        return SDJWTVerifier(data.decode(), lambda _iss, _head: key).get_verified_payload()
    except (JWException, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise RefusedError(repr(error)) from error


def npm_sd_jwt(node: Program) -> Reader:
    """npm @sd-jwt/core."""

    def read(data: bytes, public: bytes) -> Any:
        return node.ask("verify sd-jwt", sdjwt=data.decode(), jwk=jwk(public))["payload"]

    return read


def reads(reader: Reader, data: bytes, public: bytes) -> Any | None:
    """The library's result, or None for a refusal."""
    try:
        return reader(data, public)
    except RefusedError:
        return None
