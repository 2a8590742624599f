"""Sign-in of devices: `private_key_jwt` (RFC 7523) for short-lived DPoP-bound tokens (RFC 9449).

The device's enrolled ES256 key is the credential; there is no refresh token. An access token is a
JWT (RFC 9068) under a secret of this marketplace. It names the device and its key, so that a
process with the secret verifies it without a look-up. All times are real time, also in a demo.

This process remembers proofs while they are valid, or the database does for processes that share
it: after a restart an attacker who also has the
token could replay a proof within its five minutes. Nothing is remembered or counted for a device
before its key has signed.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OctKey

from diary.formats.ed25519 import thumbprint
from diary.formats.encoding import Json
from marketplace.core.problems import ProblemError
from marketplace.core.rate_limit import Throttle
from marketplace.devices.dpop_proofs import (
    MAX_JWT,
    SKEW_S,
    DpopProofError,
    Proof,
    is_jti,
    is_within,
    verify_proof,
)
from marketplace.devices.replay_cache import ReplayCache
from marketplace.devices.shared_proofs import ProofUse, SharedProofs

LIFETIME_S = 300
_CACHED_TOKENS = 8_192
_USED = "The DPoP proof was used before."
#: Exceptions of the parsers on hostile input; deep nesting raises RecursionError.
_UNREADABLE = (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError)


@dataclass(frozen=True)
class Caller:
    """A signed-in device: the account `sub` and the device's `kid`."""

    sub: str
    kid: str


@dataclass(frozen=True)
class Credential:
    """The enrolled sign-in key of a device. `ended` is `device_revoked` or `device_retired` for a
    device that can no longer sign in.
    """

    sub: str
    auth_jwk: Json
    ended: str | None = None


class AccessTokens:
    """Issues and checks access tokens.

    `issuer` is the marketplace's name, `base_url` the address that clients use. `credential` looks
    up a device by its kid, `revoked` returns whether it was revoked, which ends its tokens at once.
    `issued` is called with the kid of each new token. With `shared` proofs this process remembers
    none itself.
    """

    def __init__(
        self,
        *,
        issuer: str,
        base_url: str,
        secret: bytes,
        credential: Callable[[str], Credential | None],
        revoked: Callable[[str], bool],
        issued: Callable[[str], None],
        now_s: Callable[[], int],
        shared: SharedProofs | None = None,
    ) -> None:
        self._issuer = issuer
        self._base_url = base_url
        self._key = OctKey.import_key(secret)
        self._credential = credential
        self._revoked = revoked
        self._issued = issued
        self._now = now_s
        self._replays = ReplayCache(SKEW_S)
        self._shared = shared
        #: Opened tokens: a device uses one for five minutes.
        self._opened = lru_cache(_CACHED_TOKENS)(self._open)

    def issue(self, assertion: str, proof: str | None, path: str, throttle: Throttle) -> str:
        """Verify a client assertion and its DPoP proof; returns an access token.

        Raises the problems `invalid_client` (401) and `invalid_dpop_proof` (400) with the member
        `error` of RFC 6749 and RFC 9449; `device_revoked` or `device_retired` (401) for a device
        that was revoked or signed out; `too_many` (429).
        """
        now = self._now()
        header, claims = _peek(assertion)
        kid = claims.get("iss")
        credential = self._credential(kid) if isinstance(kid, str) else None
        if credential is None or header.get("typ") != "client-authentication+jwt":
            raise _invalid_client("This device is not enrolled here.")
        if not _signed(assertion, credential.auth_jwk):
            raise _invalid_client("The assertion is not signed by the device's sign-in key.")
        if credential.ended is not None:
            raise _invalid_client("", credential.ended)
        if not is_within(claims.get("iat"), now) or not is_within(
            claims.get("exp"), now, 2 * SKEW_S
        ):
            raise _invalid_client(
                "The assertion's times do not fit. Compare this computer's clock with the Date "
                "of this answer."
            )
        if claims.get("sub") != kid or self._issuer not in _audiences(claims.get("aud")):
            raise _invalid_client("The assertion is for another device or marketplace.")
        kid = str(kid)
        throttle.hit("token", kid)
        if not self._first(kid, f"a {_jti(claims)}", claims["iat"], now):
            raise _invalid_client("The assertion was used before.")
        try:
            checked = self._proof(proof, "POST", path)
        except DpopProofError as error:
            raise _bad_proof(str(error)) from error
        if checked.jkt != thumbprint(credential.auth_jwk):
            raise _bad_proof("The proof is not signed by the device's sign-in key.")
        if not self._first(kid, f"p {checked.jti}", checked.iat, now):
            raise _bad_proof(_USED)
        self._issued(kid)
        return jwt.encode(
            {"alg": "HS256", "typ": "at+jwt"},
            {
                "iss": self._issuer,
                "sub": credential.sub,
                "client_id": kid,
                "cnf": {"jkt": checked.jkt},
                "iat": now,
                "exp": now + LIFETIME_S,
            },
            self._key,
        )

    def caller(
        self,
        method: str,
        path: str,
        authorization: str | None,
        proof: str | None,
        throttle: Throttle,
    ) -> Caller:
        """Authenticate a request (RFC 9449 section 7) and count it for its device.

        Raises the problems `token_missing`, `token_invalid`, `token_expired`, `dpop_invalid`,
        `device_revoked` (all 401), and `too_many` (429).
        """
        claims, checked = self._checked(method, path, authorization, proof, throttle)
        kid = claims["client_id"]
        if self._shared is not None:
            return _caller(claims, self._shared.use_now(kid, f"p {checked.jti}", checked.iat))
        if not self._replays.first(kid, f"p {checked.jti}", checked.iat, self._now()):
            raise _refused("dpop_invalid", _USED)
        return _caller(claims, ProofUse(first=True, revoked=self._revoked(kid)))

    async def caller_in_loop(
        self,
        method: str,
        path: str,
        authorization: str | None,
        proof: str | None,
        throttle: Throttle,
    ) -> Caller:
        """`caller` for the event loop: it takes a fraction of a millisecond, less than a change of
        threads, and does not block it.
        """
        if self._shared is None:
            return self.caller(method, path, authorization, proof, throttle)
        claims, checked = self._checked(method, path, authorization, proof, throttle)
        use = self._shared.use(claims["client_id"], f"p {checked.jti}", checked.iat)
        return _caller(claims, await asyncio.wrap_future(use))

    def _checked(
        self,
        method: str,
        path: str,
        authorization: str | None,
        proof: str | None,
        throttle: Throttle,
    ) -> tuple[Json, Proof]:
        """The claims of a valid token and its valid proof, which may have been used before."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "dpop" or not token:
            raise _refused("token_missing")
        claims = self._opened(token)
        if claims["exp"] <= self._now():
            raise _refused("token_expired")
        kid = claims["client_id"]
        # Refuse a device over its limit before verifying a signature, but count only after it: a
        # stolen token alone must not use up the device's share.
        throttle.check("device", kid)
        try:
            checked = self._proof(proof, method, path, token)
        except DpopProofError as error:
            raise _refused("dpop_invalid", str(error)) from error
        if checked.jkt != claims["cnf"]["jkt"]:
            raise _refused("dpop_invalid", "The proof's key is not the one of the access token.")
        throttle.hit("device", kid)
        return claims, checked

    def _first(self, kid: str, name: str, iat: int, now: int) -> bool:
        """Whether an identifier of a device is used for the first time."""
        if self._shared is not None:
            return self._shared.use_now(kid, name, iat).first
        return self._replays.first(kid, name, iat, now)

    def _open(self, token: str) -> Json:
        try:
            if len(token) > MAX_JWT:
                raise ValueError("too long")
            opened = jwt.decode(token, self._key, algorithms=["HS256"])
            if opened.header.get("typ") != "at+jwt" or opened.claims["iss"] != self._issuer:
                raise ValueError("of another kind")
        except _UNREADABLE as error:
            raise _refused("token_invalid", "The access token is not one of ours.") from error
        # The signature is ours, so the claims have the types that `issue` gave them.
        return opened.claims

    def _proof(self, proof: str | None, method: str, path: str, token: str | None = None) -> Proof:
        return verify_proof(proof, method, self._base_url + path, self._now(), token)


def _caller(claims: Json, use: ProofUse) -> Caller:
    if not use.first:
        raise _refused("dpop_invalid", _USED)
    if use.revoked:
        raise _refused("device_revoked")
    return Caller(claims["sub"], claims["client_id"])


def _peek(token: str) -> tuple[Json, Json]:
    """Unverified header and claims of a JWT; empty for an unreadable one."""
    try:
        if len(token) > MAX_JWT:
            return {}, {}
        opened = jws.extract_compact(token.encode("ascii"))
        claims = json.loads(opened.payload)
    except _UNREADABLE:
        return {}, {}
    return opened.headers(), claims if isinstance(claims, dict) else {}


def _signed(token: str, key: Json) -> bool:
    """Whether the public key signed the JWT with ES256."""
    try:
        jwt.decode(token, ECKey.import_key(key), algorithms=["ES256"])
    except _UNREADABLE:
        return False
    return True


def _jti(claims: Json) -> str:
    jti = claims.get("jti")
    if not is_jti(jti):
        raise _bad_proof("A jti of 8 to 256 characters is missing.")
    return jti


def _audiences(aud: object) -> list[object]:
    return aud if isinstance(aud, list) else [aud]


def _invalid_client(detail: str, code: str = "invalid_client") -> ProblemError:
    return ProblemError(code, detail, error="invalid_client")


def _bad_proof(detail: str) -> ProblemError:
    return ProblemError("invalid_dpop_proof", detail, error="invalid_dpop_proof")


def _refused(code: str, detail: str = "") -> ProblemError:
    error = {"dpop_invalid": "invalid_dpop_proof"}.get(code, "invalid_token")
    challenge = f'DPoP error="{error}", algs="ES256"'
    return ProblemError(code, detail, headers={"WWW-Authenticate": challenge}, error=error)
