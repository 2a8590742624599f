"""Ed25519 keys (RFC 8032), their JWK form (RFC 8037) and thumbprint (RFC 7638).

One acceptance rule for all verifiers, checked before any library: the public key and R are
canonical (y < p) and not of small order, and S < L; then the library's cofactorless check. So two
verifiers agree on the edge cases where libraries are known to differ.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from diary.core.findings import Code, DiaryError
from diary.formats.encoding import Json, b64url_decode, b64url_encode, canonical, digest

_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
#: y of the points of order 8 (the roots of d*y^4 + 2*y^2 - 1): this one and its negative.
_Y8 = 2707385501144840649318225287225658788936804267575313519463743609750303402022
#: y coordinates of the eight points of small order; their sign bit does not matter here.
_SMALL_ORDER_Y = frozenset({0, 1, _P - 1, _Y8, _P - _Y8})


def is_canonical_point(encoded: bytes) -> bool:
    """Whether 32 bytes are a canonical encoding (y < p) of no point of small order."""
    if len(encoded) != 32:
        return False
    y = int.from_bytes(encoded, "little") & ((1 << 255) - 1)
    return y < _P and y not in _SMALL_ORDER_Y


def check_public(public: bytes) -> None:
    """Raise `DiaryError(E_KEY_WEAK)` for a public key that the acceptance rule refuses."""
    if not is_canonical_point(public):
        raise DiaryError(Code.E_KEY_WEAK, "the public key is not canonical or of small order")


def verify(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether `signature` (64 bytes) by `public` (32 bytes) over `message` is acceptable."""
    if (
        len(signature) != 64
        or not is_canonical_point(public)
        or not is_canonical_point(signature[:32])
    ):
        return False
    if int.from_bytes(signature[32:], "little") >= _L:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def jwk(public: bytes) -> Json:
    """The public key as a JWK (RFC 8037 §2) with exactly the members that the thumbprint hashes."""
    return {"crv": "Ed25519", "kty": "OKP", "x": b64url_encode(public)}


def parse_jwk(value: object) -> bytes:
    """The 32 bytes of an Ed25519 JWK of exactly {crv, kty, x}; E_FORMAT, E_KEY_WEAK."""
    if not isinstance(value, dict) or set(value) != {"crv", "kty", "x"}:
        raise DiaryError(Code.E_FORMAT, "the key is not an Ed25519 JWK")
    if value["crv"] != "Ed25519" or value["kty"] != "OKP":
        raise DiaryError(Code.E_FORMAT, "the key is not an Ed25519 JWK")
    public = b64url_decode(value["x"], 32)
    check_public(public)
    return public


def thumbprint(key: Json) -> str:
    """RFC 7638 thumbprint (SHA-256, base64url) of a JWK holding only its required members."""
    return digest(canonical(key))


class SigningKey:
    """An Ed25519 private key. Its `repr` never shows the secret."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.public = private.public_key().public_bytes_raw()
        self.kid = thumbprint(jwk(self.public))

    @classmethod
    def generate(cls) -> SigningKey:
        """A new key from the system's random source."""
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def from_seed(cls, seed: bytes) -> SigningKey:
        """The key of a 32-byte RFC 8032 private key."""
        return cls(Ed25519PrivateKey.from_private_bytes(seed))

    @property
    def seed(self) -> bytes:
        """The 32 secret bytes, for the keyring alone."""
        return self._private.private_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """The 64-byte signature of `message`."""
        return self._private.sign(message)

    def __repr__(self) -> str:
        return f"SigningKey(kid={self.kid!r})"
