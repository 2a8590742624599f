"""Lets the operating system verify certificates, with an additional authority if one is set."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import truststore

from uploader.api.network.authority import read_authority
from uploader.api.watchdog import GuardedAdapter


@lru_cache(4)
def _context(certificates: str) -> truststore.SSLContext:
    """The context with additional certificates (PEM). All threads share it: each would hold the
    system's certificates, 0.8 MB.
    """
    made = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if certificates:
        made.load_verify_locations(cadata=certificates)
    return made


class SystemTrust(GuardedAdapter):
    """Transport adapter that verifies certificates by the operating system, not a bundled list.

    The PEM file `authority` adds certificates. `headers` returns the headers for a proxy. Raises
    NetworkError(CA_UNUSABLE) if the file cannot be used.
    """

    def __init__(
        self, authority: str = "", headers: Callable[[], dict[str, str]] = dict[str, str]
    ) -> None:
        self._headers = headers
        self._context = _context(read_authority(authority) if authority else "")
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs, ssl_context=self._context)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        return super().proxy_manager_for(proxy, **kwargs, ssl_context=self._context)

    def proxy_headers(self, proxy: str) -> dict[str, str]:
        return {**super().proxy_headers(proxy), **self._headers()}

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:  # noqa: ARG002
        conn.cert_reqs = "CERT_REQUIRED"
        conn.ca_certs = conn.ca_cert_dir = None
