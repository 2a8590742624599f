"""Packs a program's folder as the archive of a release. The same content gives the same bytes."""

from __future__ import annotations

import lzma
import tarfile
from pathlib import Path


def pack(folder: Path, archive: Path, epoch_s: int, preset: int = 9) -> None:
    """Write a tar.xz file with the contents of `folder`. Every entry has the time `epoch_s` (Unix
    s) and no owner. `preset` is the level of xz, 0 to 9.
    """

    def plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.mtime = epoch_s
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = ""
        executable = entry.isdir() or entry.mode & 0o100
        entry.mode = 0o755 if executable else 0o644
        return entry

    with (
        lzma.open(archive, "wb", preset=preset) as packed,
        tarfile.open(fileobj=packed, mode="w") as tar,
    ):
        for path in sorted(folder.rglob("*")):
            tar.add(path, path.relative_to(folder).as_posix(), recursive=False, filter=plain)
