"""The settings of the mail server that sends the marketplace's messages."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from marketplace.core.i18n import tr

Security = Literal["tls", "starttls", "none"]
"""TLS from the first byte (port 465), STARTTLS (port 587), or plain text to this computer."""
PORTS: dict[Security, int] = {"tls": 465, "starttls": 587, "none": 25}
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_SENDER = re.compile(r"[^\s@<>,;:\"\x00-\x20\x7f]{1,64}@[A-Za-z0-9.-]{1,189}")


class MailSettingsError(ValueError):
    """An invalid setting; the message is a sentence for the operator."""


@dataclass(frozen=True)
class MailSettings:
    """A mail server (SMTP submission, RFC 6409) and the address of the sender.

    `ca_file` holds the certificates of a private authority; None trusts those of the system. A
    password is only sent over TLS.
    """

    host: str
    sender: str
    port: int = 587
    security: Security = "starttls"
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    ca_file: Path | None = None
    timeout_s: float = 30.0

    def __post_init__(self) -> None:
        if not _SENDER.fullmatch(self.sender):
            raise MailSettingsError(
                tr("%(address)r is not the e-mail address of a sender.") % {"address": self.sender}
            )
        if not 0 < self.port < 65_536:
            raise MailSettingsError(tr("The port of the mail server is a number from 1 to 65535."))
        if (self.user is None) != (self.password is None):
            raise MailSettingsError(
                tr("--smtp-user and --smtp-password-file belong together: give both or neither.")
            )
        if self.security == "none" and (self.host not in _LOOPBACK or self.password is not None):
            raise MailSettingsError(
                tr(
                    "Mail without TLS is possible to a mail server on this computer only, and "
                    "without a password."
                )
            )
