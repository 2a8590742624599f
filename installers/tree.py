"""Builds the packaged programs as folders: PyInstaller freezes a wheel of this commit in an
environment with exactly the packages of a lock.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from installers.project import BUILD, NAME, ROOT, BuildError, run
from scripts.dev import environment
from scripts.dev.console import SetupError

if TYPE_CHECKING:
    from collections.abc import Callable

    from installers.project import Release

Result = TypeVar("Result")

#: The name of each program's lock, with the name of its specification and command.
PROGRAMS = {"client": NAME, "marketplace": f"{NAME}-marketplace"}


def build_tree(program: str, release: Release) -> Path:
    """Build `program`, a name in `PROGRAMS`; returns its folder. Raises BuildError."""
    folder = BUILD / program
    tree = folder / "dist" / PROGRAMS[program]
    shutil.rmtree(folder / "dist", ignore_errors=True)
    python = program_environment(program)
    wheel = build_wheel(release)
    locked(lambda: environment.install_wheel(python, wheel))
    env = release.environment()
    # PyInstaller and its hooks are not in the program's environment.
    env |= {
        "PYTHONPATH": str(tools()),
        "PYNPUT_BACKEND": "dummy",
        "PYINSTALLER_CONFIG_DIR": str(folder),
    }
    run(
        [
            *(str(python), "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR"),
            *("--distpath", str(folder / "dist"), "--workpath", str(folder / "work")),
            str(ROOT / "installers" / f"{PROGRAMS[program]}.spec"),
        ],
        env=env,
        cwd=folder,
    )
    return tree


def program_environment(program: str) -> Path:
    """Create the environment with the lock of a program; returns its Python. Raises BuildError."""
    lock = environment.LOCKS / f"{program}.txt"
    return locked(lambda: environment.create(BUILD / program / "venv", lock))


def tools() -> Path:
    """Install the packaging tools into a folder for PYTHONPATH; returns it. Raises BuildError."""
    lock = environment.LOCKS / "packaging.txt"
    return locked(lambda: environment.install_into(BUILD / "tools", lock))


def locked(install: Callable[[], Result]) -> Result:
    """Call `install` under the lock of installations; returns its result. Raises BuildError."""
    try:
        with environment.exclusive():
            return install()
    except SetupError as error:
        raise BuildError(str(error)) from error


def build_wheel(release: Release) -> Path:
    """Build a wheel of this commit, without a network. Raises BuildError."""
    folder = BUILD / "wheel"
    shutil.rmtree(folder, ignore_errors=True)
    env = release.environment()
    run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        env=env,
        cwd=ROOT,
    )
    (wheel,) = folder.glob("*.whl")
    return wheel
