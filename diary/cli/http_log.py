"""A log on a web server, read with bounds on length, time and address of every response.

One deadline covers each whole request, so that a slow server cannot block the command; redirects
are not followed; no compression is requested.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import ssl
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from email.message import Message
from typing import IO, Any

from diary.cli.folder_report import plain
from diary.cli.i18n import tr
from diary.log.monitor import AnswerError
from diary.log.policy import MAX_POLICY
from diary.log.receipt import MAX_RECEIPT
from diary.log.signed_note import MAX_NOTE
from diary.log.tiles import Tile, longest

#: Seconds for a whole response.
DEADLINE_S = 30.0
#: A leaf has five short lines.
_MAX_LEAF = 512
#: Announcements and openings: two for each change of shards. Each is tried several times.
_MAX_KEYS = 512
_MAX_KEYS_BYTES = 4 * 1024 * 1024
_CHUNK = 65_536
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class UnreachableError(Exception):
    """The server did not respond, or not as a log; the text gives the reason."""


class Website:
    """The log below `<url>/log` (a `Source`). Raises UnreachableError, AnswerError."""

    def __init__(self, url: str, deadline_s: float = DEADLINE_S) -> None:
        """`url` is the marketplace's address. Raises ValueError for anything else."""
        parts = urllib.parse.urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query:
            raise ValueError("not a web address")
        self._base = url.rstrip("/")
        self._deadline_s = deadline_s
        # Loopback addresses bypass the proxies of the environment.
        proxies: dict[str, str] | None = {} if parts.hostname in _LOOPBACK else None
        self._timer = _ConnectionTimer()
        self._opener = urllib.request.OpenerDirector()
        for handler in (
            urllib.request.ProxyHandler(proxies),
            _Http(self._timer),
            _Https(self._timer),
            _NoRedirect(),
            urllib.request.HTTPErrorProcessor(),
            urllib.request.HTTPDefaultErrorHandler(),
        ):
            self._opener.add_handler(handler)

    def policy(self) -> bytes:
        """The policy file."""
        return self._get("policy", MAX_POLICY)

    def keys(self) -> Sequence[bytes]:
        """The receipts of announcements and openings."""
        try:
            listed = json.loads(self._get("keys", _MAX_KEYS_BYTES))["keys"]
            if not isinstance(listed, list):
                raise TypeError("not a list")
            receipts = [text.encode("utf-8") for text in listed]
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise AnswerError(tr("{url} is not a list of receipts").format(url="keys")) from error
        if len(receipts) > _MAX_KEYS or any(len(each) > MAX_RECEIPT for each in receipts):
            raise AnswerError(tr("{url}: the answer is too long").format(url="keys"))
        return receipts

    def checkpoint(self, name: str) -> bytes:
        """The newest signed checkpoint of a shard."""
        return self._get(f"{name}/checkpoint", MAX_NOTE)

    def tile(self, name: str, tile: Tile) -> bytes:
        """A tile's file of a shard."""
        return self._get(f"{name}/{tile.path}", longest(tile, _MAX_LEAF))

    def proof(self, digest: str) -> bytes:
        """The receipt of an object, by its digest."""
        return self._get(f"proof/{digest}", MAX_RECEIPT)

    def _get(self, path: str, most: int) -> bytes:
        url = f"{self._base}/log/{path}"
        request = urllib.request.Request(  # noqa: S310 - the address is http or https
            url, headers={"Accept-Encoding": "identity", "User-Agent": "workdiary-verify"}
        )
        try:
            with (
                self._timer.limit(self._deadline_s),
                self._opener.open(request, timeout=self._deadline_s) as answer,
            ):
                data = _read(answer, most)
        except urllib.error.HTTPError as error:
            error.close()
            reason = tr("the server responds with status {status}").format(status=error.code)
            raise _unreachable(url, reason) from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            if self._timer.expired:
                raise _unreachable(url, tr("it takes too long")) from error
            raise _unreachable(url, plain(str(_reason(error)))) from error
        if self._timer.expired:
            raise _unreachable(url, tr("it takes too long"))
        if data is None:
            raise AnswerError(tr("{url}: the answer is too long").format(url=plain(url)))
        return data


def _read(answer: Any, most: int) -> bytes | None:
    """The body; None if it is longer than `most` bytes, or compressed."""
    if answer.headers.get("Content-Encoding", "identity") != "identity":
        return None
    data = bytearray()
    while len(data) <= most:
        chunk = answer.read1(min(_CHUNK, most + 1 - len(data)))
        if not chunk:
            if answer.length:
                raise http.client.IncompleteRead(bytes(data), answer.length)
            return bytes(data)
        data += chunk
    return None


def _reason(error: Exception) -> object:
    return error.reason if isinstance(error, urllib.error.URLError) else error


def _unreachable(url: str, reason: str) -> UnreachableError:
    return UnreachableError(
        tr("{url} cannot be read: {reason}").format(url=plain(url), reason=reason)
    )


class _ConnectionTimer:
    """Shuts a connection down when its time is over, also while another thread reads from it."""

    def __init__(self) -> None:
        self.expired = False
        self._socket: socket.socket | None = None
        self._gate = threading.Lock()

    def connected(self, connection: socket.socket) -> None:
        """Register a new connection."""
        with self._gate:
            self._socket = connection
            late = self.expired
        if late:
            self._end()

    @contextlib.contextmanager
    def limit(self, seconds: float) -> Iterator[None]:
        """Limit the time of the block, in seconds."""
        self.expired = False
        self._socket = None
        timer = threading.Timer(seconds, self._end)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()

    def _end(self) -> None:
        with self._gate:
            self.expired = True
            if self._socket is not None:
                with contextlib.suppress(OSError):
                    # Below TLS, whose object another thread may be using.
                    socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


class _Http(urllib.request.HTTPHandler):
    def __init__(self, timer: _ConnectionTimer) -> None:
        super().__init__()
        self._timer = timer

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        """Open a connection with a time limit."""
        return self.do_open(_timed_connection(http.client.HTTPConnection, self._timer), req)


class _Https(urllib.request.HTTPSHandler):
    def __init__(self, timer: _ConnectionTimer) -> None:
        self._own = ssl.create_default_context()
        super().__init__(context=self._own)
        self._timer = timer

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        """Open a connection with a time limit."""
        kind = _timed_connection(http.client.HTTPSConnection, self._timer)
        return self.do_open(kind, req, context=self._own)


def _timed_connection(kind: type[http.client.HTTPConnection], timer: _ConnectionTimer) -> Any:
    class Watched(kind):  # type: ignore[valid-type, misc]
        def connect(self) -> None:
            super().connect()
            timer.connected(self.sock)

    return Watched


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message,
        newurl: str,
    ) -> None:  # fmt: skip
        """Refuse redirects: a log has one address."""
