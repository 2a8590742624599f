"""A mail server on loopback that keeps what it receives."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope

from marketplace.core.mail_settings import MailSettings, Security
from tests.marketplace.certificates import make_certificate

USER, PASSWORD = "diary", "the password of the mail server"
SENDER = "diary@example.org"


@dataclass
class MailServer:
    """Received messages; `replies` are returned, one for each, instead of accepting a message."""

    settings: MailSettings
    received: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    replies: list[str] = field(default_factory=list)
    signed_in: list[bool] = field(default_factory=list)

    async def handle_DATA(self, _server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802
        """Called by aiosmtpd."""
        if self.replies:
            return self.replies.pop(0)
        content = envelope.content
        assert isinstance(content, bytes)
        self.received.append(message_from_bytes(content, policy=policy.default))
        self.recipients += envelope.rcpt_tos
        self.signed_in.append(bool(session.authenticated))
        return "250 OK"


class FreePortController(Controller):
    """Serves on a free port. The controller connects once to itself, and needs the port for it."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The files of a certificate for 127.0.0.1 and of its key."""
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(params=["none"])
def mail_server(
    request: pytest.FixtureRequest, certificate: tuple[Path, Path]
) -> Iterator[MailServer]:
    """A mail server with the security of the parameter."""
    security: Security = request.param
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)
    with_password = security != "none"
    server = MailServer(MailSettings("127.0.0.1", SENDER, 1, "none"))

    def authenticate(_s: Any, _e: Any, _f: Any, _mechanism: Any, data: Any) -> AuthResult:
        given = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=given)

    options: dict[str, Any] = {"ssl_context": context} if security == "tls" else {}
    if security == "starttls":
        options = {"tls_context": context, "require_starttls": True}
    if with_password:
        options |= {
            "authenticator": authenticate,
            "auth_required": security == "starttls",
            "auth_require_tls": security == "starttls",
        }
    controller = FreePortController(server, hostname="127.0.0.1", port=0, **options)
    controller.start()
    try:
        server.settings = MailSettings(
            "127.0.0.1",
            SENDER,
            controller.port,
            security,
            USER if with_password else None,
            PASSWORD if with_password else None,
            certificate[0] if with_password else None,
        )
        yield server
    finally:
        controller.stop()
