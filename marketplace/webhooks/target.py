"""The address to which a webhook is sent.

Rules kept against requests to internal services (server-side request forgery): https only; the name
is resolved once for each attempt, every address that it has must be public, and the connection goes
to one of these addresses, so that a second answer of the name server (DNS rebinding) has no effect.
The certificate is checked against the name. The settings can permit further networks.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import httpx

from marketplace.core.webhook_settings import WebhookSettings

Resolver = Callable[[str, int], Awaitable[tuple[str, ...]]]
"""The addresses of a host name and a port. Raises OSError if the name has none."""
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

#: The longest address of an endpoint, in characters.
MAX_URL = 1_000
_PORTS = {"https": 443, "http": 80}
#: Global unicast, the only allocated part of IPv6 with public hosts (RFC 4291 section 2.4).
_IPV6_GLOBAL = ipaddress.IPv6Network("2000::/3")
#: IPv4 addresses in IPv6 (RFC 6052 section 2.1).
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class TargetError(Exception):
    """A webhook may not or cannot be sent to this URL; `code` is stable."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True)
class Target:
    """A request to `url`, whose host is an address; `host` is the header, `name` the host of the
    certificate.
    """

    url: httpx.URL
    host: str
    name: str


async def system_resolver(host: str, port: int) -> tuple[str, ...]:
    """Resolve a name as the operating system does."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(place[0]) for *_, place in found))


def parse_url(text: str, settings: WebhookSettings) -> httpx.URL:
    """The URL of an endpoint. Raises TargetError (`url_invalid`, `https_only`, `not_public`)."""
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, UnicodeError):
        raise TargetError("url_invalid") from None
    if len(text) > MAX_URL or url.userinfo or url.fragment or text != text.strip():
        raise TargetError("url_invalid")
    if not url.host or not 0 < (url.port or 443) < 65_536:
        raise TargetError("url_invalid")
    if url.scheme not in _PORTS:
        raise TargetError("https_only")
    if url.scheme == "http" and not settings.networks:
        raise TargetError("https_only")
    try:
        address = ipaddress.ip_address(url.host)
    except ValueError:
        return url  # a name, resolved for each attempt
    _require_permitted(url, address, settings)
    return url


async def resolve(text: str, settings: WebhookSettings, resolver: Resolver) -> Target:
    """Resolve and check the URL of an endpoint. Raises TargetError."""
    url = parse_url(text, settings)
    port = url.port or _PORTS[url.scheme]
    try:
        found = await resolver(url.host, port)
        addresses = [ipaddress.ip_address(each.partition("%")[0]) for each in found]
    except (OSError, UnicodeError, ValueError):
        raise TargetError("name_unknown") from None
    if not addresses:
        raise TargetError("name_unknown")
    for address in addresses:
        _require_permitted(url, address, settings)
    host = url.netloc.decode("ascii")
    return Target(url.copy_with(host=str(addresses[0])), host, url.raw_host.decode("ascii"))


def is_public(address: Address) -> bool:
    """Whether an address is a public host; one that contains an IPv4 address is as public as it."""
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global and not address.is_multicast
    inner = address.ipv4_mapped or address.sixtofour
    if address in _NAT64:
        inner = ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    if inner is not None:
        return is_public(inner)
    return address in _IPV6_GLOBAL and address.is_global


def _require_permitted(url: httpx.URL, address: Address, settings: WebhookSettings) -> None:
    if url.scheme == "http" and not (address.is_loopback and settings.allows(address)):
        raise TargetError("https_only")
    if not is_public(address) and not settings.allows(address):
        raise TargetError("not_public")
