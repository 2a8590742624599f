"""Sign-in with the device's key: client assertion (RFC 7523) for a DPoP-bound token (RFC 9449).

The ES256 key signs only these, so that no signature here can pass for a `wd-*` object. Times are
real Unix time, also in a demo.
"""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit, urlunsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from diary.formats.ed25519 import thumbprint
from diary.formats.encoding import Json, b64url_decode, b64url_encode, canonical, digest

_ALG = "ES256"
#: Bytes of a coordinate of P-256, of its secrets and of each half of a signature.
_SIZE = 32
_ASSERTION_S = 60


class AuthKey:
    """The device's P-256 sign-in key. Its `repr` never shows the secret."""

    def __init__(self, key: ec.EllipticCurvePrivateKey) -> None:
        self._key = key
        public = key.public_key().public_numbers()
        self._x, self._y = _b64u(public.x), _b64u(public.y)

    @classmethod
    def generate(cls) -> AuthKey:
        """A new key from the system's random source."""
        return cls(ec.generate_private_key(ec.SECP256R1()))

    @classmethod
    def from_secret(cls, secret: str) -> AuthKey:
        """The key of `secret`; ValueError if it is invalid or its parts do not match."""
        if secret.count(".") != 2:
            raise ValueError("not a P-256 secret")
        d, x, y = (int.from_bytes(b64url_decode(part, _SIZE)) for part in secret.split("."))
        public = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1())
        return cls(ec.EllipticCurvePrivateNumbers(d, public).private_key())

    @property
    def secret(self) -> str:
        """d, x and y in base64url; only for the keyring."""
        return f"{_b64u(self._key.private_numbers().private_value)}.{self._x}.{self._y}"

    @property
    def jwk(self) -> Json:
        """The public key as a JWK of exactly crv, kty, x, y."""
        return {"crv": "P-256", "kty": "EC", "x": self._x, "y": self._y}

    def proof(
        self, method: str, url: str, now_s: float, *, token: str | None, nonce: str | None
    ) -> str:
        """A DPoP proof (RFC 9449 §4.2) for one request.

        `htu` is the address without query and fragment; `ath` binds the token sent with it.
        """
        claims: dict[str, str | int] = {
            "jti": b64url_encode(secrets.token_bytes(16)),
            "htm": method,
            "htu": urlunsplit(urlsplit(url)._replace(query="", fragment="")),
            "iat": int(now_s),
        }
        if token is not None:
            claims["ath"] = digest(token.encode("ascii"))
        if nonce is not None:
            claims["nonce"] = nonce
        header = {"typ": "dpop+jwt", "alg": _ALG, "jwk": self.jwk}
        return self._signed(header, claims)

    def assertion(self, kid: str, aud: str, now_s: float) -> str:
        """A client assertion (RFC 7523 §3) with the explicit type of client authentication.

        Issuer and subject are the thumbprint of the device's signing key: the client's id.
        """
        claims: dict[str, str | int] = {
            "iss": kid,
            "sub": kid,
            "aud": aud,
            "jti": b64url_encode(secrets.token_bytes(16)),
            "iat": int(now_s),
            "exp": int(now_s) + _ASSERTION_S,
        }
        header = {"typ": "client-authentication+jwt", "alg": _ALG}
        return self._signed(header, claims)

    def _signed(self, header: Json, claims: Json) -> str:
        """A JWT (RFC 7519) in compact form. ES256 (RFC 7518 §3.4) is ECDSA on P-256 with SHA-256;
        the signature is r followed by s.
        """
        body = f"{b64url_encode(canonical(header))}.{b64url_encode(canonical(claims))}"
        signature = self._key.sign(body.encode("ascii"), ec.ECDSA(SHA256()))
        halves = (number.to_bytes(_SIZE) for number in decode_dss_signature(signature))
        return f"{body}.{b64url_encode(b''.join(halves))}"

    def __repr__(self) -> str:
        return f"AuthKey({thumbprint(self.jwk)!r})"


def _b64u(number: int) -> str:
    return b64url_encode(number.to_bytes(_SIZE))
