"""Files that others may read are made private, or the program does not start."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from system.private_files import OTHERS, ExposedError, make_private

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no file modes")


def exposed(folder: Path) -> list[Path]:
    """Files that others may read, write or enter."""
    found = [folder, *folder.rglob("*")]
    return [path for path in found if not path.is_symlink() and path.stat().st_mode & OTHERS]


def open_file(path: Path) -> None:
    path.write_bytes(b"secret")
    path.chmod(0o644)


def writable_file(path: Path) -> None:
    path.write_bytes(b"secret")
    path.chmod(0o666)


def group_file(path: Path) -> None:
    path.write_bytes(b"secret")
    path.chmod(0o640)


def open_folder(path: Path) -> None:
    path.mkdir()
    open_file(path / "inside")
    path.chmod(0o755)


def closed_folder_with_open_file(path: Path) -> None:
    path.mkdir(mode=0o700)
    open_file(path / "inside")


def open_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
    path.chmod(0o777)


def pipe(path: Path) -> None:
    os.mkfifo(path)
    path.chmod(0o666)


@pytest.mark.parametrize(
    "make",
    [open_file, writable_file, group_file, open_folder, closed_folder_with_open_file, open_socket,
     pipe],
)  # fmt: skip
@pytest.mark.parametrize("mode", [0o700, 0o755, 0o777], ids=oct)
def test_everything_in_a_folder_becomes_private(
    tmp_path: Path, make: Callable[[Path], None], mode: int
) -> None:
    root = tmp_path / "root"
    root.mkdir()
    make(root / "it")
    root.chmod(mode)
    assert make_private(root) > 0
    assert exposed(root) == []
    assert make_private(root) == 0
    if (root / "it").is_file():
        assert (root / "it").read_bytes() == b"secret"


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    open_file(outside)
    root = tmp_path / "root"
    root.mkdir()
    (root / "link").symlink_to(outside)
    (root / "dangling").symlink_to(tmp_path / "nothing")
    make_private(root)
    assert stat.S_IMODE(outside.stat().st_mode) == 0o644


def test_a_skipped_folder_is_looked_through_where_others_could_enter(tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / "blobs").mkdir(parents=True)
    root.chmod(0o700)
    open_file(root / "blobs" / "picture")
    make_private(root, skip=["blobs"])
    assert exposed(root) == [root / "blobs" / "picture"], "nobody could get there"
    root.chmod(0o755)
    make_private(root, skip=["blobs"])
    assert exposed(root) == []


def test_what_belongs_to_another_user_is_refused_and_named(tmp_path: Path) -> None:
    open_file(tmp_path / "foreign")
    with pytest.raises(ExposedError, match="belongs to another user") as refusal:
        make_private(tmp_path, uid=os.geteuid() + 1)
    assert refusal.value.path == tmp_path


def test_a_drive_without_modes_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_file(tmp_path / "file")
    monkeypatch.setattr(Path, "chmod", lambda *_: None)
    with pytest.raises(ExposedError, match="keeps no modes"):
        make_private(tmp_path)


#: Modules that run as processes; each sets its umask first.
PROGRAMS = {
    "marketplace": "import marketplace.cli as m; m.main(['devices', '--data-dir', '/nonexistent'])",
    "log follower": (
        "import sys, diary.cli.monitor as m\n"
        "m.main(['not-an-address', '--key', 'x', '--state', '/nonexistent/state'])"
    ),
    "client": "import ui.cli.main as m; m.main(['--version'])",
    "keyring helper": (
        "import sys, io, uploader.account.keyring_helper as m; m.serve = lambda *a: None; m.main()"
    ),
    "input helper": (
        "import sys, types, tracker.input.backends.helper_process as m\n"
        "m.serve = lambda *a: 0\n"
        "fake = types.ModuleType('p'); fake.PynputInput = object\n"
        "sys.modules['tracker.input.backends.pynput_hooks'] = fake\n"
        "m.main()"
    ),
}


@pytest.mark.parametrize("program", PROGRAMS)
def test_each_program_creates_private_files(tmp_path: Path, program: str) -> None:
    made = tmp_path / "made"
    code = f"{PROGRAMS[program]}\nopen({str(made)!r}, 'w').close()"
    done = subprocess.run(
        [sys.executable, "-c", code], umask=0, capture_output=True, text=True, check=False
    )
    assert made.exists(), done.stderr
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
