"""JWS compact serialization (RFC 7515 §7.1) with Ed25519 (RFC 9864), as WD-1 narrows it.

The header is exactly {alg, kid, typ} in RFC 8785 form; a JWS has at most 16,384 bytes. The
algorithm is fixed, so that a header can never choose it; the signature covers the bytes as
received.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

from diary.core.findings import Code, DiaryError
from diary.core.signer import Signer
from diary.formats.ed25519 import check_public, verify
from diary.formats.encoding import (
    Json,
    b64url_decode,
    b64url_encode,
    canonical,
    parse_canonical,
    sha256,
)

MAX_JWS = 16_384
#: Claims of access tokens and proofs of possession. A `wd-*` object never has them, so that neither
#: can ever be accepted as the other.
_FOREIGN = frozenset({"iss", "exp", "nbf", "jti", "htm", "htu"})


@dataclass(frozen=True)
class Jws:
    """A parsed, not yet verified, compact JWS."""

    data: bytes
    kid: str
    typ: str
    payload: Json
    signature: bytes

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the compact form, base64url: the name of the signed object."""
        return b64url_encode(sha256(self.data))


def sign(payload: Json, typ: str, signer: Signer) -> bytes:
    """The compact JWS of `payload` with the header {alg, kid, typ}; E_FORMAT if it is too long."""
    header = canonical({"alg": "Ed25519", "kid": signer.kid, "typ": typ})
    body = f"{b64url_encode(header)}.{b64url_encode(canonical(payload))}".encode("ascii")
    data = body + b"." + b64url_encode(signer.sign(body)).encode("ascii")
    if len(data) > MAX_JWS:
        raise DiaryError(Code.E_FORMAT, "the signed object is longer than 16,384 bytes")
    return data


def parse(data: bytes, typ: str) -> Jws:
    """Parse a compact JWS. Raises E_FORMAT, E_ALG or E_TYP; the signature is not checked."""
    if len(data) > MAX_JWS:
        raise DiaryError(Code.E_FORMAT, "the signed object is longer than 16,384 bytes")
    try:
        parts = data.decode("ascii").split(".")
    except UnicodeDecodeError as error:
        raise DiaryError(Code.E_FORMAT, "the signed object is not ASCII") from error
    if len(parts) != 3:
        raise DiaryError(Code.E_FORMAT, "a compact JWS has three parts")
    kid = _kid(parts[0], typ)
    payload = parse_canonical(b64url_decode(parts[1]))
    if not _FOREIGN.isdisjoint(payload):
        raise DiaryError(Code.E_FORMAT, "the payload carries claims of another kind of token")
    return Jws(
        data=data,
        kid=kid,
        typ=typ,
        payload=payload,
        signature=b64url_decode(parts[2], 64),
    )


@lru_cache(maxsize=64)
def _kid(header_text: str, typ: str) -> str:
    """The key that a header names. Cached, since all headers of a device are the same text."""
    header = parse_canonical(b64url_decode(header_text))
    if set(header) != {"alg", "kid", "typ"}:
        raise DiaryError(Code.E_FORMAT, "the header is not exactly alg, kid and typ")
    if header["alg"] != "Ed25519":
        raise DiaryError(Code.E_ALG, "the algorithm is not Ed25519")
    if header["typ"] != typ:
        raise DiaryError(Code.E_TYP, f"the type is not {typ}")
    b64url_decode(header["kid"], 32)
    return str(header["kid"])


def verify_jws(jws: Jws, public: bytes) -> None:
    """Check the signature by the enrolled key. Raises E_KEY_WEAK or E_SIG."""
    check_public(public)
    signed = jws.data[: jws.data.rindex(b".")]
    if not verify(public, jws.signature, signed):
        raise DiaryError(Code.E_SIG, "the signature does not fit")
