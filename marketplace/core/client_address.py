"""The client address of a request, for limits only; it is never logged."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any


def address_of(scope: Mapping[str, Any]) -> str:
    """The address of an ASGI request; of an IPv6 address its first 64 bits.

    Each computer chooses the other 64 bits itself (RFC 4291 section 2.5.4).
    """
    client = scope.get("client")
    host = str(client[0]) if client else "?"
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.version == 4:
        return host
    return str(ipaddress.ip_network((address, 64), strict=False).network_address)
