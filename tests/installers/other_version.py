"""A packaged program with another version, for tests of upgrades."""

from __future__ import annotations

import shutil
from pathlib import Path

from installers.project import NAME, Release


def retagged(tree: Path, release: Release, folder: Path) -> Path:
    """Copy a program's folder and change the version that it reports; returns the copy."""
    target = folder / tree.name
    shutil.copytree(tree, target, symlinks=True)
    for metadata in target.glob(f"_internal/{NAME}-*.dist-info/METADATA"):
        lines = metadata.read_text("utf-8").splitlines()
        new = [
            f"Version: {release.version}" if line.startswith("Version: ") else line
            for line in lines
        ]
        metadata.write_text("\n".join(new) + "\n", "utf-8")
    return target
