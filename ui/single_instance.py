"""One program for each state folder, and the request to the running one to show its window.

Only the lock on a file in the base folder decides who runs: the kernel holds it, and releases it
when the process dies. The socket only carries the request to show the window. It is in a folder
that no other user can write to, and both ends compare the other's user (SO_PEERCRED). A program
that does not answer counts as not reached, even if the kernel has accepted the connection for it.
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
from pathlib import Path
from typing import IO, TYPE_CHECKING

from system.files import private_dir
from system.locks import lock_file
from uploader.errors import StoreError, from_os
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
_ANSWER = b"shown\n"


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
    return any(_ask(address) for address in addresses(base, environ))


def _ask(address: str) -> bool:
    from PySide6.QtNetwork import QLocalSocket

    caller = QLocalSocket()
    caller.connectToServer(address)
    try:
        if not caller.waitForConnected(ANSWER_MS) or not _is_ours(caller):
            return False
        answer = b""
        while len(answer) < len(_ANSWER) and caller.waitForReadyRead(ANSWER_MS):
            answer += caller.read(len(_ANSWER) - len(answer)).data()
        return answer == _ANSWER
    finally:
        caller.abort()


def listen_for_instances(
    base: Path, environ: Mapping[str, str], controller: AppController
) -> QLocalServer:
    """Serve later starts, which ask for the window. The caller holds the lock of the folder.

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
                log.warning("another user asked for the window; ignored")
                caller.abort()
                continue
            controller.show_window()
            caller.write(_ANSWER)
            caller.flush()
            caller.disconnectFromServer()

    server.newConnection.connect(on_connection)
    for address in addresses(base, environ):
        _clear(address)
        if server.listen(address):
            break
        log.info("no socket at %s: %s", address, server.errorString())
    return server


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
        # A pipe with UserAccessOption takes no other user.
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
