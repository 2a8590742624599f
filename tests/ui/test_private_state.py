"""An existing state folder that others may read is made private, or the program does not start."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from system.private_files import OTHERS
from tests.ui.test_app import line, start
from ui.single_instance import Instance
from uploader.errors import Problem, StoreError
from uploader.store.state_folder import StateFolder

if TYPE_CHECKING:
    from tests.desktop_fixtures.desktop import Desktop

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no file modes")
OTHER_USER = 65_534
NAMES = [
    "settings.json", "lock", "window.socket", "market.example/index.sqlite",
    "market.example/index.sqlite-wal", "market.example/index.sqlite-shm",
    "market.example/blobs/picture", "market.example/evidence/log/checkpoint",
    "market.example/segments/c/0-0.sdjwt", "market.example/damaged/0-blob",
    "market.example/export.zip", "market.example/workdiary.log", "market.example/.backup/old",
]  # fmt: skip


def exposed(folder: Path) -> list[Path]:
    return [path for path in (folder, *folder.rglob("*")) if path.lstat().st_mode & OTHERS]


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A folder of an earlier version that everybody may read."""
    base = tmp_path / "base"
    for name in NAMES:
        path = base / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"{}")
    for path in (base, *base.rglob("*")):
        path.chmod(0o777 if path.is_dir() else 0o666)
    return base


def test_the_program_closes_its_folder_before_it_shows_its_window(
    clean_desktop: Desktop, base: Path
) -> None:
    (base / "window.socket").unlink()
    process = start(clean_desktop, base)
    assert line(process) == "ready"
    open_now = exposed(base)
    # The folder of a marketplace is private; its contents are checked when it is opened.
    assert [path for path in open_now if path.parent in (base, base.parent)] == []


def test_the_folder_of_a_marketplace_is_closed_to_its_last_file(base: Path) -> None:
    with StateFolder(base, "market.example"):
        assert exposed(base / "market.example") == []
        assert (base / "market.example" / "blobs" / "picture").read_bytes() == b"{}"


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0,
    reason="needs root, to change the owner of a file",
)
@pytest.mark.parametrize("name", ["", "blobs", "blobs/picture", "index.sqlite"])
def test_a_file_of_another_user_keeps_it_from_starting(base: Path, name: str) -> None:
    os.chown(base / "market.example" / name, OTHER_USER, OTHER_USER)
    with pytest.raises(StoreError) as refusal:
        StateFolder(base, "market.example")
    assert refusal.value.code is Problem.FOLDER_EXPOSED
    assert "belongs to another user" in str(refusal.value)
    os.chown(base / "settings.json", OTHER_USER, OTHER_USER)
    with pytest.raises(StoreError) as refusal:
        Instance(base).hold()
    assert refusal.value.code is Problem.FOLDER_EXPOSED
