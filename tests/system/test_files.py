"""Durable files: whole or not at all, private, and synced before the call returns."""

from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from system import files
from system.files import TEMPORARY, fsync_dir, move, private_dir, remove, write_private

no_modes = pytest.mark.skipif(os.name == "nt", reason="Windows has no file modes")
no_folders = pytest.mark.skipif(os.name == "nt", reason="Windows cannot sync folders")


class Calls:
    """Replaces the module `os` in `system.files`: records calls, fails at one of them."""

    def __init__(self, fail: str = "", number: int = 0, after: int = 0) -> None:
        self.names: list[str] = []
        self._fail, self._number, self._after = fail, number, after

    def __getattr__(self, name: str) -> Any:
        real: Any = getattr(os, name)
        if name not in {"open", "write", "fsync", "replace", "close"}:
            return real

        def call(*args: Any, **kwargs: Any) -> Any:
            failing = name == self._fail and self.names.count(name) == self._after
            self.names.append(name)
            if failing:
                raise OSError(self._number, os.strerror(self._number))
            return real(*args, **kwargs)

        return call


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Calls]:
    def install(fail: str = "", number: int = 0, after: int = 0) -> Calls:
        made = Calls(fail, number, after)
        monkeypatch.setattr(files, "os", made)
        return made

    return install


@pytest.mark.parametrize("data", [b"", b"\r\n\x00\n", [b"one", b"", b"two"], iter([b"a", b"b"])])
def test_a_written_file_has_its_bytes_and_no_other_file_is_left(
    tmp_path: Path, data: bytes | Iterator[bytes]
) -> None:
    pieces = [data] if isinstance(data, bytes) else list(data)
    path = tmp_path / "file"
    for _ in range(2):
        write_private(path, iter(pieces))
        assert path.read_bytes() == b"".join(pieces)
    assert list(tmp_path.iterdir()) == [path]


@no_modes
def test_files_and_folders_are_private_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        folder = private_dir(tmp_path / "outer" / "inner")
        write_private(folder / "file", b"secret")
    finally:
        os.umask(before)
    assert stat.S_IMODE((folder / "file").stat().st_mode) == 0o600
    for made in (folder, folder.parent):
        assert stat.S_IMODE(made.stat().st_mode) == 0o700


@no_folders
def test_file_and_folder_are_synced_before_the_call_returns(
    tmp_path: Path, calls: Callable[..., Calls]
) -> None:
    """A kill does not lose the system's cache; only this order protects against a power cut."""
    made = calls()
    write_private(tmp_path / "file", b"new")
    sync_folder = ["open", "fsync", "close"]
    assert made.names == ["open", "write", "fsync", "close", "replace", *sync_folder]
    made.names.clear()
    folder = private_dir(tmp_path / "folder")
    assert made.names == sync_folder
    made.names.clear()
    move(tmp_path / "file", folder / "file")
    assert made.names == ["replace", *sync_folder, *sync_folder]
    made.names.clear()
    remove(folder / "file")
    assert made.names == sync_folder


def test_a_write_that_the_system_splits_is_completed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda file, data: write(file, data[:3]))
    write_private(tmp_path / "file", b"0123456789")
    assert (tmp_path / "file").read_bytes() == b"0123456789"


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EACCES], ids=errno.errorcode.get)
@pytest.mark.parametrize(
    ("step", "after"), [("open", 0), ("write", 1), ("fsync", 0), ("replace", 0)]
)
def test_a_failing_step_leaves_the_old_content_and_no_other_file(
    tmp_path: Path, calls: Callable[..., Calls], step: str, after: int, number: int
) -> None:
    path = tmp_path / "file"
    write_private(path, b"old")
    calls(step, number, after)
    with pytest.raises(OSError, match=r".") as caught:
        write_private(path, [b"ne", b"w"])
    assert caught.value.errno == number
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@no_folders
def test_a_folder_that_cannot_be_synced_is_an_error(
    tmp_path: Path, calls: Callable[..., Calls]
) -> None:
    calls("fsync", errno.EIO, 1)
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        write_private(tmp_path / "file", b"new")
    assert (tmp_path / "file").read_bytes() == b"new"


def test_pieces_that_cannot_be_made_leave_the_old_content(tmp_path: Path) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"half"
        raise ValueError("no more")

    path = tmp_path / "file"
    write_private(path, b"old")
    with pytest.raises(ValueError, match="no more"):
        write_private(path, pieces())
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has no SIGKILL")
@pytest.mark.parametrize(
    ("step", "content"),
    [("write", b"old"), ("fsync", b"old"), ("replace", b"old"), ("close", b"old")],
)
def test_a_crash_before_the_rename_leaves_the_old_content(
    tmp_path: Path, step: str, content: bytes
) -> None:
    path = tmp_path / "file"
    write_private(path, b"old")
    code = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from system.files import write_private\n"
        f"os.{step} = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "write_private(Path(sys.argv[1]), b'new')\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert path.read_bytes() == content
    [left] = [each for each in tmp_path.iterdir() if each != path]
    assert left.name.startswith(TEMPORARY)
    write_private(path, b"newer")
    assert path.read_bytes() == b"newer"


@no_folders
def test_a_crash_after_the_rename_leaves_the_new_content(tmp_path: Path) -> None:
    path = tmp_path / "file"
    code = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from system import files\n"
        "files.fsync_dir = lambda _: os.kill(os.getpid(), signal.SIGKILL)\n"
        "files.write_private(Path(sys.argv[1]), b'new')\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_what_is_missing_can_be_removed_and_not_moved(tmp_path: Path) -> None:
    remove(tmp_path / "missing")
    remove(tmp_path / "no folder" / "missing")
    with pytest.raises(FileNotFoundError):
        move(tmp_path / "missing", tmp_path / "other")


@no_folders
def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(NotADirectoryError):
        fsync_dir(tmp_path / "file")


@pytest.mark.parametrize("number", [errno.ENOTSUP, errno.EINVAL, errno.ENOTTY, None, errno.EIO])
def test_macos_flushes_the_drive_where_the_drive_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int | None
) -> None:
    fcntl = pytest.importorskip("fcntl", reason="Windows has no fcntl")
    synced: list[str] = []

    def full(*_: object) -> int:
        if number is not None:
            raise OSError(number, os.strerror(number))
        synced.append("drive")
        return 0

    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(fcntl, "F_FULLFSYNC", 51, raising=False)
    monkeypatch.setattr(fcntl, "fcntl", full)
    monkeypatch.setattr(os, "fsync", lambda _: synced.append("file"))
    with (tmp_path / "file").open("wb") as file:
        if number == errno.EIO:
            with pytest.raises(OSError, match=os.strerror(errno.EIO)):
                files.fsync_file(file.fileno())
        else:
            files.fsync_file(file.fileno())
    expected = {None: ["drive"], errno.EIO: []}
    assert synced == expected.get(number, ["file"])
