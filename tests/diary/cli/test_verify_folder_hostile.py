"""State folders that try to mislead or stop `workdiary-verify`."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from diary.cli.common import INVALID, UNUSABLE, VALID
from diary.cli.verify_folder import MAX_BLOB, Folder
from diary.core.findings import Code
from diary.formats.sd_jwt import MAX_SDJWT
from tests.diary.cli.folder_command import (
    FILES,
    FIRST,
    KEY,
    WORLD,
    codes,
    posix_only,
    result,
    text_of,
)
from tests.diary.state import files_of, write
from tests.diary.world import START, World


def test_huge_files_are_not_read_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write(FILES, tmp_path)
    blob = next(name for name in FILES if name.startswith("blobs/"))
    for name in (FIRST, FIRST.replace(".sdjwt", ".tlog-proof"), "enrolment.jws", blob):
        with (folder / name).open("ab") as file:
            file.truncate(50 * 2**30)  # a sparse file
    reported = result(folder, capsys)
    assert reported["exit"] == INVALID
    assert codes(reported) >= {"E_FORMAT", "E_DEVICE_UNLOGGED"}
    assert MAX_SDJWT < MAX_BLOB


@posix_only
@pytest.mark.parametrize(
    "name",
    [
        FIRST,
        "enrolment.jws",
        "marketplace.json",
        next(name for name in FILES if name.startswith("terms/")),
        next(name for name in FILES if name.startswith(f"beacons/{START}")),
        next(name for name in FILES if name.startswith("blobs/")),
    ],
)
def test_links_pipes_and_folders_are_not_opened(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(FILES[name])
    folder = write(FILES, tmp_path / "state")
    path = folder / name
    path.unlink()
    path.symlink_to(outside)
    reported = result(folder, capsys, "--key", KEY)
    if name != "marketplace.json":
        assert ("E_MANIFEST", name) in {(f["code"], f["file"]) for f in reported["findings"]}
    else:
        assert result(folder, capsys)["exit"] == UNUSABLE
    path.unlink()
    os.mkfifo(path)
    assert result(folder, capsys, "--key", KEY)["exit"] == (
        VALID if name == "marketplace.json" else INVALID
    )
    path.unlink()
    path.mkdir()
    assert result(folder, capsys, "--key", KEY)["exit"] == (
        VALID if name == "marketplace.json" else INVALID
    )


@posix_only
@pytest.mark.parametrize("name", ["segments", f"segments/{WORLD.ctr}", "blobs", "terms", "former"])
def test_folders_elsewhere_are_not_entered(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(FILES, tmp_path / "state")
    if (folder / name).exists():
        (folder / name).rename(tmp_path / "moved")
    else:
        (tmp_path / "moved").mkdir()
    (folder / name).symlink_to(tmp_path / "moved")
    reported = result(folder, capsys)
    assert reported["exit"] == INVALID
    assert "E_MANIFEST" in codes(reported)


@pytest.mark.skipif(
    not Path("/proc/self/mem").is_file(), reason="needs /proc/self/mem, which only Linux has"
)
def test_a_file_that_cannot_be_read_is_reported() -> None:
    folder = Folder(Path("/proc/self"))  # whose `mem` cannot be read at its start
    assert folder.read("mem", 10) is None
    assert [(f.code, f.detail) for f in folder.findings] == [
        (Code.E_MANIFEST, "the file cannot be read")
    ]


def test_a_folder_in_place_of_another_kind_of_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {n: d for n, d in FILES.items() if not n.startswith("terms/")}
    reported = result(write({**files, "terms": b"x"}, tmp_path), capsys)
    assert codes(reported) == {"E_MANIFEST", "E_TERMS"}


def test_names_of_a_bundle_print_no_control_characters(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = World(name="desk\x1b]0;owned\x07\u202e")
    world.day(1)
    code, out = text_of(write(files_of(world), tmp_path), capsys)
    assert code == VALID
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "device desk\N{REPLACEMENT CHARACTER}]0;owned" in out
