"""Every file of a real marketplace process is private, even if it was not before the start."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from system.private_files import OTHERS
from tests.marketplace.http.test_processes import ARGV, at_work, sealed_now, served
from tests.marketplace.simulated_device import webp

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no file modes")
OTHER_USER = 65_534


def exposed(folder: Path) -> list[str]:
    """Files that others may read, write or enter."""
    found = [folder, *folder.rglob("*")]
    return [path.name for path in found if path.lstat().st_mode & OTHERS]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


def test_each_file_that_it_creates_and_each_that_it_finds_is_private(folder: Path) -> None:
    before = os.umask(0)
    try:
        with served(folder, "--example", "--links", str(folder / "links.json")) as marketplace:
            with at_work(marketplace.url, folder) as (device, ctr):
                device.send(sealed_now(device, ctr, 1)[0])
                assert device.put_blob(webp()).status_code == 201
            names = {path.name for path in folder.rglob("*")}
            assert {
                "marketplace.sqlite", "marketplace.sqlite-wal", "marketplace.sqlite-shm", "lock",
                "port", "admin.json", "token.key", "links.json", "blobs", "arriving",
            } <= names  # fmt: skip
            assert exposed(folder) == []
            assert marketplace.stop() == 0
        # A backup, a log, files of an earlier version or another tool: all of them public.
        shutil.copytree(folder, folder / "backup")
        (folder / "marketplace.log").write_text("a line\n")
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o777 if path.is_dir() else 0o666)
        with served(folder) as marketplace:
            assert exposed(folder) == []
            assert marketplace.stop() == 0
    finally:
        os.umask(before)


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of a marketplace that has ended."""
    folder = tmp_path_factory.mktemp("example") / "data"
    with served(folder, "--example") as marketplace:
        assert marketplace.stop() == 0
    return folder


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0,
    reason="needs root, to change the owner of a file",
)
@pytest.mark.parametrize(
    ("name", "commands"),
    [
        (".", ["serve", "invite", "devices"]),
        ("marketplace.sqlite", ["serve"]),
        ("keys", ["serve"]),
        ("keys/token.key", ["serve"]),
        ("blobs", ["serve"]),
    ],
)
def test_it_does_not_start_where_a_file_belongs_to_another_user(
    example: Path, folder: Path, name: str, commands: list[str]
) -> None:
    shutil.copytree(example, folder)
    os.chown(folder / name, OTHER_USER, OTHER_USER)
    for command in commands:
        refused = subprocess.run(
            [*ARGV, command, "--data-dir", str(folder)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert refused.returncode == 2
        assert "belongs to another user" in refused.stderr
        assert "chown" in refused.stderr
