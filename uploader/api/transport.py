"""One HTTP request, bounded in every direction, with the network's errors turned into our own.

Rules kept: certificates are judged by the operating system's trust store; plain http only to
loopback; redirects are never followed; an answer has a longest size and a longest time; a sign-in
page of a network is recognised and never taken for the marketplace. Nothing is retried here.
"""

from __future__ import annotations

import io
import ipaddress
import json
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
import truststore
import urllib3.exceptions
from requests.structures import CaseInsensitiveDict

from diary.core.slots import SANE_FROM, SANE_TO
from uploader.api import proxy_errors
from uploader.api.watchdog import GuardedAdapter, Watchdog
from uploader.errors import NetworkError, Problem
from uploader.retry import http_date, parse_retry_after

MAX_JSON = 8 << 20
_CHUNK = 65_536
#: Observed in place of a header that holds no time; outside every sane range.
NO_TIME = -1


@dataclass(frozen=True)
class Limits:
    """Seconds: to connect (and to send each piece), without a byte read, and for a whole request
    from the name server's answer to the last trailer. A request's body gets as many seconds more as
    a line of `slowest_bytes_s` needs for it.
    """

    connect_s: float = 10.0
    read_s: float = 30.0
    whole_s: float = 60.0
    slowest_bytes_s: int = 16_384


@dataclass(frozen=True)
class Response:
    """A complete answer that is no redirect, no sign-in page and no 5xx."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> dict[str, Any]:
        """The body as a JSON object; anything else is UNEXPECTED_ANSWER."""
        try:
            value = json.loads(self.body)
        except (ValueError, RecursionError):
            raise NetworkError(Problem.UNEXPECTED_ANSWER, "not JSON") from None
        if not isinstance(value, dict):
            raise NetworkError(Problem.UNEXPECTED_ANSWER, "not a JSON object")
        return value


@dataclass
class ServerClockObserver:
    """Where the times that answers carry are told.

    `observe(server_ms, uptime_ms)` gets the marketplace's clock and our uptime in the middle of
    the request. `real_s` is Unix time of this machine, `uptime_ms` the suspend-counting clock.
    """

    uptime_ms: Callable[[], int]
    observe: Callable[[int, int], None] | None = None
    real_s: Callable[[], float] = time.time


class Transport:
    """Sends requests; one `requests.Session` for each thread, since sessions are not for sharing.

    Safe to use from several threads. `close()` ends the sessions of all of them.
    """

    def __init__(
        self, times: ServerClockObserver, limits: Limits | None = None, agent: str = ""
    ) -> None:
        self._times = times
        self._limits = limits or Limits()
        self._agent = agent or "workdiary"
        self._local = threading.local()
        self._lock = threading.Lock()
        self._sessions: list[requests.Session] = []
        self._skew_s = 0.0

    def now_s(self) -> float:
        """Real Unix time, corrected by the marketplace's Date header where this clock is off.

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
        """Send one request and read the whole answer, at most `longest` bytes.

        Raises NetworkError for everything that is not an answer of a marketplace: nothing came,
        too much came, somebody else answered, or the server itself is in trouble (429, 5xx).
        """
        check_address(url)
        limits = self._limits
        whole_s = limits.whole_s + len(body or b"") / limits.slowest_bytes_s
        with Watchdog(whole_s) as dog:
            try:
                answer = self._send(method, url, headers or {}, body, longest)
            except NetworkError:
                if not dog.expired:
                    raise
            else:
                # A connection that the watchdog has shut down looks like an orderly end.
                if not dog.expired:
                    return answer
        raise NetworkError(Problem.TIMEOUT, f"longer than {whole_s:.0f} s in all")

    def _send(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, longest: int
    ) -> Response:
        limits = self._limits
        before = self._times.uptime_ms()
        # A file-like body is sent in pieces, so that the time limit is for each piece and a large
        # picture on a slow line does not run into it.
        payload = None if body is None else io.BytesIO(body)
        try:
            with self._session(url).request(
                method,
                url,
                headers={"Accept-Encoding": "identity", **headers},
                data=payload,
                auth=_no_auth,
                timeout=(limits.connect_s, limits.read_s),
                allow_redirects=False,
                stream=True,
            ) as response:
                after = self._times.uptime_ms()
                if response.status_code == 407:
                    raise proxy_errors.sign_in_wanted(url)
                self._check_kind(response)
                self._note_times(response, method, before, after)
                data = _read(response, longest)
                return Response(response.status_code, CaseInsensitiveDict(response.headers), data)
        except requests.RequestException as error:
            raise proxy_errors.problem_of(error, url) or _network_error(error) from error
        except urllib3.exceptions.HTTPError as error:
            raise proxy_errors.problem_of(error, url) or _reading_error(error) from error
        except (OSError, ValueError) as error:
            # What http.client and urllib3 let through: a header that is none, a broken socket.
            raise NetworkError(Problem.CONNECTION_LOST, type(error).__name__) from error

    def close(self) -> None:
        """Close all connections; later requests open new ones."""
        with self._lock:
            sessions, self._sessions = self._sessions, []
            self._local = threading.local()
        for session in sessions:
            session.close()

    def _session(self, url: str) -> requests.Session:
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = requests.Session()
            session.mount("http://", GuardedAdapter())
            session.mount("https://", _SystemTrust())
            session.headers["User-Agent"] = self._agent
            # A proxy has no business with a marketplace on this very machine.
            session.trust_env = not is_loopback(urlsplit(url).hostname or "")
            self._local.session = session
            with self._lock:
                self._sessions.append(session)
        return session

    def _note_times(
        self, response: requests.Response, method: str, before: int, after: int
    ) -> None:
        date = http_date(response.headers.get("Date"))
        if date is not None and SANE_FROM <= date < SANE_TO:
            # The header has whole seconds: half of one is its mean error.
            skew = date + 0.5 - self._times.real_s()
            self._skew_s = skew if abs(skew) > 5.0 else 0.0
        text = response.headers.get("Workdiary-Time", "")
        # Only requests that carry nothing: while a body is on its way, or a write waits for the
        # log, "the middle of the request" says little about when the server looked at its clock.
        # And none that somebody kept for later: its time is that of the first asking.
        cached = "immutable" in response.headers.get("Cache-Control", "")
        quick = method in {"GET", "HEAD"} and not cached and "Age" not in response.headers
        if quick and text and self._times.observe:
            number = text.isascii() and text.isdigit() and len(text) <= 16
            # A header that holds no number of milliseconds is a wrong time like any other.
            server_ms = int(text) if number else NO_TIME
            self._times.observe(server_ms, (before + after) // 2)

    def _check_kind(self, response: requests.Response) -> None:
        status = response.status_code
        if status < 200:
            raise NetworkError(Problem.UNEXPECTED_ANSWER, f"{status} at the end")
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        # A date is compared with the clock that wrote it.
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
            # A marketplace's API never speaks HTML; a network that wants to be signed in to does.
            raise NetworkError(Problem.CAPTIVE_PORTAL, str(status))


def check_address(url: str) -> None:
    """Raise INSECURE_ADDRESS unless `url` is https, or http to this very machine."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        raise NetworkError(Problem.INSECURE_ADDRESS, "not an address") from None
    secure = parts.scheme == "https" and host
    if not secure and not (parts.scheme == "http" and is_loopback(host)):
        raise NetworkError(Problem.INSECURE_ADDRESS, f"{parts.scheme[:10]}://{host[:80]}")
    if parts.username is not None or parts.password is not None:
        raise NetworkError(Problem.INSECURE_ADDRESS, "a name or password stands in the address")


def is_loopback(host: str) -> bool:
    """Whether the host is this machine.

    `localhost` and loopback addresses; names below `.localhost` are not, since not every resolver
    keeps them at home (RFC 6761 §6.3).
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class _SystemTrust(GuardedAdapter):
    """Certificates are judged by the operating system alone, not by a bundled list beside it."""

    def __init__(self) -> None:
        self._context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs, ssl_context=self._context)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        return super().proxy_manager_for(proxy, **kwargs, ssl_context=self._context)

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:  # noqa: ARG002
        conn.cert_reqs = "CERT_REQUIRED"
        conn.ca_certs = conn.ca_cert_dir = None


def _no_auth(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Given as `auth`, it keeps a .netrc file from replacing our Authorization header."""
    return request


def _read(response: requests.Response, longest: int) -> bytes:
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise NetworkError(Problem.UNEXPECTED_ANSWER, "an encoding that was not asked for")
    pieces: list[bytes] = []
    size = 0
    while piece := response.raw.read1(_CHUNK, decode_content=False):
        size += len(piece)
        if size > longest:
            raise NetworkError(Problem.ANSWER_TOO_LARGE, f"over {longest} bytes")
        pieces.append(piece)
    return b"".join(pieces)


def _network_error(error: requests.RequestException) -> NetworkError:
    # The order matters: requests' classes are each other's children.
    if isinstance(error, requests.exceptions.SSLError):
        return NetworkError(Problem.TLS_FAILED, _innermost(error))
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return NetworkError(Problem.OFFLINE, "no connection in time")
    if isinstance(error, requests.exceptions.Timeout):
        return NetworkError(Problem.TIMEOUT)
    if isinstance(error, requests.exceptions.ConnectionError):
        inner = error.args[0] if error.args else None
        reason = getattr(inner, "reason", inner)
        if isinstance(reason, urllib3.exceptions.NewConnectionError):
            return NetworkError(Problem.OFFLINE, "no connection")
        return NetworkError(Problem.CONNECTION_LOST, _innermost(error))
    return NetworkError(Problem.CONNECTION_LOST, type(error).__name__)


def _reading_error(error: urllib3.exceptions.HTTPError) -> NetworkError:
    if isinstance(error, urllib3.exceptions.ReadTimeoutError):
        return NetworkError(Problem.TIMEOUT, "the answer stood still")
    return NetworkError(Problem.ANSWER_CUT, _innermost(error))


def _innermost(error: BaseException) -> str:
    while error.__context__ is not None:
        error = error.__context__
    return f"{type(error).__name__}"
