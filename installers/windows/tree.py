"""Builds the packaged client for Windows as a folder, on Windows or under Wine.

    python -m installers.windows.tree     on Windows; prints the folder

A folder that was built under Wine is complete. It contains an older Qt and Python 3.11.9, the last
release of 3.11 for Windows, and has never been started on Windows.
"""

from __future__ import annotations

import os
import shutil
import sys
import tarfile
import venv
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from installers import inventory
from installers.project import BUILD, NAME, ROOT, BuildError, current_release, set_times
from installers.tree import build_tree, build_wheel, locked, program_environment, tools
from installers.windows.resources import write_icon, write_version
from installers.windows.wine import Wine, windows_path
from scripts.dev import environment

if TYPE_CHECKING:
    from collections.abc import Callable

    from installers.project import Release

FOLDER = BUILD / "windows"
#: The environment variable that names a folder that was built on Windows, to pack it here.
TREE = "WORKDIARY_WINDOWS_TREE"
PLATFORM = "x86_64-pc-windows-msvc"
LICENCES = "THIRD_PARTY_LICENSES"
#: Python's folder in its archive, and the parts of it that the build does not need.
_PYTHON = "cp311/"
_LEFT_OUT = tuple(f"{_PYTHON}{each}/" for each in ("tcl", "Tools", "Lib/site-packages", "Lib/test"))
#: The bytes that each of Wine's own libraries contains.
_OF_WINE = b"Wine builtin DLL"


@dataclass(frozen=True)
class WindowsTree:
    """The program's folder, with the licences. `wine`: it was built under Wine."""

    folder: Path
    wine: bool


def windows_tree(release: Release) -> WindowsTree:
    """The folder that `TREE` names, else one that is built under Wine. Raises BuildError."""
    if chosen := os.environ.get(TREE, ""):
        if not (Path(chosen) / f"{NAME}.exe").is_file():
            raise BuildError(f"{TREE}: {chosen} has no {NAME}.exe")
        return WindowsTree(Path(chosen), wine=False)
    return WindowsTree(build_under_wine(release), wine=True)


def build_under_wine(release: Release) -> Path:
    """Build the program's folder under Wine; returns it. Raises BuildError."""
    wine = Wine(FOLDER / "prefix")
    wine.create()
    python = windows_python()
    packages = _packages(release)
    tools_ = locked(
        lambda: environment.install_into(
            FOLDER / "tools", environment.LOCKS / "packaging.txt", platform=PLATFORM
        )
    )
    tree = FOLDER / "dist" / NAME
    for each in ("dist", "work"):
        shutil.rmtree(FOLDER / each, ignore_errors=True)
    env = release.environment() | resources(release, FOLDER, windows_path)
    env |= {
        "PYTHONPATH": ";".join(windows_path(each) for each in (packages, tools_)),
        "PYINSTALLER_CONFIG_DIR": windows_path(FOLDER),
    }
    wine.check(
        *(str(python / "python.exe"), "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR"),
        *("--distpath", windows_path(tree.parent), "--workpath", windows_path(FOLDER / "work")),
        windows_path(ROOT / "installers" / f"{NAME}.spec"),
        environ=env,
    )
    wine.end()
    _refuse_parts_of_wine(tree)
    licence = (python / "LICENSE.txt").read_text("utf-8")
    inventory.write_licences(
        "client", empty_environment(), tree, tree / LICENCES, packages, {"Python": licence}
    )
    set_times(tree, release.epoch)
    return tree


def resources(release: Release, folder: Path, path: Callable[[Path], str] = str) -> dict[str, str]:
    """Write the icon and the version of the .exe; returns the variables that the specification
    reads, with paths written by `path`.
    """
    return {
        "WORKDIARY_ICON": path(write_icon(folder / f"{NAME}.ico")),
        "WORKDIARY_VERSION_FILE": path(write_version(release, folder / "version.txt")),
    }


def build_on_windows(release: Release) -> Path:
    """Build the program's folder with this machine's Python; returns it. Raises BuildError."""
    os.environ.update(resources(release, FOLDER))
    tree = build_tree("client", release)
    licence = (Path(sys.base_prefix) / "LICENSE.txt").read_text("utf-8")
    python = program_environment("client")
    more = {"Python": licence}
    inventory.write_licences("client", python, tree, tree / LICENCES, None, more)
    return tree


def windows_python() -> Path:
    """Unpack Python for Windows; returns its folder."""
    folder = FOLDER / "python"
    python = folder / _PYTHON
    if (python / "python.exe").exists():
        return python
    lock = environment.LOCKS / "windows-python.txt"
    backend = tools()
    locked(lambda: environment.download(lock, folder, backend))
    (archive,) = folder.glob("*.tar.gz")
    with tarfile.open(archive) as outer:
        (member,) = [each for each in outer.getmembers() if each.name.endswith("/data.zip")]
        inner = outer.extractfile(member)
        if inner is None:
            raise BuildError(f"{archive.name} has no Python")
        with inner, zipfile.ZipFile(inner) as files:
            names = [each for each in files.namelist() if not each.startswith(_LEFT_OUT)]
            # Python itself is last: the folder is complete with it.
            program = f"{_PYTHON}python.exe"
            for name in (*(each for each in names if each != program), program):
                files.extract(name, folder)
    return python


def _packages(release: Release) -> Path:
    """Install the client's packages for Windows, and this commit; returns their folder."""
    locks = environment.LOCKS
    wheel = build_wheel(release)
    more = (locks / "wine.txt", wheel)
    return locked(
        lambda: environment.install_into(
            FOLDER / "packages", locks / "client.txt", *more, platform=PLATFORM
        )
    )


def empty_environment() -> Path:
    """Create an environment of this machine's Python without packages; returns its Python, which
    can read the packages in a folder.
    """
    folder = FOLDER / "empty"
    if not (folder / "bin" / "python").exists():
        venv.create(folder, with_pip=False)
    return folder / "bin" / "python"


def _refuse_parts_of_wine(tree: Path) -> None:
    """Raise BuildError if PyInstaller has copied a library of Wine into the program's folder."""
    found = [path.name for path in tree.rglob("*.dll") if _OF_WINE in path.read_bytes()]
    if found:
        raise BuildError(f"libraries of Wine are in the program: {', '.join(sorted(found))}")


def main() -> int:
    """Build the folder on Windows and print its path; returns the exit status."""
    try:
        print(build_on_windows(current_release()))
    except BuildError as error:
        print(f"installers: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
