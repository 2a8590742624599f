"""Starts the version that the pointer file names: the entry point of a small packaged program.

Windows cannot replace a link without a privilege, so shortcuts start this program. Updates never
replace it, so it imports no library but `packaging`. It has never run on Windows.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from system.updates.pointer import VERSIONS, FilePointer
from system.updates.release import version_folders
from system.updates.selftest import clean_environment

FAILED = 1


def find_program(root: Path, name: str) -> Path | None:
    """The program of the version that the pointer names, else of the newest version; None if there
    is no version. `name` is the program's file name.
    """
    folder = root / VERSIONS
    for version in (FilePointer(root).read(), *version_folders(folder)):
        program = folder / version / name
        if version and program.is_file():
            return program
    return None


def main(executable: str = sys.executable, argv: Sequence[str] | None = None) -> int:
    """Start the program with the same arguments; returns its exit status, or FAILED."""
    here = Path(executable).resolve()
    program = find_program(here.parent, here.name)
    if program is None:
        return FAILED
    arguments = list(sys.argv[1:] if argv is None else argv)
    return subprocess.call([program, *arguments], env=clean_environment(os.environ))


if __name__ == "__main__":
    sys.exit(main())
