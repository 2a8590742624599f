"""The client's side of OAuth 2.0 for a public client with PKCE, without the browser.

Rules kept: the metadata must name the issuer from whose address it was fetched (RFC 8414 section
3.3); only `S256` is used (RFC 7636); a server must send `iss` with its response (RFC 9207). Nothing
is retried here.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from diary.formats import json_fields
from diary.formats.encoding import Json, digest
from uploader.api import responses
from uploader.api.transport import Transport, check_address
from uploader.errors import NetworkError, Problem, RefusedError

CLIENT_ID = "workdiary"
#: Lets a program enrol one device.
ENROL = "enrol"
_MAX_ADDRESS = 2048
_MAX_METADATA = 256 * 1024
_MAX_TOKEN = 8192


@dataclass(frozen=True)
class AuthorizationServer:
    """The endpoints of the server `issuer`."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str


@dataclass(frozen=True)
class PendingSignIn:
    """The secrets of one sign-in; its `repr` does not show them."""

    state: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)

    def address(
        self,
        server: AuthorizationServer,
        redirect_uri: str,
        *,
        scope: str = ENROL,
        device_name: str = "",
    ) -> str:
        """The address for the browser; its page shows `device_name`."""
        query = {
            "response_type": "code",
            "client_id": CLIENT_ID,
            "redirect_uri": redirect_uri,
            "scope": scope,
            "code_challenge": digest(self.verifier.encode("ascii")),
            "code_challenge_method": "S256",
            "state": self.state,
        }
        if device_name:
            query["device_name"] = device_name
        endpoint = server.authorization_endpoint
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(query)}"


def discover(transport: Transport, issuer: str) -> AuthorizationServer:
    """Fetch and check the metadata of a server (RFC 8414).

    Raises RefusedError(SIGN_IN_UNSUPPORTED) for a server without it or without PKCE or `iss`, and
    NetworkError.
    """
    parts = urlsplit(issuer)
    well_known = f"/.well-known/oauth-authorization-server{parts.path.rstrip('/')}"
    url = f"{parts.scheme}://{parts.netloc}{well_known}"
    answer = transport.send("GET", url, longest=_MAX_METADATA)
    if answer.status != 200:
        raise RefusedError(Problem.SIGN_IN_UNSUPPORTED, answer.status, "no metadata")
    server, missing = responses.read(answer, _metadata)
    if server.issuer != issuer:
        raise NetworkError(Problem.UNEXPECTED_ANSWER, "the metadata of another issuer")
    if missing:
        raise RefusedError(Problem.SIGN_IN_UNSUPPORTED, 200, missing)
    for endpoint in (server.authorization_endpoint, server.token_endpoint):
        check_address(endpoint)
    return server


def exchange(
    transport: Transport,
    server: AuthorizationServer,
    pending: PendingSignIn,
    redirect_uri: str,
    code: str,
) -> str:
    """Exchange the code for an access token. Raises RefusedError(SIGN_IN_FAILED), NetworkError."""
    form = {
        "grant_type": "authorization_code",
        "client_id": CLIENT_ID,
        "redirect_uri": redirect_uri,
        "code": code,
        "code_verifier": pending.verifier,
    }
    answer = transport.send(
        "POST",
        server.token_endpoint,
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        body=urlencode(form).encode(),
    )
    if answer.status != 200:
        raise responses.problem(answer, Problem.SIGN_IN_FAILED)
    return responses.read(answer, _bearer)


def _metadata(obj: Json) -> tuple[AuthorizationServer, str]:
    """The endpoints, and the name of a feature that is missing ("" if none is)."""
    server = AuthorizationServer(
        json_fields.string(obj, "issuer", _MAX_ADDRESS),
        json_fields.string(obj, "authorization_endpoint", _MAX_ADDRESS),
        json_fields.string(obj, "token_endpoint", _MAX_ADDRESS),
    )
    methods = obj.get("code_challenge_methods_supported")
    if not isinstance(methods, list) or "S256" not in methods:
        return server, "S256"
    if obj.get("authorization_response_iss_parameter_supported") is not True:
        return server, "iss"
    return server, ""


def _bearer(obj: Json) -> str:
    if json_fields.string(obj, "token_type", 32).lower() != "bearer":
        raise json_fields.bad("token_type")
    token = json_fields.string(obj, "access_token", _MAX_TOKEN)
    if not token.isascii() or not token.isprintable() or " " in token:
        raise json_fields.bad("access_token")
    return token
