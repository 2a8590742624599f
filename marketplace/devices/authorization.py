"""Authorization codes for joining: RFC 6749 section 4.1 with PKCE (RFC 7636, S256 only).

The only client is the desktop program, a public client that receives the response on a loopback
address (RFC 8252 section 7.3): any port of 127.0.0.1 or ::1, one path. A code works once, for a
minute, with the redirect address and the verifier of its request. The issued token can only enrol
one device; a second use of the code disables it (RFC 6749 section 4.1.2). Times are real time.
"""

from __future__ import annotations

import re
import secrets
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from hmac import compare_digest
from typing import Final
from urllib.parse import urlencode

from sqlalchemy import Connection, delete, select, update

from diary.core.slots import week_of
from diary.formats.encoding import digest
from marketplace.accounts.model import account
from marketplace.accounts.one_time_codes import LIFETIME_S
from marketplace.core.clock import MarketplaceClock
from marketplace.core.problems import ProblemError
from marketplace.devices.enrolment import begin_enrolment
from marketplace.storage import schema
from marketplace.storage.database import Database

CLIENT_ID = "workdiary"
SCOPE: Final = "enrol"
#: Lifetime of an authorization code in seconds.
CODE_S = 60
#: Lifetime of the token, which is the session of an enrolment.
TOKEN_S = LIFETIME_S["enrolling"]
#: The longest name of a computer that the page shows.
MAX_DEVICE_NAME = 100

_REDIRECT = re.compile(r"(http://(?:127\.0\.0\.1|\[::1\]):([1-9][0-9]{0,4}))/callback")
#: The base64url of a SHA-256; the last of 43 letters carries four bits and two zeroes.
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
_STATE = re.compile(r"[ -~]{1,512}")


class UnknownClientError(Exception):
    """The client or its redirect address is not registered, so the browser must not be sent there
    (RFC 6749 section 4.1.2.1).
    """


class AuthorizationError(Exception):
    """An error that the client gets at its redirect address; `error` is a code of RFC 6749."""

    def __init__(self, error: str, redirect_uri: str, state: str | None) -> None:
        self.error = error
        self.redirect_uri = redirect_uri
        self.state = state
        super().__init__(error)


@dataclass(frozen=True)
class AuthorizationRequest:
    """A valid request. `device_name` is the computer's name as its program wrote it."""

    redirect_uri: str
    challenge: str
    state: str | None
    device_name: str

    @property
    def redirect_origin(self) -> str:
        """Scheme, address and port of the redirect address."""
        return self.redirect_uri.removesuffix("/callback")


def is_redirect_uri(text: str) -> bool:
    """Whether this is the registered loopback address, with any port."""
    found = _REDIRECT.fullmatch(text)
    return found is not None and int(found[2]) < 65_536


def read_request(parameters: Iterable[tuple[str, str]]) -> AuthorizationRequest:
    """Check the parameters of an authorization request.

    Unknown parameters are ignored, and none may occur twice (RFC 6749 section 3.1). Raises
    UnknownClientError or AuthorizationError.
    """
    pairs = [(name, value) for name, value in parameters if value]
    repeated = {name for name, count in Counter(name for name, _ in pairs).items() if count > 1}
    values = dict(pairs)
    redirect_uri = values.get("redirect_uri", "")
    if repeated & {"client_id", "redirect_uri"}:
        raise UnknownClientError
    if values.get("client_id") != CLIENT_ID or not is_redirect_uri(redirect_uri):
        raise UnknownClientError
    state = values.get("state")
    if repeated or (state is not None and not _STATE.fullmatch(state)):
        raise AuthorizationError("invalid_request", redirect_uri, None)
    if values.get("response_type") != "code":
        error = "unsupported_response_type" if "response_type" in values else "invalid_request"
        raise AuthorizationError(error, redirect_uri, state)
    if values.get("scope", SCOPE) != SCOPE:
        raise AuthorizationError("invalid_scope", redirect_uri, state)
    challenge = values.get("code_challenge", "")
    # Without this parameter the method would be `plain` (RFC 7636 section 4.3).
    if values.get("code_challenge_method") != "S256" or not _CHALLENGE.fullmatch(challenge):
        raise AuthorizationError("invalid_request", redirect_uri, state)
    name = values.get("device_name", "")[:MAX_DEVICE_NAME]
    return AuthorizationRequest(redirect_uri, challenge, state, name)


def response_url(redirect_uri: str, issuer: str, state: str | None, **values: str) -> str:
    """The redirect address with a response; `issuer` becomes `iss` (RFC 9207)."""
    if state is not None:
        values["state"] = state
    return f"{redirect_uri}?{urlencode({**values, 'iss': issuer})}"


class AuthorizationCodes:
    """Issues and redeems authorization codes. Blocks."""

    def __init__(self, store: Database, clock: MarketplaceClock) -> None:
        self._store = store
        self._clock = clock

    def issue(self, sub: str, request: AuthorizationRequest) -> str:
        """A new code of the freelancer `sub` for a request that the person has allowed."""
        now = self._clock.real_s()
        code = secrets.token_urlsafe(32)
        row: dict[str, object] = {
            "hash": digest(code.encode()),
            "sub": sub,
            "redirect_uri": request.redirect_uri,
            "challenge": request.challenge,
            "expires_s": now + CODE_S,
            "used_s": None,
            "session": None,
        }

        def job(connection: Connection) -> None:
            columns = schema.authorization_code.c
            # A used code is kept as long as its token, so that a second use disables the token.
            old = columns.expires_s <= now - TOKEN_S
            connection.execute(delete(schema.authorization_code).where(old))
            schema.insert(connection, schema.authorization_code, [row])

        self._store.write(job).result()
        return code

    def redeem(self, code: str, client_id: str, redirect_uri: str, verifier: str) -> str:
        """Exchange a code for a token that can enrol one device, and nothing else.

        Raises the problem `invalid_grant` (400) without a reason, so that a thief learns none.
        """
        now = self._clock.real_s()
        week0 = week_of(self._clock.wall_s())

        def job(connection: Connection) -> str | None:
            columns = schema.authorization_code.c
            mine = columns.hash == digest(code.encode("utf-8", "replace"))
            row = connection.execute(select(schema.authorization_code).where(mine)).first()
            if row is None:
                return None
            if row.used_s is not None:
                sessions = schema.one_time_code
                unused = (sessions.c.hash == row.session, sessions.c.used_s.is_(None))
                connection.execute(update(sessions).where(*unused).values(used_s=now))
                return None
            bound = (
                row.expires_s > now
                and client_id == CLIENT_ID
                and redirect_uri == row.redirect_uri
                and _VERIFIER.fullmatch(verifier) is not None
                and compare_digest(digest(verifier.encode()), row.challenge)
            )
            person = account(connection, row.sub)
            if not bound or person is None or person.role != "freelancer":
                return None
            token = begin_enrolment(connection, person, now, week0).session
            used = {"used_s": now, "session": digest(token.encode())}
            connection.execute(update(schema.authorization_code).where(mine).values(**used))
            return token

        token = self._store.write(job).result()
        if token is None:
            raise ProblemError("invalid_grant", error="invalid_grant")
        return token
