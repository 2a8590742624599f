"""The settings of an OpenID provider for sign-in."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from marketplace.core.i18n import tr

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class OidcSettingsError(ValueError):
    """An invalid setting; the message is a sentence for the operator."""


@dataclass(frozen=True)
class OidcSettings:
    """An OpenID provider and our registration there. `name` is shown on the sign-in button."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name: str

    def __post_init__(self) -> None:
        parts = urlsplit(self.issuer)
        local = parts.scheme == "http" and parts.hostname in _LOOPBACK
        if not (parts.scheme == "https" or local) or not parts.hostname or parts.query:
            raise OidcSettingsError(
                tr("%(issuer)r cannot be an OpenID issuer: it is an https address without query.")
                % {"issuer": self.issuer}
            )
        if not self.client_id or not self.client_secret:
            raise OidcSettingsError(tr("The client identifier or the client secret is empty."))
