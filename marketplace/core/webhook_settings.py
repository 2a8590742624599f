"""The settings of the sender of webhooks."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from pathlib import Path

from marketplace.core.i18n import tr


class WebhookSettingsError(ValueError):
    """An invalid setting; the message is a sentence for the operator."""


@dataclass(frozen=True)
class WebhookSettings:
    """Where webhooks may go, beside public addresses.

    `networks` are further networks such as 10.0.0.0/8; http without TLS is possible to the loopback
    addresses among them only, for development. `ca_file` holds the certificates of a private
    authority; None trusts those of the system. `timeout_s` limits one attempt, in seconds.
    """

    networks: tuple[str, ...] = ()
    ca_file: Path | None = None
    timeout_s: float = 15.0

    def __post_init__(self) -> None:
        for network in self.networks:
            try:
                ipaddress.ip_network(network)
            except ValueError as error:
                raise WebhookSettingsError(
                    tr("%(network)r is not a network like 10.0.0.0/8.") % {"network": network}
                ) from error
        if self.ca_file is not None and not self.ca_file.is_file():
            raise WebhookSettingsError(
                tr("The file %(path)s with certificates for webhooks does not exist.")
                % {"path": self.ca_file}
            )

    def allows(self, address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
        """Whether an address is in one of the networks."""
        return any(address in ipaddress.ip_network(network) for network in self.networks)
