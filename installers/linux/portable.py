"""Builds a self-extracting archive that installs the client for one user, without root. Needs
makeself.

The installed program updates itself; `system/updates/install.py` describes its layout.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from installers.linux.filesystem import FILES, copy, copy_program
from installers.project import NAME, ROOT, SUMMARY, run, set_times

if TYPE_CHECKING:
    from installers.project import Release


def client_run(tree: Path, licences: Path, release: Release, out: Path) -> Path:
    """Build the archive; returns its file in `out`."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder) / f"{NAME}-{release.version}"
        copy_program(tree, work / NAME)
        copy(licences, work / "THIRD_PARTY_LICENSES")
        copy(ROOT / "assets" / "icons" / "app.svg", work / f"{NAME}.svg")
        copy(FILES / f"{NAME}.desktop", work / f"{NAME}.desktop")
        for script in ("install.sh", "uninstall.sh"):
            copy(FILES / script, work / script)
            (work / script).chmod(0o755)
        (work / "version").write_text(f"{release.version}\n", encoding="ascii")
        set_times(work, release.epoch)
        out.mkdir(parents=True, exist_ok=True)
        target = out / f"{NAME}-{release.version}-x86_64.run"
        date = release.date.strftime("%Y-%m-%d %H:%M:%S +0000")
        tar = f"--owner=0 --group=0 --numeric-owner --sort=name --mtime=@{release.epoch}"
        # makeself writes this command line into the archive: it must not name folders of the build.
        run(
            [
                *("makeself", "--quiet", "--xz", "--nox11", "--nomd5", "--sha256"),
                *("--packaging-date", date, "--tar-extra", tar),
                *(work.name, target.name, f"Workdiary, {SUMMARY}", "./install.sh"),
            ],
            env=release.environment(),
            cwd=work.parent,
        )
        shutil.move(work.parent / target.name, target)
    return target
