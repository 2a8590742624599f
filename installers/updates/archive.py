"""Packs a packaged program's folder as a release's archive, the same bytes for the same content."""

from __future__ import annotations

import lzma
import tarfile
from pathlib import Path


def pack(folder: Path, archive: Path, epoch_s: int, preset: int = 9) -> None:
    """Write a tar.xz file with the contents of `folder`, with the time `epoch_s` (Unix s) and no
    owner. `preset` is that of xz.
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
