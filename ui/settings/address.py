"""The address of a marketplace, as a person or a policy writes it."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

LONGEST_ADDRESS = 300


def address_of(text: str) -> str | None:
    """The address of a marketplace as its clients use it; None for a text that is no address.

    Without a scheme it is https, or http for this computer. Path, query and user are refused: an
    address with them is not a marketplace's.
    """
    text = text.strip()
    if not text or len(text) > LONGEST_ADDRESS or " " in text or not text.isprintable():
        return None
    if "://" not in text:
        try:
            local = _is_local(urlsplit(f"//{text}").hostname or "")
        except ValueError:
            return None
        text = f"{'http' if local else 'https'}://{text}"
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    host = parts.hostname or ""
    plain = parts.path in {"", "/"} and not (parts.query or parts.fragment or "@" in parts.netloc)
    if parts.scheme not in {"http", "https"} or not host or not plain:
        return None
    name = f"[{host}]" if ":" in host else host
    usual = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{name}" + ("" if port in {None, usual} else f":{port}")


def is_address(text: str) -> bool:
    """Whether a text is the address of a marketplace."""
    return address_of(text) is not None


def _is_local(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
