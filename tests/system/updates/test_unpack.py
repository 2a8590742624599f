"""Hostile archives are refused, and nothing is written outside the new folder."""

from __future__ import annotations

import io
import lzma
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from system.updates.errors import UpdateError, UpdateProblem
from system.updates.unpack import unpack
from tests.system.updates.simulated_repository import packed, release_archive


def entry(name: str, kind: bytes, target: str = "", size: int = 0) -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type, made.linkname, made.size = kind, target, size
    return made


def with_file(name: str) -> bytes:
    return packed({name: (b"x", 0o644)})


def link(name: str, target: str, *more: str) -> bytes:
    """A link, then files."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as tar:
        tar.addfile(entry(name, tarfile.SYMTYPE, target))
        for path in more:
            tar.addfile(entry(path, tarfile.REGTYPE))
    return lzma.compress(data.getvalue())


def pax_header_of(size: int) -> bytes:
    """An extended header that claims to be this large."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        tar.addfile(entry("pax", tarfile.XHDTYPE, size=size))
    return lzma.compress(data.getvalue() + b"\0" * size)


HOSTILE: dict[str, Callable[[], bytes]] = {
    "absolute path": lambda: with_file("/outside"),
    "parent folder": lambda: with_file("../outside"),
    "parent folder within": lambda: with_file("a/../../outside"),
    "drive": lambda: with_file("C:outside"),
    "backslash": lambda: with_file("..\\outside"),
    "link to an absolute path": lambda: link("a", "/etc"),
    "link out": lambda: link("a", "../outside"),
    "deep link out": lambda: link("a/b/c", "../../../outside"),
    "path through a link": lambda: link("a", ".", "a/outside"),
    "file over a link": lambda: link("a", "b", "a"),
    "hard link": lambda: packed({}, entry("a", tarfile.LNKTYPE, "../outside")),
    "device": lambda: packed({}, entry("a", tarfile.CHRTYPE)),
    "pipe": lambda: packed({}, entry("a", tarfile.FIFOTYPE)),
    "too many entries": lambda: packed({f"f{n}": (b"", 0o644) for n in range(60)}),
    "too many bytes": lambda: packed({"a": (b"\0" * 2_000_000, 0o644)}),
    "a sparse size": lambda: packed({}, entry("a", tarfile.REGTYPE, size=1 << 40)),
    "a large extended header": lambda: pax_header_of(2_000_000),
    "cut": lambda: release_archive("1.0.0")[:-30],
    "damaged": lambda: release_archive("1.0.0")[:100] + b"\xff" * 40,
    "no archive": lambda: b"<html></html>",
    "no tar file": lambda: lzma.compress(b"x" * 5000),
    "nothing": lambda: b"",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_archive_is_refused(tmp_path: Path, name: str) -> None:
    archive = tmp_path / "archive"
    archive.write_bytes(HOSTILE[name]())
    (tmp_path / "box").mkdir()
    with pytest.raises(UpdateError) as caught:
        unpack(archive, tmp_path / "box" / "new", most=1_000_000, entries=50)
    assert caught.value.code is UpdateProblem.ARCHIVE_REFUSED
    assert {path.name for path in tmp_path.iterdir()} == {"archive", "box"}
    assert {path.name for path in (tmp_path / "box").iterdir()} == {"new"}


def test_files_modes_and_relative_links_are_unpacked(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as tar:
        for name, mode in (("bin/program", 0o4777), ("lib/a.so", 0o644)):
            made = tarfile.TarInfo(name)
            made.size, made.mode = 1, mode
            tar.addfile(made, io.BytesIO(b"x"))
        tar.addfile(entry("lib/b.so", tarfile.SYMTYPE, "a.so"))
        tar.addfile(entry("program", tarfile.SYMTYPE, "bin/program"))
    archive.write_bytes(lzma.compress(data.getvalue()))
    unpack(archive, tmp_path / "new")
    assert (tmp_path / "new" / "program").read_bytes() == b"x"
    assert (tmp_path / "new" / "lib" / "b.so").readlink() == Path("a.so")
    mode = (tmp_path / "new" / "bin" / "program").stat().st_mode
    assert mode & 0o100
    assert not mode & 0o7022


def test_an_error_of_the_disk_is_reported_as_such(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    archive.write_bytes(release_archive("1.0.0"))
    (tmp_path / "new").mkdir()
    with pytest.raises(UpdateError) as caught:
        unpack(archive, tmp_path / "new")
    assert caught.value.code is UpdateProblem.DISK
