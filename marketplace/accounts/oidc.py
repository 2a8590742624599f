"""Sign-in by an OpenID provider (OpenID Connect Core 1.0, authorization code flow).

Rules kept: `state` works once, for ten minutes, in the browser that began; PKCE (S256) and `nonce`
bind code and ID token to it; the ID token's signature, issuer, audience and times are verified. An
account is found by issuer and subject that its owner linked while signed in, never by an e-mail
address: a provider may let anyone claim an address.
"""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from hmac import compare_digest
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from sqlalchemy import Connection, delete, select

from marketplace.accounts.pending import PendingSignIns
from marketplace.core.clock import MarketplaceClock
from marketplace.core.oidc_settings import OidcSettings
from marketplace.core.problems import ProblemError
from marketplace.storage import schema
from marketplace.storage.database import Database

PENDING_S = 600
_MAX_PENDING = 10_000
_TIMEOUT_S = 10
_METADATA_S = 3_600
_ALGORITHMS = ["RS256", "PS256", "ES256", "ES384", "Ed25519", "EdDSA"]
#: The longest subject (OpenID Connect Core section 2).
_MAX_SUBJECT = 255


@dataclass(frozen=True)
class _Pending:
    nonce: str
    verifier: str
    browser: str
    #: The account to link, "" for a sign-in.
    link: str
    target: str
    expires_s: int


@dataclass(frozen=True)
class ProviderRequest:
    """The provider's address, and the value of the cookie that names this browser."""

    address: str
    browser: str


@dataclass(frozen=True)
class Finished:
    """The account that signed in, or that was linked, and the page to show next."""

    sub: str
    linked: bool
    target: str


class OidcSignIn:
    """The client of one provider; `settings` is None without one. Blocks on the network."""

    def __init__(
        self,
        store: Database,
        clock: MarketplaceClock,
        settings: OidcSettings | None,
        base_url: str,
        monotonic_s: Callable[[], float] = time.monotonic,
        shared: PendingSignIns | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._settings = settings
        self._redirect = f"{base_url}/oidc/callback"
        self._monotonic_s = monotonic_s
        self._shared = shared
        self._gate = threading.Lock()
        self._pending: OrderedDict[str, _Pending] = OrderedDict()
        self._metadata: tuple[float, dict[str, Any]] | None = None

    @property
    def name(self) -> str | None:
        """The provider's name on buttons; None without a provider."""
        return None if self._settings is None else self._settings.name

    def is_linked(self, sub: str) -> bool:
        """Whether an identity of this provider is linked to the account."""
        columns = schema.oidc_identity.c
        query = select(columns.sub).where(
            columns.sub == sub, columns.issuer == self._required().issuer
        )
        with self._store.read() as connection:
            return connection.execute(query).first() is not None

    def begin(self, target: str, link: str = "") -> ProviderRequest:
        """Begin a sign-in, or linking to the account `link`. Raises `oidc_unavailable`."""
        settings, metadata = self._required(), self._provider()
        state, browser, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(4))
        expires = self._clock.real_s() + PENDING_S
        self._keep(state, _Pending(nonce, verifier, browser, link, target, expires))
        address, _ = self._session(settings).create_authorization_url(
            metadata["authorization_endpoint"], state=state, nonce=nonce, code_verifier=verifier
        )
        return ProviderRequest(address, browser)

    def finish(self, params: Mapping[str, str], browser: str) -> Finished:
        """Use the provider's response. Raises `oidc_failed`, `oidc_unlinked`, `oidc_taken` and
        `oidc_unavailable`.
        """
        settings = self._required()
        pending = self._take(params.get("state", ""))
        if (
            pending is None
            or pending.expires_s <= self._clock.real_s()
            or not compare_digest(pending.browser.encode(), browser.encode())
            # RFC 9207: a response of another provider.
            or params.get("iss", settings.issuer) != settings.issuer
            or "code" not in params
        ):
            raise ProblemError("oidc_failed")
        subject = self._subject(settings, params["code"], pending)
        if pending.link:
            self._link(settings.issuer, subject, pending.link)
            return Finished(pending.link, linked=True, target=pending.target)
        columns = schema.oidc_identity.c
        query = select(columns.sub).where(
            columns.issuer == settings.issuer, columns.subject == subject
        )
        with self._store.read() as connection:
            sub = connection.execute(query).scalar()
        if sub is None:
            raise ProblemError("oidc_unlinked")
        return Finished(str(sub), linked=False, target=pending.target)

    def _keep(self, state: str, pending: _Pending) -> None:
        if self._shared is not None:
            data = json.dumps(asdict(pending))
            self._shared.put("oidc", state.encode(), data, pending.expires_s)
            return
        with self._gate:
            self._pending[state] = pending
            while len(self._pending) > _MAX_PENDING:
                self._pending.popitem(last=False)

    def _take(self, state: str) -> _Pending | None:
        if self._shared is not None:
            data = self._shared.take("oidc", state.encode("utf-8", "replace"))
            return None if data is None else _Pending(**json.loads(data))
        with self._gate:
            return self._pending.pop(state, None)

    def unlink(self, sub: str) -> None:
        """Remove the identities of this provider from an account."""
        columns = schema.oidc_identity.c
        statement = delete(schema.oidc_identity).where(
            columns.sub == sub, columns.issuer == self._required().issuer
        )
        self._store.write(lambda connection: connection.execute(statement)).result()

    def _subject(self, settings: OidcSettings, code: str, pending: _Pending) -> str:
        """The subject of the verified ID token."""
        metadata = self._provider()
        try:
            token = self._session(settings).fetch_token(
                metadata["token_endpoint"],
                code=code,
                code_verifier=pending.verifier,
                timeout=_TIMEOUT_S,
            )
            keys = requests.get(metadata["jwks_uri"], timeout=_TIMEOUT_S, allow_redirects=False)
            keys.raise_for_status()
            decoded = jwt.decode(
                token["id_token"], KeySet.import_key_set(keys.json()), algorithms=_ALGORITHMS
            )
            jwt.JWTClaimsRegistry(
                now=self._clock.real_s(),
                leeway=60,
                iss={"essential": True, "value": settings.issuer},
                aud={"essential": True, "value": settings.client_id},
                exp={"essential": True},
                iat={"essential": True},
                nonce={"essential": True, "value": pending.nonce},
                sub={"essential": True},
            ).validate(decoded.claims)
        except requests.RequestException as error:
            raise ProblemError("oidc_unavailable") from error
        except (AuthlibBaseError, JoseError, KeyError, ValueError, TypeError) as error:
            raise ProblemError("oidc_failed") from error
        subject = decoded.claims["sub"]
        authorised = decoded.claims.get("azp", settings.client_id)
        if (
            not isinstance(subject, str)
            or not 0 < len(subject) <= _MAX_SUBJECT
            or authorised != settings.client_id
        ):
            raise ProblemError("oidc_failed")
        return subject

    def _link(self, issuer: str, subject: str, sub: str) -> None:
        columns = schema.oidc_identity.c
        row: dict[str, object] = {
            "issuer": issuer,
            "subject": subject,
            "sub": sub,
            "linked_s": self._clock.real_s(),
        }

        def job(connection: Connection) -> None:
            owner = connection.execute(
                select(columns.sub).where(columns.issuer == issuer, columns.subject == subject)
            ).scalar()
            if owner is not None and owner != sub:
                raise ProblemError("oidc_taken")
            if owner is None:
                schema.insert(connection, schema.oidc_identity, [row])

        self._store.write(job).result()

    def _provider(self) -> dict[str, Any]:
        """The provider's metadata (OpenID Connect Discovery 1.0 section 4), kept for an hour."""
        settings = self._required()
        if self._metadata is not None and self._metadata[0] > self._monotonic_s():
            return self._metadata[1]
        address = f"{settings.issuer.rstrip('/')}/.well-known/openid-configuration"
        try:
            response = requests.get(address, timeout=_TIMEOUT_S, allow_redirects=False)
            response.raise_for_status()
            found: dict[str, Any] = response.json()
            if found["issuer"] != settings.issuer:
                raise ProblemError("oidc_unavailable")
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                str(found[name])
        except (requests.RequestException, ValueError, KeyError, TypeError) as error:
            raise ProblemError("oidc_unavailable") from error
        self._metadata = (self._monotonic_s() + _METADATA_S, found)
        return found

    def _session(self, settings: OidcSettings) -> OAuth2Session:
        return OAuth2Session(
            settings.client_id,
            settings.client_secret,
            scope="openid",
            redirect_uri=self._redirect,
            code_challenge_method="S256",
        )

    def _required(self) -> OidcSettings:
        if self._settings is None:
            raise ProblemError("not_found")
        return self._settings
