"""Builds the packages for Windows, an MSI and a setup program, and signs them."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from installers import inventory
from installers.project import NAME
from installers.windows import authenticode, msi, nsis, tree

if TYPE_CHECKING:
    from installers.project import Release

#: Part of the names of packages whose program was built under Wine.
UNDER_WINE = "-built-under-wine"
LABEL = "WINDOWS-PACKAGES-BUILT-UNDER-WINE.txt"
_LABEL = (
    "The packages for Windows in this folder were built and tested under Wine. They have never\n"
    "been started on Windows. Their Qt and Python are older than those of the other packages.\n"
    "Packages for users are built on Windows (docs/releasing.md).\n"
)


def windows_packages(release: Release, out: Path) -> list[Path]:
    """Build the packages into `out`; returns them. Raises BuildError."""
    built = tree.windows_tree(release)
    out.mkdir(parents=True, exist_ok=True)
    if built.wine:
        (out / LABEL).write_text(_LABEL, "utf-8")
        python, packages = tree.empty_environment(), tree.FOLDER / "packages"
        inventory.write_sbom(python, f"{NAME}-windows", release, out, packages)
    made = pack(built.folder, release, out, UNDER_WINE if built.wine else "")
    authenticode.export_certificate(out)
    return made


def pack(
    folder: Path, release: Release, out: Path, suffix: str = "", compressor: str = nsis.BEST
) -> list[Path]:
    """Pack and sign a program's folder; returns the MSI and the setup program. Raises BuildError.

    `suffix` ends the names of the packages; `compressor` is that of `build_nsis`.
    """
    name = f"{NAME}-{release.version}-x64{suffix}"
    with tempfile.TemporaryDirectory() as work:
        signed = Path(work) / NAME
        shutil.copytree(folder, signed)
        authenticode.sign(signed / f"{NAME}.exe")
        packages = [
            msi.build_msi(signed, release, out / f"{name}.msi"),
            nsis.build_nsis(signed, release, out / f"{name}-setup.exe", compressor),
        ]
    for package in packages:
        authenticode.sign(package)
    return packages
