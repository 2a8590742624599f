"""Builds the setup program for Windows (NSIS), which asks the user. Needs makensis."""

from __future__ import annotations

import shlex
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from installers.project import NAME, run, set_times
from installers.windows.authenticode import sign_command
from installers.windows.resources import COMPANY, write_icon

if TYPE_CHECKING:
    from installers.project import Release

_SCRIPT = Path(__file__).with_name("files") / f"{NAME}.nsi"
#: The compressor of releases: smaller and slower than `zlib`.
BEST = "/SOLID lzma"


def build_nsis(tree: Path, release: Release, target: Path, compressor: str = BEST) -> Path:
    """Build the setup program of the program's folder; returns `target`. Raises BuildError.

    `compressor` has the arguments of NSIS's SetCompressor.
    """
    with tempfile.TemporaryDirectory() as work:
        files = Path(work) / NAME
        shutil.copytree(tree, files)
        (files / "install-source").write_text("nsis\n", "ascii")
        set_times(files, release.epoch)
        target.parent.mkdir(parents=True, exist_ok=True)
        defines = {
            "VERSION": release.windows,
            "SHOWN_VERSION": str(release.version),
            "TREE": str(files),
            "OUT": str(target.absolute()),
            "ICON": str(write_icon(Path(work) / f"{NAME}.ico")),
            "SIZE": str(sum(path.stat().st_size for path in files.rglob("*")) // 1024),
            "COMPANY": COMPANY,
            "COMPRESSOR": compressor,
            "SIGN": shlex.join(sign_command("%1")).replace("'%1'", "%1"),
        }
        words = [f"-D{name}={value}" for name, value in defines.items()]
        run(["makensis", "-V2", "-WX", *words, str(_SCRIPT)], env=release.environment())
    return target
