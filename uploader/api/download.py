"""Downloads files of any size in pieces, by the route of the settings.

Rules kept: those of `transport.py`, except that the caller bounds the size. The time for a whole
file is bounded.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import requests
import urllib3.exceptions

from uploader.api import proxy_errors
from uploader.api.network.route import Route, address_without_sign_in
from uploader.api.network.system_trust import SystemTrust
from uploader.api.transport import Limits, check_address, network_error, reading_error
from uploader.api.watchdog import GuardedAdapter, Watchdog
from uploader.errors import NetworkError, Problem

#: One file may take an hour in all.
LIMITS = Limits(10.0, 30.0, 3600.0)
_CHUNK = 65_536


class StatusError(NetworkError):
    """The server answered with a status other than 200."""

    def __init__(self, status: int) -> None:
        super().__init__(Problem.UNEXPECTED_ANSWER, str(status))
        self.status = status


class FileDownload:
    """Downloads files one after the other, in one thread."""

    def __init__(self, route: Route, limits: Limits = LIMITS) -> None:
        self._route = route
        self._limits = limits
        self._session = requests.Session()
        self._session.mount("http://", GuardedAdapter())
        self._session.mount("https://", SystemTrust(route.verify, route.headers))
        self._session.headers["User-Agent"] = "workdiary"
        # The route alone decides about proxies.
        self._session.trust_env = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self._session.close()

    def stream(self, url: str) -> Iterator[bytes]:
        """The body of a file, in pieces. Each step may raise NetworkError; for a status other than
        200 it is a StatusError.
        """
        check_address(url)
        candidates = list(self._route.candidates(url))
        with Watchdog(self._limits.whole_s) as dog:
            while True:
                proxies = candidates.pop(0)
                begun = False
                try:
                    for piece in self._pieces(url, proxies):
                        begun = True
                        yield piece
                except NetworkError as error:
                    if dog.expired:
                        raise _too_long(self._limits.whole_s) from error
                    if begun or not candidates or error.code not in proxy_errors.NOT_REACHED:
                        raise
                else:
                    # A connection that the watchdog shut down looks like a regular end.
                    if dog.expired:
                        raise _too_long(self._limits.whole_s)
                    self._route.prefer(url, proxies)
                    return

    def _pieces(self, url: str, proxies: dict[str, str]) -> Iterator[bytes]:
        proxy = "".join(map(address_without_sign_in, proxies.values()))
        try:
            with self._session.get(
                url,
                headers={"Accept-Encoding": "identity"},
                timeout=(self._limits.connect_s, self._limits.read_s),
                proxies=proxies,
                allow_redirects=False,
                stream=True,
            ) as response:
                _check(response, proxy)
                while piece := response.raw.read1(_CHUNK, decode_content=False):
                    yield piece
        except requests.RequestException as error:
            raise proxy_errors.problem_of(error, proxy) or network_error(error) from error
        except urllib3.exceptions.HTTPError as error:
            raise proxy_errors.problem_of(error, proxy) or reading_error(error) from error
        except (OSError, ValueError) as error:
            raise NetworkError(Problem.CONNECTION_LOST, type(error).__name__) from error


def _check(response: requests.Response, proxy: str) -> None:
    status = response.status_code
    if status == 407:
        raise proxy_errors.sign_in_wanted(proxy)
    if 300 <= status < 400:
        place = urlsplit(response.headers.get("Location", "")).hostname or "no address"
        raise NetworkError(Problem.UNEXPECTED_REDIRECT, f"{status} to {place[:80]}")
    if status != 200:
        raise StatusError(status)
    if response.headers.get("Content-Type", "").lower().startswith("text/html"):
        raise NetworkError(Problem.CAPTIVE_PORTAL, str(status))
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise NetworkError(Problem.UNEXPECTED_ANSWER, "an encoding that was not requested")


def _too_long(seconds: float) -> NetworkError:
    return NetworkError(Problem.TIMEOUT, f"longer than {seconds:.0f} s in all")
