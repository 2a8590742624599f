"""Sign-in with the device's key: client assertion (RFC 7523) for a DPoP-bound token (RFC 9449).

The ES256 key signs these and nothing else, so that nothing here can ever pass for a `wd-*` object.
Times are real Unix time, also in a demonstration.
"""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit, urlunsplit

from joserfc import jwt
from joserfc.jwk import ECKey

from diary.encoding import Json, b64u, digest, unb64u

_ALG = "ES256"
_ASSERTION_S = 60


class AuthKey:
    """The device's P-256 sign-in key. Its `repr` never shows the secret."""

    def __init__(self, key: ECKey) -> None:
        self._key = key

    @classmethod
    def generate(cls) -> AuthKey:
        """A new key from the system's random source."""
        return cls(ECKey.generate_key("P-256"))

    @classmethod
    def from_secret(cls, secret: str) -> AuthKey:
        """The key of `secret`; ValueError if it is none."""
        if secret.count(".") != 2:
            raise ValueError("not a P-256 secret")
        d, x, y = secret.split(".")
        for part in (d, x, y):
            unb64u(part, 32)
        return cls(ECKey.import_key({"kty": "EC", "crv": "P-256", "x": x, "y": y, "d": d}))

    @property
    def secret(self) -> str:
        """d, x and y in base64url, for the keyring alone."""
        jwk = self._key.as_dict(private=True)
        return f"{jwk['d']}.{jwk['x']}.{jwk['y']}"

    @property
    def jwk(self) -> Json:
        """The public key as a JWK of exactly crv, kty, x, y."""
        jwk = self._key.as_dict(private=False)
        return {name: jwk[name] for name in ("crv", "kty", "x", "y")}

    def proof(
        self, method: str, url: str, now_s: float, *, token: str | None, nonce: str | None
    ) -> str:
        """A DPoP proof (RFC 9449 §4.2) for one request.

        `htu` is the address without query and fragment; `ath` binds the token that goes with it.
        """
        claims: dict[str, str | int] = {
            "jti": b64u(secrets.token_bytes(16)),
            "htm": method,
            "htu": urlunsplit(urlsplit(url)._replace(query="", fragment="")),
            "iat": int(now_s),
        }
        if token is not None:
            claims["ath"] = digest(token.encode("ascii"))
        if nonce is not None:
            claims["nonce"] = nonce
        header = {"typ": "dpop+jwt", "alg": _ALG, "jwk": self.jwk}
        return jwt.encode(header, claims, self._key, algorithms=[_ALG])

    def assertion(self, kid: str, aud: str, now_s: float) -> str:
        """A client assertion (RFC 7523 §3) with the explicit type of client authentication.

        Issuer and subject are the thumbprint of the device's signing key: the client's id.
        """
        claims: dict[str, str | int] = {
            "iss": kid,
            "sub": kid,
            "aud": aud,
            "jti": b64u(secrets.token_bytes(16)),
            "iat": int(now_s),
            "exp": int(now_s) + _ASSERTION_S,
        }
        header = {"typ": "client-authentication+jwt", "alg": _ALG}
        return jwt.encode(header, claims, self._key, algorithms=[_ALG])

    def __repr__(self) -> str:
        return f"AuthKey({self._key.thumbprint()!r})"
