"""Sends one bounded HTTP request and converts network errors to `NetworkError`.

Rules kept: the operating system's trust store verifies certificates, with those that the route
adds; plain http only to loopback;
redirects are never followed; size and duration of a response are bounded; a network's sign-in page
is detected and never mistaken for the marketplace. Nothing is retried here.
"""

from __future__ import annotations

import io
import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3.exceptions
from requests.structures import CaseInsensitiveDict

from diary.core.slots import SANE_FROM, SANE_TO
from uploader.api import proxy_errors
from uploader.api.network.route import Route, address_without_sign_in, is_loopback
from uploader.api.network.system_trust import SystemTrust
from uploader.api.watchdog import GuardedAdapter, Watchdog
from uploader.errors import NetworkError, Problem
from uploader.retry import http_date, parse_retry_after

MAX_JSON = 8 << 20
#: The detail of OFFLINE where the name server does not know the host.
UNKNOWN_NAME = "unknown name"
_CHUNK = 65_536
#: Observed for a header without a valid time; outside every sane range.
NO_TIME = -1


@dataclass(frozen=True)
class Limits:
    """Seconds: to connect (and to send each piece), to wait for a byte, and for a whole request
    from name resolution to the last trailer. A request's body adds the seconds that it takes at
    `slowest_bytes_s` bytes per second.
    """

    connect_s: float = 10.0
    read_s: float = 30.0
    whole_s: float = 60.0
    slowest_bytes_s: int = 16_384


@dataclass(frozen=True)
class Response:
    """A complete response: no redirect, no sign-in page, no 5xx."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> dict[str, Any]:
        """The body as a JSON object. Raises UNEXPECTED_ANSWER otherwise."""
        try:
            value = json.loads(self.body)
        except (ValueError, RecursionError):
            raise NetworkError(Problem.UNEXPECTED_ANSWER, "not JSON") from None
        if not isinstance(value, dict):
            raise NetworkError(Problem.UNEXPECTED_ANSWER, "not a JSON object")
        return value


@dataclass
class ServerClockObserver:
    """Receives the times in responses.

    `observe(server_ms, uptime_ms)` receives the marketplace's clock (Unix ms) and this machine's
    uptime in the middle of the request. `real_s` is this machine's Unix time, `uptime_ms` the clock
    that counts suspended time.
    """

    uptime_ms: Callable[[], int]
    observe: Callable[[int, int], None] | None = None
    real_s: Callable[[], float] = time.time


class Transport:
    """Sends requests, with one `requests.Session` for each thread: sessions are not thread-safe.

    Safe to use from several threads. `close()` ends the sessions of all of them. `route` decides
    about proxies and trust, by default as the system does; its changes apply to the next request.
    """

    def __init__(
        self,
        times: ServerClockObserver,
        limits: Limits | None = None,
        agent: str = "",
        route: Route | None = None,
    ) -> None:
        self.route = route or Route()
        self._times = times
        self._limits = limits or Limits()
        self._agent = agent or "workdiary"
        self._local = threading.local()
        self._lock = threading.Lock()
        self._sessions: list[requests.Session] = []
        self._skew_s = 0.0

    def for_other_servers(self) -> Transport:
        """A transport with the same route and limits for other servers than the marketplace, whose
        clocks are not observed. It shares no connections with this one.
        """
        times = ServerClockObserver(self._times.uptime_ms)
        return Transport(times, self._limits, self._agent, self.route)

    def now_s(self) -> float:
        """Real Unix time, corrected by the marketplace's Date header if this clock is wrong.

        For tokens only: a proof's `iat` must be near the server's clock (RFC 9449 §11.1).
        """
        return self._times.real_s() + self._skew_s

    def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        longest: int = MAX_JSON,
    ) -> Response:
        """Send one request and read the whole response, at most `longest` bytes.

        Raises NetworkError for everything but a marketplace's response: no route, no response, one
        that is too large, one of another server, or a failure of the server itself (429, 5xx).
        """
        check_address(url)
        # Before the deadline starts: the keyring may wait for the user.
        candidates = list(self.route.candidates(url))
        while True:
            proxies = candidates.pop(0)
            try:
                answer = self._send_in_time(method, url, headers or {}, body, longest, proxies)
            except NetworkError as error:
                if error.code is Problem.PROXY_SIGN_IN:
                    self.route.forget_password()
                # No proxy was reached, so that the marketplace has received nothing.
                if not candidates or error.code not in proxy_errors.NOT_REACHED:
                    raise
            else:
                self.route.prefer(url, proxies)
                return answer

    def _send_in_time(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes | None,
        longest: int,
        proxies: dict[str, str],
    ) -> Response:
        limits = self._limits
        whole_s = limits.whole_s + len(body or b"") / limits.slowest_bytes_s
        with Watchdog(whole_s) as dog:
            try:
                answer = self._send(method, url, headers, body, longest, proxies)
            except NetworkError:
                if not dog.expired:
                    raise
            else:
                # A connection that the watchdog shut down looks like a regular end.
                if not dog.expired:
                    return answer
        raise NetworkError(Problem.TIMEOUT, f"longer than {whole_s:.0f} s in all")

    def _send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes | None,
        longest: int,
        proxies: dict[str, str],
    ) -> Response:
        limits = self._limits
        before = self._times.uptime_ms()
        # A file-like body is sent in pieces with a time limit for each, so that a large picture on
        # a slow connection does not exceed it.
        payload = None if body is None else io.BytesIO(body)
        proxy = "".join(map(address_without_sign_in, proxies.values()))
        try:
            with self._session().request(
                method,
                url,
                headers={"Accept-Encoding": "identity", **headers},
                data=payload,
                auth=_no_auth,
                timeout=(limits.connect_s, limits.read_s),
                proxies=proxies,
                allow_redirects=False,
                stream=True,
            ) as response:
                after = self._times.uptime_ms()
                if response.status_code == 407:
                    raise proxy_errors.sign_in_wanted(proxy)
                self._check_kind(response)
                self._note_times(response, method, before, after)
                data = _read(response, longest)
                return Response(response.status_code, CaseInsensitiveDict(response.headers), data)
        except requests.RequestException as error:
            raise proxy_errors.problem_of(error, proxy) or network_error(error) from error
        except urllib3.exceptions.HTTPError as error:
            raise proxy_errors.problem_of(error, proxy) or reading_error(error) from error
        except (OSError, ValueError) as error:
            # Not converted by http.client and urllib3: an invalid header, a broken socket.
            raise NetworkError(Problem.CONNECTION_LOST, type(error).__name__) from error

    def close(self) -> None:
        """Close all connections; later requests open new ones."""
        with self._lock:
            sessions, self._sessions = self._sessions, []
            self._local = threading.local()
        for session in sessions:
            session.close()

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._local, "session", None)
        version = self.route.version
        if session is not None and self._local.version == version:
            return session
        if session is not None:
            self._end(session)
        made = requests.Session()
        made.mount("http://", GuardedAdapter())
        made.mount("https://", SystemTrust(self.route.verify, self.route.headers))
        made.headers["User-Agent"] = self._agent
        # The route alone decides about proxies.
        made.trust_env = False
        # No API that this client uses has cookies.
        made.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
        self._local.session, self._local.version = made, version
        with self._lock:
            self._sessions.append(made)
        return made

    def _end(self, session: requests.Session) -> None:
        """Close the session of an earlier version of the route."""
        self._local.session = None
        with self._lock:
            if session in self._sessions:
                self._sessions.remove(session)
        session.close()

    def _note_times(
        self, response: requests.Response, method: str, before: int, after: int
    ) -> None:
        date = http_date(response.headers.get("Date"))
        if date is not None and SANE_FROM <= date < SANE_TO:
            # The header has whole seconds: half a second is its mean error.
            skew = date + 0.5 - self._times.real_s()
            self._skew_s = skew if abs(skew) > 5.0 else 0.0
        text = response.headers.get("Workdiary-Time", "")
        # Only requests without a body: during an upload, or a write that waits for the log, the
        # server may have read its clock far from the middle of the request. And no cached
        # responses: their time is that of the first request.
        cached = "immutable" in response.headers.get("Cache-Control", "")
        quick = method in {"GET", "HEAD"} and not cached and "Age" not in response.headers
        if quick and text and self._times.observe:
            number = text.isascii() and text.isdigit() and len(text) <= 16
            # An invalid number of milliseconds is a wrong time too.
            server_ms = int(text) if number else NO_TIME
            self._times.observe(server_ms, (before + after) // 2)

    def _check_kind(self, response: requests.Response) -> None:
        status = response.status_code
        if status < 200:
            raise NetworkError(Problem.UNEXPECTED_ANSWER, f"{status} at the end")
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        # Compare a date with the clock that wrote it.
        sent = http_date(response.headers.get("Date"))
        now_s = self.now_s() if sent is None else sent
        wait = parse_retry_after(response.headers.get("Retry-After"), now_s)
        if status == 511:
            raise NetworkError(Problem.CAPTIVE_PORTAL, "511")
        if status in {429, 503}:
            raise NetworkError(Problem.SERVER_BUSY, str(status), retry_after_s=wait)
        if status == 507:
            raise NetworkError(Problem.NO_ROOM, str(status), retry_after_s=wait)
        if status >= 500:
            raise NetworkError(Problem.SERVER_TROUBLE, str(status), retry_after_s=wait)
        if 300 <= status < 400:
            place = urlsplit(response.headers.get("Location", "")).hostname or "no address"
            raise NetworkError(Problem.UNEXPECTED_REDIRECT, f"{status} to {place[:80]}")
        if kind in {"text/html", "application/xhtml+xml"}:
            # A marketplace's API never sends HTML; a network's sign-in page does.
            raise NetworkError(Problem.CAPTIVE_PORTAL, str(status))


def check_address(url: str) -> None:
    """Raise INSECURE_ADDRESS unless `url` is https, or http to this machine."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        raise NetworkError(Problem.INSECURE_ADDRESS, "not an address") from None
    secure = parts.scheme == "https" and host
    if not secure and not (parts.scheme == "http" and is_loopback(host)):
        raise NetworkError(Problem.INSECURE_ADDRESS, f"{parts.scheme[:10]}://{host[:80]}")
    if parts.username is not None or parts.password is not None:
        raise NetworkError(Problem.INSECURE_ADDRESS, "the address contains a name or password")


def _no_auth(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Passed as `auth`, this prevents a .netrc file from replacing the Authorization header."""
    return request


def _read(response: requests.Response, longest: int) -> bytes:
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise NetworkError(Problem.UNEXPECTED_ANSWER, "an encoding that was not requested")
    pieces: list[bytes] = []
    size = 0
    while piece := response.raw.read1(_CHUNK, decode_content=False):
        size += len(piece)
        if size > longest:
            raise NetworkError(Problem.ANSWER_TOO_LARGE, f"over {longest} bytes")
        pieces.append(piece)
    return b"".join(pieces)


def network_error(error: requests.RequestException) -> NetworkError:
    """The error of a request that got no response."""
    # The order matters: these classes of requests inherit from each other.
    if isinstance(error, requests.exceptions.SSLError):
        return NetworkError(Problem.TLS_FAILED, _innermost(error))
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return NetworkError(Problem.OFFLINE, "no connection in time")
    if isinstance(error, requests.exceptions.Timeout):
        return NetworkError(Problem.TIMEOUT)
    if isinstance(error, requests.exceptions.ConnectionError):
        inner = error.args[0] if error.args else None
        reason = getattr(inner, "reason", inner)
        if isinstance(reason, urllib3.exceptions.NameResolutionError):
            return NetworkError(Problem.OFFLINE, UNKNOWN_NAME)
        if isinstance(reason, urllib3.exceptions.NewConnectionError):
            return NetworkError(Problem.OFFLINE, "no connection")
        return NetworkError(Problem.CONNECTION_LOST, _innermost(error))
    return NetworkError(Problem.CONNECTION_LOST, type(error).__name__)


def reading_error(error: urllib3.exceptions.HTTPError) -> NetworkError:
    """The error of a response that ended early."""
    if isinstance(error, urllib3.exceptions.ReadTimeoutError):
        return NetworkError(Problem.TIMEOUT, "the answer stood still")
    return NetworkError(Problem.ANSWER_CUT, _innermost(error))


def _innermost(error: BaseException) -> str:
    while error.__context__ is not None:
        error = error.__context__
    return f"{type(error).__name__}"
