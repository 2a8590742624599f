"""A log on a web server, read with care: no answer is longer, slower or elsewhere than expected.

Every request has one deadline for all of it, so that a server which sends a byte now and then holds
nobody up; redirects are not followed; nothing is asked to be compressed.
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

from diary.cli.folder_report import plain, tr
from diary.log.monitor import AnswerError
from diary.log.policy import MAX_POLICY
from diary.log.receipt import MAX_RECEIPT
from diary.log.signed_note import MAX_NOTE
from diary.log.tiles import Tile, longest

#: Seconds for a whole answer.
DEADLINE_S = 30.0
#: A leaf has five short lines.
_MAX_LEAF = 512
#: Announcements and openings: two for each change of shards. Each may be tried several times.
_MAX_KEYS = 512
_MAX_KEYS_BYTES = 4 * 1024 * 1024
_CHUNK = 65_536
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class UnreachableError(Exception):
    """The server gave no answer, or not that of a log; the text says which."""


class Website:
    """The log below `<url>/log` (a `Source`). Raises UnreachableError, AnswerError."""

    def __init__(self, url: str, deadline_s: float = DEADLINE_S) -> None:
        """`url` is the marketplace's address. ValueError if it is none."""
        parts = urllib.parse.urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query:
            raise ValueError("not a web address")
        self._base = url.rstrip("/")
        self._deadline_s = deadline_s
        # The proxies of the environment are for other machines.
        proxies: dict[str, str] | None = {} if parts.hostname in _LOOPBACK else None
        self._watch = _ConnectionTimer()
        self._opener = urllib.request.OpenerDirector()
        for handler in (
            urllib.request.ProxyHandler(proxies),
            _Http(self._watch),
            _Https(self._watch),
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
        request = urllib.request.Request(  # noqa: S310 - only http and https come this far
            url, headers={"Accept-Encoding": "identity", "User-Agent": "workdiary-verify"}
        )
        try:
            with (
                self._watch.limit(self._deadline_s),
                self._opener.open(request, timeout=self._deadline_s) as answer,
            ):
                data = _read(answer, most)
        except urllib.error.HTTPError as error:
            error.close()
            reason = tr("it answers {status}").format(status=error.code)
            raise _unreachable(url, reason) from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            if self._watch.expired:
                raise _unreachable(url, tr("it takes too long")) from error
            raise _unreachable(url, plain(str(_reason(error)))) from error
        if self._watch.expired:
            raise _unreachable(url, tr("it takes too long"))
        if data is None:
            raise AnswerError(tr("{url}: the answer is too long").format(url=plain(url)))
        return data


def _read(answer: Any, most: int) -> bytes | None:
    """The body; None if it is longer than it may be, or packed."""
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
    """Ends a connection whose time is over, whatever it is waiting for."""

    def __init__(self) -> None:
        self.expired = False
        self._socket: socket.socket | None = None
        self._gate = threading.Lock()

    def connected(self, connection: socket.socket) -> None:
        """A connection has begun."""
        with self._gate:
            self._socket = connection
            late = self.expired
        if late:
            self._end()

    @contextlib.contextmanager
    def limit(self, seconds: float) -> Iterator[None]:
        """Watch while the block lasts."""
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
                    # Below TLS: another thread may be reading through it just now.
                    socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


class _Http(urllib.request.HTTPHandler):
    def __init__(self, watch: _ConnectionTimer) -> None:
        super().__init__()
        self._watch = watch

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        """Open a connection that is watched."""
        return self.do_open(_timed_connection(http.client.HTTPConnection, self._watch), req)


class _Https(urllib.request.HTTPSHandler):
    def __init__(self, watch: _ConnectionTimer) -> None:
        self._own = ssl.create_default_context()
        super().__init__(context=self._own)
        self._watch = watch

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        """Open a connection that is watched."""
        kind = _timed_connection(http.client.HTTPSConnection, self._watch)
        return self.do_open(kind, req, context=self._own)


def _timed_connection(kind: type[http.client.HTTPConnection], watch: _ConnectionTimer) -> Any:
    class Watched(kind):  # type: ignore[valid-type, misc]
        def connect(self) -> None:
            super().connect()
            watch.connected(self.sock)

    return Watched


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message,
        newurl: str,
    ) -> None:  # fmt: skip
        """A log is where it says that it is."""
