"""Builds a signed apt repository of the packages. Needs apt-utils and gpg."""

from __future__ import annotations

import lzma
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from installers.inventory import export_key, sign
from installers.project import run

if TYPE_CHECKING:
    from collections.abc import Iterable

    from installers.project import Release

SUITE, COMPONENT, ARCHITECTURE = "stable", "main", "amd64"
#: The public key in the repository, for `Signed-By`.
KEY = "workdiary.asc"


def write_repository(packages: Iterable[Path], release: Release, out: Path) -> Path:
    """Write the repository to the folder `out`, which is emptied first; returns it."""
    shutil.rmtree(out, ignore_errors=True)
    pool = out / "pool"
    pool.mkdir(parents=True)
    for package in packages:
        shutil.copy(package, pool / package.name)
    index = out / "dists" / SUITE / COMPONENT / f"binary-{ARCHITECTURE}"
    index.mkdir(parents=True)
    listed = run(["apt-ftparchive", "packages", "pool"], cwd=out).encode()
    (index / "Packages").write_bytes(listed)
    (index / "Packages.xz").write_bytes(lzma.compress(listed))
    suite = out / "dists" / SUITE
    fields = {
        "Origin": "Workdiary",
        "Label": "Workdiary",
        "Suite": SUITE,
        "Codename": SUITE,
        "Architectures": f"{ARCHITECTURE} all",
        "Components": COMPONENT,
    }
    options = [f"-oAPT::FTPArchive::Release::{name}={value}" for name, value in fields.items()]
    contents = run(
        ["apt-ftparchive", *options, "release", f"dists/{SUITE}"],
        cwd=out,
        env=release.environment(),
    )
    (suite / "Release").write_text(contents, "utf-8")
    sign(suite / "Release", "--clear-sign", suite / "InRelease")
    sign(suite / "Release", "--detach-sign", suite / "Release.gpg")
    export_key(out / KEY)
    return out
