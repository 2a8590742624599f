"""One real-time deadline for a whole request.

A socket's timeout bounds a single wait, so that a server that sends a byte now and then can hold a
request without end: in the response head, in `100 Continue` responses, in the body or the trailers.
So can a proxy, a slow name server or a slow reader of the request's body. The watchdog of a request
shuts its connection down at the deadline.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Self, cast

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

_Address = tuple[Any, ...]


class Watchdog:
    """Bounds the entering thread's time in the `with` block to `seconds` of real time.

    `expired`: the deadline has passed, so that the data read so far is incomplete, even without an
    error.
    """

    def __init__(self, seconds: float) -> None:
        self.expired = False
        self._deadline = time.monotonic() + seconds
        self._lock = threading.Lock()  # guards the handles and `expired`
        self._handles: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._bite)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        _on_duty.dog = self
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        _on_duty.dog = None
        with self._lock:
            handles, self._handles = self._handles, []
        for handle in handles:
            handle.close()

    @property
    def left(self) -> float:
        """Seconds until the deadline. Raises TimeoutError when it has passed."""
        left = self._deadline - time.monotonic()
        if self.expired or left <= 0:
            raise TimeoutError("the deadline of the whole request")
        return left

    def guard(self, sock: socket.socket) -> None:
        """Shut this connection down at the deadline too."""
        # A separate handle: TLS detaches the socket's, and a response may outlive its socket.
        handle = sock.dup()
        with self._lock:
            self._handles.append(handle)
            if self.expired:
                _shut(handle)

    def _bite(self) -> None:
        with self._lock:
            self.expired = True
            for handle in self._handles:
                _shut(handle)


class _OnDuty(threading.local):
    dog: Watchdog | None = None


_on_duty = _OnDuty()


def _shut(handle: socket.socket) -> None:
    with suppress(OSError):
        handle.shutdown(socket.SHUT_RDWR)


class _Guarded(HTTPConnection):
    """A connection that is guarded by the watchdog of the request that uses it."""

    _handle: socket.socket | None = None

    def _new_conn(self) -> socket.socket:
        dog = _on_duty.dog
        sock = super()._new_conn() if dog is None else _dial(self, dog)
        self._handle = sock.dup()
        if dog is not None:
            dog.guard(self._handle)
        return sock

    def request(self, *args: Any, **kwargs: Any) -> None:
        """See the base class."""
        dog = _on_duty.dog
        if dog is not None and self._handle is not None:
            dog.guard(self._handle)
        super().request(*args, **kwargs)

    def close(self) -> None:
        """See the base class."""
        super().close()
        handle, self._handle = self._handle, None
        if handle is not None:
            handle.close()


class _GuardedTls(_Guarded, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = cast("Any", _Guarded)


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = cast("Any", _GuardedTls)


class GuardedAdapter(HTTPAdapter):
    """Sends over connections that a watchdog guards, also through a proxy."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """See the base class."""
        super().init_poolmanager(*args, **kwargs)
        _use_guarded(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """See the base class."""
        manager = super().proxy_manager_for(proxy, **kwargs)
        if not proxy.lower().startswith("socks"):
            _use_guarded(manager)
        return manager


def _use_guarded(manager: Any) -> None:
    manager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}


def _dial(connection: HTTPConnection, dog: Watchdog) -> socket.socket:
    """Connect to the first address that answers, all within the deadline."""
    limit = connection.timeout if isinstance(connection.timeout, int | float) else None
    error: OSError = OSError("no address")
    try:
        for family, kind, proto, address in _addresses(connection, dog):
            sock = socket.socket(family, kind, proto)
            try:
                for option in connection.socket_options or ():
                    sock.setsockopt(*option)
                sock.settimeout(dog.left if limit is None else min(limit, dog.left))
                if connection.source_address:
                    sock.bind(connection.source_address)
                sock.connect(address)
            except OSError as reason:
                sock.close()
                error = reason
            else:
                sock.settimeout(limit)
                return sock
        raise error
    except socket.gaierror as reason:
        raise NameResolutionError(connection.host, connection, reason) from reason
    except TimeoutError as reason:
        raise ConnectTimeoutError(connection, "no connection in time") from reason
    except OSError as reason:
        raise NewConnectionError(connection, f"no connection: {reason}") from reason


def _addresses(
    connection: HTTPConnection, dog: Watchdog
) -> list[tuple[socket.AddressFamily, socket.SocketKind, int, _Address]]:
    """Resolve the name. A lookup cannot be cancelled, only abandoned at the deadline."""
    host, port = connection.host.strip("[]").rstrip("."), connection.port

    def look() -> list[Any]:
        try:
            return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except UnicodeError as error:
            raise socket.gaierror(socket.EAI_NONAME, "no name") from error

    found = _within(dog.left, look)
    return [(family, kind, proto, address) for family, kind, proto, _, address in found]


def _within(seconds: float, call: Callable[[], list[Any]]) -> list[Any]:
    """The call's result, or its error; TimeoutError when it takes longer."""
    results: list[list[Any]] = []
    errors: list[OSError] = []
    done = threading.Event()

    def run() -> None:
        try:
            results.append(call())
        except OSError as error:
            errors.append(error)
        finally:
            done.set()

    threading.Thread(target=run, name="workdiary-resolve", daemon=True).start()
    if not done.wait(seconds):
        raise TimeoutError("no answer of the name server")
    if errors:
        raise errors[0]
    return results[0]
