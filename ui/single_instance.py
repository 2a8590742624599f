"""One program for each state folder, and requests to the running one: show the window, or end.

Only the lock on a file in the base folder decides who runs: the kernel holds it, and releases it
when the process dies. The socket only carries the requests, one line each. It is in a folder that
no other user can write to, and both ends compare the other's user (SO_PEERCRED). A program that
does not answer counts as not reached, even if the kernel has accepted the connection for it.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import socket
import stat
import struct
import sys
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING

from system.files import private_dir
from system.locks import lock_file
from uploader.errors import Problem, StoreError, from_os
from uploader.store.state_folder import close_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from PySide6.QtNetwork import QLocalServer, QLocalSocket

    from ui.controller import AppController

log = logging.getLogger(__name__)

LOCK = "lock"
#: Bytes of a socket's path, without the zero at its end: sun_path of unix(7); macOS has 104.
LONGEST_PATH = 107 if sys.platform == "linux" else 103
#: Real milliseconds for the running program to answer.
ANSWER_MS = 3_000
SHOW, END = b"show\n", b"end\n"
_ANSWERS = {SHOW: b"shown\n", END: b"ending\n"}
_LONGEST_LINE = 16


class Instance:
    """The lock of this process on a base folder. `hold` takes it, `close` releases it."""

    def __init__(self, base: Path) -> None:
        self._base = base
        self._lock: IO[bytes] | None = None

    @property
    def held(self) -> bool:
        """Whether this process has the lock."""
        return self._lock is not None

    def hold(self) -> None:
        """Create the folder if needed and take the lock, unless this process has it already.

        Raises StoreError: FOLDER_EXPOSED where others may read its files and that cannot be
        changed, ALREADY_RUNNING where another process has it, NO_LOCKS where the drive cannot lock,
        or another code for a failure of the disk.
        """
        if self._lock is not None:
            return
        try:
            private_dir(self._base)
            close_folder(self._base, deep=False)
            self._lock = lock_file(self._base / LOCK)
        except StoreError:
            raise
        except OSError as error:
            raise from_os(error) from error

    def close(self) -> None:
        """Release the lock."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None


def addresses(base: Path, environ: Mapping[str, str], platform: str = sys.platform) -> list[str]:
    """The addresses at which the program of a base folder may listen, the best first.

    A name for a pipe on Windows; elsewhere paths of sockets in XDG_RUNTIME_DIR, if that is this
    user's alone as its specification asks, and in the base folder. A path that is too long for a
    socket is left out.
    """
    folder = base.resolve()
    name = "workdiary-" + hashlib.sha256(os.fsencode(folder)).hexdigest()[:24]
    if platform == "win32":
        return [name]
    paths = [folder / "window.socket"]
    runtime = Path(environ.get("XDG_RUNTIME_DIR", ""))
    if runtime.is_absolute() and _is_own(runtime):
        paths.insert(0, runtime / f"{name}.socket")
    return [str(path) for path in paths if len(os.fsencode(path)) <= LONGEST_PATH]


def _is_own(folder: Path) -> bool:
    try:
        found = folder.stat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == _uid() and not found.st_mode & 0o077


def notify_running_instance(base: Path, environ: Mapping[str, str]) -> bool:
    """Ask the running program to show its window; returns whether it answered."""
    return any(_ask(address, SHOW) for address in addresses(base, environ))


def end_running_instance(base: Path, environ: Mapping[str, str], seconds: float) -> bool:
    """Ask the running program to seal and end, and wait up to `seconds`; returns whether no program
    runs with this base folder now.
    """
    for address in addresses(base, environ):
        if _ask(address, END, round(seconds * 1000)):
            break
    instance = Instance(base)
    try:
        instance.hold()
    except StoreError as error:
        return error.code is not Problem.ALREADY_RUNNING
    finally:
        instance.close()
    return True


def _ask(address: str, request: bytes, end_ms: int = 0) -> bool:
    """Send a request; returns whether it was answered. After END wait until the other end closes
    the connection, which it does when it has ended.
    """
    from PySide6.QtNetwork import QLocalSocket

    caller = QLocalSocket()
    caller.connectToServer(address)
    try:
        if not caller.waitForConnected(ANSWER_MS) or not _is_ours(caller):
            return False
        caller.write(request)
        caller.flush()
        expected = _ANSWERS[request]
        answer = b""
        while len(answer) < len(expected) and caller.waitForReadyRead(ANSWER_MS):
            answer += caller.read(len(expected) - len(answer)).data()
        if answer == expected and request == END:
            caller.waitForDisconnected(end_ms)
        return answer == expected
    finally:
        caller.abort()


def listen_for_instances(
    base: Path, environ: Mapping[str, str], controller: AppController
) -> QLocalServer:
    """Serve the requests of later starts. The caller holds the lock of the folder.

    A socket at the address is left over from a program that died. If an address cannot be used, the
    next one is tried; without any, a later start only reports that the program is running.
    """
    from PySide6.QtNetwork import QLocalServer

    server = QLocalServer(controller)
    if sys.platform == "win32":
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)

    def on_connection() -> None:
        for caller in _callers(server):
            caller.disconnected.connect(caller.deleteLater)
            if not _is_ours(caller):
                log.warning("a request of another user was ignored")
                caller.abort()
                continue
            caller.readyRead.connect(partial(_serve, caller, controller))
            _serve(caller, controller)

    server.newConnection.connect(on_connection)
    for address in addresses(base, environ):
        _clear(address)
        if server.listen(address):
            break
        log.info("no socket at %s: %s", address, server.errorString())
    return server


def _serve(caller: QLocalSocket, controller: AppController) -> None:
    """Answer the request, once its line is complete."""
    if not caller.canReadLine():
        if caller.bytesAvailable() > _LONGEST_LINE:
            caller.abort()
        return
    request = bytes(caller.readLine(_LONGEST_LINE).data())
    if request not in _ANSWERS:
        caller.abort()
        return
    if request == SHOW:
        controller.show_window()
    caller.write(_ANSWERS[request])
    caller.flush()
    if request == SHOW:
        caller.disconnectFromServer()
    else:
        # The connection stays open until the process ends: the other end waits for that.
        controller.end()


def _callers(server: QLocalServer) -> Iterator[QLocalSocket]:
    while server.hasPendingConnections():
        yield server.nextPendingConnection()


def _clear(address: str) -> None:
    """Remove a file, a socket or a link (not its target) at an address; a folder stays."""
    if sys.platform != "win32":
        with contextlib.suppress(OSError):
            Path(address).unlink()


def _is_ours(peer: QLocalSocket) -> bool:
    """Whether the other end belongs to this user."""
    if _uid() is None:
        # A pipe with UserAccessOption refuses other users.
        return True
    return peer_uid(int(peer.socketDescriptor())) == _uid()


def _uid() -> int | None:
    if sys.platform == "win32":
        return None
    else:  # noqa: RET505 - mypy checks one branch per platform
        return os.getuid()


def peer_uid(descriptor: int) -> int | None:
    """The user at the other end of a connected Unix socket; None if that is unknown."""
    if sys.platform == "linux":
        where, layout = (socket.SOL_SOCKET, socket.SO_PEERCRED), "3i"
    else:
        # LOCAL_PEERCRED of SOL_LOCAL (sys/un.h on macOS): a struct xucred begins so.
        where, layout = (0, 1), "Ii"
    try:
        with socket.socket(fileno=os.dup(descriptor)) as ours:
            credentials = ours.getsockopt(*where, 76)
        return int(struct.unpack_from(layout, credentials)[1])
    except (OSError, struct.error):
        return None
