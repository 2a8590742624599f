"""Lays out the client's files below /usr, the same for .deb and .rpm."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from installers.project import NAME, ROOT

if TYPE_CHECKING:
    from installers.project import Release

FILES = Path(__file__).with_name("files")
#: The file beside the program that names the package manager; the program does not update itself.
INSTALL_SOURCE = "install-source"


def lay_out_client(tree: Path, root: Path, source: str, licences: Path) -> None:
    """Copy the program's folder `tree` and its desktop files to `root`.

    `source` is the name of the package manager, `licences` the file with the licences of third
    parties.
    """
    copy_program(tree, root / "usr" / "lib" / NAME)
    write(root / "usr" / "lib" / NAME / INSTALL_SOURCE, f"{source}\n")
    link = root / "usr" / "bin" / NAME
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(f"../lib/{NAME}/{NAME}")
    share = root / "usr" / "share"
    copy(FILES / f"{NAME}.desktop", share / "applications" / f"{NAME}.desktop")
    copy(FILES / f"{NAME}.metainfo.xml", share / "metainfo" / f"{NAME}.metainfo.xml")
    icon = ROOT / "assets" / "icons" / "app.svg"
    copy(icon, share / "icons" / "hicolor" / "scalable" / "apps" / f"{NAME}.svg")
    manual = (FILES / f"{NAME}.1").read_bytes()
    write_gzip(share / "man" / "man1" / f"{NAME}.1.gz", manual)
    copy(licences, share / "doc" / NAME / "THIRD_PARTY_LICENSES")


def copy_program(tree: Path, target: Path) -> None:
    """Copy a program's folder; only the program itself is executable."""
    shutil.copytree(tree, target, symlinks=True)
    for path in (target, *target.rglob("*")):
        if path.is_symlink():
            continue
        path.chmod(0o755 if path.is_dir() else 0o644)
    (target / tree.name).chmod(0o755)


def copy(source: Path, target: Path) -> None:
    """Copy a file with mode 0644."""
    write(target, source.read_bytes())


def write(target: Path, content: str | bytes, mode: int = 0o644) -> None:
    """Write a file with a mode, and create the folders above it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content.encode() if isinstance(content, str) else content)
    target.chmod(mode)


def write_gzip(target: Path, data: bytes) -> None:
    """Write a gzip file without a name and a time in its header, so that it is reproducible."""
    write(target, gzip.compress(data, 9, mtime=0))


def changelog(release: Release, package: str, maintainer: str) -> bytes:
    """A Debian changelog with one entry, for this release."""
    date = release.date.strftime("%a, %d %b %Y %H:%M:%S +0000")
    text = (
        f"{package} ({release.debian}) stable; urgency=medium\n\n"
        "  * The changes are listed in CHANGELOG.md of the sources.\n\n"
        f" -- {maintainer}  {date}\n"
    )
    return text.encode()
