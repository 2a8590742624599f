"""Builds the .deb of the verifier, which runs on the system's Python."""

from __future__ import annotations

import sys
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from installers.linux.deb import Package, build
from installers.linux.filesystem import FILES, write, write_gzip
from installers.project import ROOT, run

if TYPE_CHECKING:
    from installers.project import Release

NAME = "workdiary-verify"
_DESCRIPTION = (
    "The command verifies a downloaded week of a work diary or a client's folder:",
    "signatures, receipts of the public log, times of pictures and credited time.",
    "It also monitors the log of a marketplace.",
)
#: Writes no bytecode: files that root's runs would write do not belong to the package.
_PROGRAM = f"""#!/usr/bin/python3 -I
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, "/usr/share/{NAME}")

from diary.cli.__main__ import main

sys.exit(main())
"""


def verify_deb(release: Release, out: Path) -> Path:
    """Build the package; returns its file in `out`."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / NAME
        share = root / "usr" / "share"
        wheels = Path(folder) / "wheels"
        command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(wheels)]
        run(command, env=release.environment(), cwd=ROOT / "installers" / NAME)
        (wheel,) = wheels.glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            for name in archive.namelist():
                if ".dist-info/" not in name:
                    write(share / NAME / name, archive.read(name))
        write(root / "usr" / "bin" / NAME, _PROGRAM, 0o755)
        write_gzip(share / "man" / "man1" / f"{NAME}.1.gz", (FILES / f"{NAME}.1").read_bytes())
        package = Package(
            NAME,
            root,
            "all",
            ("python3 (>= 3.11)", "python3-cryptography"),
            "verifier of work diaries",
            _DESCRIPTION,
            "utils",
        )
        return build(package, release, out)
