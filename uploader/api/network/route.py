"""The route of the client's requests: directly or through a proxy, and the trusted certificates.

Rules kept: a request to this computer uses no proxy. The password of a proxy is read when a
request needs it and kept in memory only; no address contains it, so no error text can show it.
"""

from __future__ import annotations

import base64
import ipaddress
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from requests.utils import get_environ_proxies, select_proxy

from uploader.errors import NetworkError, Problem

Mode = Literal["system", "none", "manual", "pac"]
#: Characters of a proxy's address in an error.
_LONGEST = 100


@dataclass(frozen=True)
class RouteChoice:
    """The user's choice of a route.

    `mode` is "system" (the proxy of the environment, or of the settings of Windows or macOS),
    "none", "manual" (the proxy at the address `proxy`; it gets a sign-in if `user` is set) or "pac"
    (the proxies that `script`, an address or a path, returns). `authority` is the path of a PEM
    file whose certificates are trusted in addition to the system's, or "".
    """

    mode: Mode = "system"
    proxy: str = ""
    user: str = ""
    authority: str = ""
    script: str = ""


#: Seconds until a script is fetched and run again.
SCRIPT_S = 600.0


def _no_password(_: RouteChoice) -> str | None:
    return None


class Route:
    """The route of all requests of a process. Safe to use from several threads.

    `read_password` returns the password of a choice's proxy, or None; it may block, and raises
    UploaderError. `monotonic` is a clock in seconds.
    """

    def __init__(
        self,
        choice: RouteChoice | None = None,
        read_password: Callable[[RouteChoice], str | None] = _no_password,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._monotonic = monotonic
        self._read_password = read_password
        self._lock = threading.Lock()  # guards all below
        self._choice = choice or RouteChoice()
        self._version = 0
        self._password: str | None = None
        self._asked = False
        #: The proxies that the script returned and when they expire, by scheme, host and port.
        self._found: dict[tuple[str, str], tuple[float, tuple[str, ...]]] = {}

    @property
    def version(self) -> int:
        """Increases with each change. Connections of an earlier version must not be reused."""
        with self._lock:
            return self._version

    @property
    def verify(self) -> str:
        """The PEM file whose certificates are trusted in addition to the system's; "" for none."""
        with self._lock:
            return self._choice.authority

    def change(self, choice: RouteChoice) -> None:
        """Use another choice from the next request on, and read the password again."""
        with self._lock:
            if choice != self._choice or self._asked:
                self._choice = choice
                self._version += 1
                self._password, self._asked = None, False
                self._found.clear()

    def forget_password(self) -> None:
        """Read the password again for the next request, after the proxy refused it."""
        with self._lock:
            if self._asked:
                self._version += 1
                self._password, self._asked = None, False

    def proxies(self, url: str) -> dict[str, str]:
        """The first of `candidates`."""
        return self.candidates(url)[0]

    def candidates(self, url: str) -> tuple[dict[str, str], ...]:
        """The proxies for a request, in the order in which to try them.

        Each is a dictionary from the scheme of `url` to the proxy's address, as `requests` expects
        it; an empty one means a direct connection. May block to read the password or run a script.

        Raises NetworkError: ROUTE_INCOMPLETE without an address, the keyring's problem, or that of
        the script.
        """
        found = self._proxies(url)
        if any(found):
            self._sign_in()
        scheme = urlsplit(url).scheme
        return tuple({scheme: proxy} if proxy else {} for proxy in found)

    def prefer(self, url: str, candidate: Mapping[str, str]) -> None:
        """Put one of `candidates` first until the script runs again."""
        proxy = "".join(candidate.values())
        with self._lock:
            until, found = self._found.get(_origin(url), (0.0, ()))
            if found[:1] not in {(), (proxy,)} and proxy in found:
                self._found[_origin(url)] = until, (proxy, *(e for e in found if e != proxy))

    def headers(self) -> dict[str, str]:
        """The header for the proxy's sign-in (RFC 7617, in UTF-8); empty without one."""
        with self._lock:
            choice, password = self._choice, self._password
        if choice.mode != "manual" or not choice.user or password is None:
            return {}
        pair = base64.b64encode(f"{choice.user}:{password}".encode()).decode("ascii")
        return {"Proxy-Authorization": f"Basic {pair}"}

    def address_of(self, url: str) -> str:
        """Scheme, host and port of the proxy for `url`, without a user name or password; empty
        without a proxy. Never blocks: empty before the first run of a script.
        """
        with self._lock:
            _, known = self._found.get(_origin(url), (0.0, ("",)))
            script = self._choice.mode == "pac"
        try:
            proxy = (known if script else self._proxies(url))[0]
        except NetworkError:
            return ""
        return address_without_sign_in(proxy) if proxy else ""

    def _proxies(self, url: str) -> tuple[str, ...]:
        """The addresses of the proxies, "" for a direct connection."""
        try:
            host = urlsplit(url).hostname or ""
        except ValueError:
            return ("",)
        with self._lock:
            choice = self._choice
        if is_loopback(host) or choice.mode == "none":
            return ("",)
        if choice.mode == "system":
            return (select_proxy(url, get_environ_proxies(url, no_proxy=None)) or "",)
        if not (choice.proxy if choice.mode == "manual" else choice.script):
            raise NetworkError(Problem.ROUTE_INCOMPLETE, "no address")
        return (choice.proxy,) if choice.mode == "manual" else self._by_script(url)

    def _by_script(self, url: str) -> tuple[str, ...]:
        from uploader.api.network.pac import DIRECT, find_proxies

        origin = _origin(url)
        with self._lock:
            choice, version = self._choice, self._version
            until, found = self._found.get(origin, (0.0, ()))
        if found and self._monotonic() < until:
            return found
        found = find_proxies(choice.script, choice.authority, url)
        found = tuple("" if each == DIRECT else each for each in found)
        with self._lock:
            if version == self._version:
                self._found[origin] = self._monotonic() + SCRIPT_S, found
        return found

    def _sign_in(self) -> None:
        """Read the password once, outside the lock: the keyring may wait for the person."""
        with self._lock:
            choice, version = self._choice, self._version
            if self._asked or choice.mode != "manual" or not choice.user:
                return
        password = self._read_password(choice)
        with self._lock:
            if version == self._version:
                self._password, self._asked = password, True


def _origin(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", ""
    return parts.scheme, parts.netloc


def address_without_sign_in(proxy: str) -> str:
    """Scheme, host and port of a proxy's address."""
    try:
        parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
        where = parts.netloc.rpartition("@")[2]
        return f"{parts.scheme}://{where}"[:_LONGEST]
    except ValueError:
        return "its address cannot be read"


def is_loopback(host: str) -> bool:
    """Whether the host is this machine.

    `localhost` and loopback addresses. Names below `.localhost` do not count, since not every
    resolver maps them to this machine (RFC 6761 §6.3).
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
