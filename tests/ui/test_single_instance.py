"""One program per folder: the lock decides; the socket only carries requests."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.desktop_fixtures.waiting import wait_for
from tests.ui.test_app import NOWHERE, RUN, line, start
from ui.single_instance import LONGEST_PATH, Instance, addresses, notify_running_instance, peer_uid
from uploader.errors import Problem, StoreError, from_sqlite

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.desktop_fixtures.desktop import Desktop

ROOT = Path(__file__).resolve().parents[2]
OTHER_USER = 65534
as_root = pytest.mark.skipif(os.getuid() != 0, reason="needs root, to act as another user")
SHOWN = "Workdiary is already running with this folder; its window is shown now."

#: Possible errors of a lock, and their meaning.
ANSWERS = {
    errno.EAGAIN: Problem.ALREADY_RUNNING,
    errno.EWOULDBLOCK: Problem.ALREADY_RUNNING,
    errno.ENOLCK: Problem.NO_LOCKS,
    errno.EOPNOTSUPP: Problem.NO_LOCKS,
    errno.ENOTSUP: Problem.NO_LOCKS,
    errno.ENOSYS: Problem.NO_LOCKS,
    errno.EIO: Problem.DISK_ERROR,
    errno.EBADF: Problem.DISK_ERROR,
    errno.EINVAL: Problem.DISK_ERROR,
    errno.EACCES: Problem.DISK_READ_ONLY,
    errno.EROFS: Problem.DISK_READ_ONLY,
    errno.ENOSPC: Problem.DISK_FULL,
}


@pytest.mark.parametrize("number", ANSWERS, ids=errno.errorcode.get)
def test_only_a_lock_that_is_held_means_that_it_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", refuse)
    instance = Instance(tmp_path / "new")
    with pytest.raises(StoreError) as caught:
        instance.hold()
    assert caught.value.code is ANSWERS[number]
    assert not instance.held


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (sqlite3.SQLITE_IOERR_LOCK, Problem.NO_LOCKS),
        (sqlite3.SQLITE_IOERR_SHMLOCK, Problem.NO_LOCKS),
        (sqlite3.SQLITE_IOERR_READ, Problem.DISK_ERROR),
        (sqlite3.SQLITE_FULL, Problem.DISK_FULL),
        (sqlite3.SQLITE_CORRUPT, Problem.INDEX_DAMAGED),
    ],
)
def test_a_database_on_a_drive_without_locks_is_reported_alike(number: int, code: Problem) -> None:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = number
    assert from_sqlite(error).code is code


def test_a_folder_is_held_by_one_at_a_time(tmp_path: Path) -> None:
    first, second = Instance(tmp_path), Instance(tmp_path)
    first.hold()
    first.hold()
    with pytest.raises(StoreError) as caught:
        second.hold()
    assert caught.value.code is Problem.ALREADY_RUNNING
    first.close()
    second.hold()
    assert second.held
    second.close()


def test_a_file_in_place_of_the_folder_is_an_error_of_the_disk(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for base in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(StoreError) as caught:
            Instance(base).hold()
        assert caught.value.code is Problem.DISK_ERROR


# The socket's address


@pytest.fixture
def short() -> Iterator[Path]:
    """A folder whose path leaves room for a socket's name."""
    with tempfile.TemporaryDirectory(prefix="wd-") as folder:
        yield Path(folder)


def test_the_socket_is_where_only_its_user_can_write(short: Path) -> None:
    runtime, base = short / "run", short / "base"
    runtime.mkdir(mode=0o700)
    environ = {"XDG_RUNTIME_DIR": str(runtime)}
    first, second = addresses(base, environ, "linux")
    assert Path(first).parent == runtime
    assert Path(second).parent == base.resolve()
    runtime.chmod(0o755)
    assert addresses(base, environ, "linux") == [second]
    for odd in ("", "relative/run", str(short / "missing")):
        assert addresses(base, {"XDG_RUNTIME_DIR": odd}, "linux") == [second]


@as_root
def test_a_runtime_folder_of_another_user_is_not_used(short: Path) -> None:
    runtime = short / "run"
    runtime.mkdir(mode=0o700)
    os.chown(runtime, OTHER_USER, OTHER_USER)
    [only] = addresses(short / "base", {"XDG_RUNTIME_DIR": str(runtime)}, "linux")
    assert Path(only).parent == (short / "base").resolve()


def test_a_path_that_no_socket_can_have_is_left_out(short: Path) -> None:
    base = short / ("x" * 100)
    assert addresses(base, {}, "linux") == []
    assert all(len(path) <= LONGEST_PATH for path in addresses(short, {}, "linux"))
    assert addresses(base, {}, "win32")[0].startswith("workdiary-")


def test_the_user_at_the_other_end_is_known() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        assert peer_uid(ours.fileno()) == os.getuid()
    assert peer_uid(ours.fileno()) is None


# Responses


@pytest.fixture
def runtime(short: Path) -> Path:
    folder = short / "run"
    folder.mkdir(mode=0o700)
    return folder


def silent(address: str) -> socket.socket:
    """A listener that never answers: the kernel accepts the connection."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(address)
    listener.listen(5)
    return listener


def test_a_connection_without_an_answer_is_no_window(
    short: Path, runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.single_instance.ANSWER_MS", 50)
    environ = {"XDG_RUNTIME_DIR": str(runtime)}
    assert not notify_running_instance(short / "base", environ)
    with silent(addresses(short / "base", environ)[0]):
        assert not notify_running_instance(short / "base", environ)


@as_root
def test_an_answer_of_another_user_does_not_count(short: Path, runtime: Path) -> None:
    environ = {"XDG_RUNTIME_DIR": str(runtime)}
    address = addresses(short / "base", environ)[0]
    script = (
        "import socket, sys, os\n"
        "s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1])\n"
        f"os.setgroups([]); os.setgid({OTHER_USER}); os.setuid({OTHER_USER}); s.listen(5)\n"
        "print('up', flush=True)\n"
        "c, _ = s.accept(); c.sendall(b'shown\\n'); c.recv(1)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, address], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "up\n"
        assert not notify_running_instance(short / "base", environ)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


# The whole program


def address_of(desktop: Desktop, base: Path) -> Path:
    return Path(addresses(base, desktop.env)[0])


def running(desktop: Desktop, base: Path) -> subprocess.Popen[bytes]:
    process = start(desktop, base)
    assert line(process) == "ready"
    desktop.wait_window("Workdiary")
    return process


def make_dangling(path: Path) -> None:
    path.symlink_to(path.with_name("nowhere"))


def make_link(path: Path) -> None:
    path.with_name("kept").write_bytes(b"kept")
    path.symlink_to(path.with_name("kept"))


def make_folder(path: Path) -> None:
    path.mkdir()
    (path / "full").write_bytes(b"")


def make_file(path: Path) -> None:
    path.write_bytes(b"")


def make_stale(path: Path) -> None:
    silent(str(path)).close()


@pytest.mark.parametrize(
    "make", [make_dangling, make_link, make_folder, make_file, make_stale], ids=lambda f: f.__name__
)
def test_whatever_is_at_the_sockets_place_the_program_starts_and_is_found(
    clean_desktop: Desktop, short: Path, make: object
) -> None:
    base = short / "base"
    base.mkdir()
    path = address_of(clean_desktop, base)
    make(path)  # type: ignore[operator]
    running(clean_desktop, base)
    second = start(clean_desktop, base)
    assert line(second) == SHOWN
    assert second.wait(20) == 0
    if make is make_link:
        assert path.with_name("kept").read_bytes() == b"kept"
        path.with_name("kept").unlink()


@pytest.fixture
def old_socket(short: Path) -> Iterator[Path]:
    """Files that another user of this computer could create in the temporary folder."""
    base = short / "base"
    name = "workdiary-" + hashlib.sha256(str(base.resolve()).encode()).hexdigest()[:24]
    path = Path(tempfile.gettempdir()) / name
    script = (
        "import os, socket, sys, time\n"
        f"os.setgroups([]); os.setgid({OTHER_USER}); os.setuid({OTHER_USER})\n"
        "os.umask(0); s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(5)\n"
        "print('up', flush=True)\n"
        "while True: s.accept()\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    yield path
    process.kill()
    process.wait()
    process.stdout.close()
    path.unlink()


@as_root
def test_another_user_cannot_keep_it_from_starting(
    clean_desktop: Desktop, short: Path, old_socket: Path
) -> None:
    assert old_socket.is_socket()
    running(clean_desktop, short / "base")


def test_a_program_that_hangs_is_not_reported_to_show_its_window(
    clean_desktop: Desktop, short: Path
) -> None:
    first = running(clean_desktop, short)
    first.send_signal(signal.SIGSTOP)
    try:
        argv = [*RUN, "--base-dir", str(short), *NOWHERE]
        second = clean_desktop.popen(argv, cwd=str(ROOT), stdout=subprocess.PIPE, log="second")
        assert line(second) == "ready"
        output = clean_desktop.log("second")
        assert "already running with this folder" in output
        assert "It does not answer." in output
        # Its own window shows the reason, and offers to quit.
        wait_for(lambda: len(clean_desktop.windows("Workdiary")) == 2, what="a second window")
    finally:
        first.send_signal(signal.SIGCONT)
    second.send_signal(signal.SIGTERM)
    assert second.wait(20) == 0
    assert line(start(clean_desktop, short)) == SHOWN


# Requests


def ask(address: Path, request: bytes) -> bytes:
    """The answer to a request, up to the end of the connection."""
    with socket.socket(socket.AF_UNIX) as caller:
        caller.settimeout(20)
        caller.connect(str(address))
        caller.sendall(request)
        answer = b""
        while piece := caller.recv(64):
            answer += piece
        return answer


@pytest.mark.parametrize("request_", [b"stop\n", b"\n", b"\xff\0\n", b"x" * 1000, b"END\n"])
def test_an_unknown_request_changes_nothing(
    clean_desktop: Desktop, short: Path, request_: bytes
) -> None:
    process = running(clean_desktop, short)
    address = address_of(clean_desktop, short)
    with socket.socket(socket.AF_UNIX) as silent_caller:
        silent_caller.connect(str(address))
        assert ask(address, request_) == b""
        assert ask(address, b"show\n") == b"shown\n"
    assert process.poll() is None


def quit_(desktop: Desktop, base: Path, *more: str) -> subprocess.Popen[bytes]:
    argv = [sys.executable, "-m", "ui.cli.main", "quit", "--base-dir", str(base), *more]
    return desktop.popen(argv, cwd=str(ROOT), log="quit")


def test_quit_ends_the_running_program_and_waits_for_it(
    clean_desktop: Desktop, short: Path
) -> None:
    process = running(clean_desktop, short)
    assert quit_(clean_desktop, short).wait(60) == 0
    free = Instance(short)
    free.hold()
    free.close()
    assert process.wait(20) == 0
    assert clean_desktop.log("quit") == ""


def test_quit_without_a_running_program_is_done(clean_desktop: Desktop, short: Path) -> None:
    for base in (short, short / "missing"):
        assert quit_(clean_desktop, base).wait(60) == 0
    assert not (short / "missing").exists()


def test_quit_reports_a_program_that_does_not_end(clean_desktop: Desktop, short: Path) -> None:
    process = running(clean_desktop, short)
    process.send_signal(signal.SIGSTOP)
    try:
        assert quit_(clean_desktop, short, "--timeout", "0").wait(60) == 1
    finally:
        process.send_signal(signal.SIGCONT)
    assert "did not end in time" in clean_desktop.log("quit")
    assert process.poll() is None
