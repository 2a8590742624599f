"""One process at a time holds a lock; a drive without locks is another error."""

from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from system.locks import LockHeldError, lock_file

fcntl = pytest.importorskip("fcntl", reason="Windows locks with msvcrt")

#: Errors of flock(2), and whether each means that another process holds the lock.
ERRORS = {
    errno.EAGAIN: True,
    errno.EWOULDBLOCK: True,
    errno.ENOLCK: False,
    errno.EOPNOTSUPP: False,
    errno.ENOSYS: False,
    errno.EIO: False,
    errno.EBADF: False,
    errno.EINVAL: False,
    errno.EACCES: False,
}


@pytest.mark.parametrize("number", ERRORS, ids=errno.errorcode.get)
def test_only_a_lock_that_is_held_is_reported_as_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", refuse)
    with pytest.raises(OSError, match=r".") as caught:
        lock_file(tmp_path / "lock")
    assert caught.value.errno == number
    assert isinstance(caught.value, LockHeldError) is ERRORS[number]


def test_a_lock_is_held_until_it_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with lock_file(path):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        with pytest.raises(LockHeldError) as caught:
            lock_file(path)
        assert caught.value.filename == str(path)
    lock_file(path).close()


def test_the_kernel_releases_the_lock_of_a_process_that_dies(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from system.locks import lock_file\n"
        "held = lock_file(Path(sys.argv[1]))\n"
        "print('held', flush=True)\n"
        "sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", code, str(path)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        with pytest.raises(LockHeldError):
            lock_file(path)
        process.send_signal(signal.SIGKILL)
        process.wait()
    lock_file(path).close()
