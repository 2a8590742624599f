"""Runs programs for Windows on Linux, in a prefix of Wine.

Wine is not Windows: a program that runs in it may fail on Windows. Wine 8 lacks a library that
cryptography needs; a stub of it is compiled into the prefix, never into a package.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from installers.project import BuildError, run

_STUBS = Path(__file__).with_name("wine_stubs")
_COMPILER = "x86_64-w64-mingw32-gcc"
#: No .NET, no browser engine, no entries in this machine's menus.
_OVERRIDES = "mscoree=d;mshtml=d;winemenubuilder.exe=d"
_READY = "workdiary-ready"


@dataclass(frozen=True)
class Result:
    """The exit status of a program (the lowest byte of that on Windows), and its output, both
    streams together.
    """

    status: int
    output: str


@dataclass(frozen=True)
class Wine:
    """The prefix in the folder `prefix`. `environ` is added to the programs' environment."""

    prefix: Path
    environ: Mapping[str, str] = field(default_factory=dict)

    @property
    def drive(self) -> Path:
        """The folder of drive C."""
        return self.prefix / "drive_c"

    def create(self) -> None:
        """Create the prefix as Windows 10, unless it exists. Raises BuildError."""
        if (self.prefix / _READY).exists():
            return
        self.prefix.mkdir(parents=True, exist_ok=True)
        self.check("wineboot", "--init")
        self.check("reg", "add", r"HKCU\Software\Wine", "/v", "Version", "/d", "win10", "/f")
        for source in sorted(_STUBS.glob("*.c")):
            library = self.drive / "windows" / "system32" / f"{source.stem}.dll"
            if not library.exists():
                run([_COMPILER, "-shared", "-o", str(library), str(source), "-ladvapi32"])
        (self.prefix / _READY).touch()

    def run(self, *argv: str, environ: Mapping[str, str] | None = None) -> Result:
        """Run a program to its end. The first argument is a Windows program's name, or a path."""
        done = subprocess.run(
            self.command(argv),
            stdin=subprocess.DEVNULL,
            # Wine's console needs a terminal; a pipe does not.
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            encoding="utf-8",
            errors="replace",
            env=self.environment(environ),
        )
        return Result(done.returncode, done.stdout.replace("\r\n", "\n"))

    def check(self, *argv: str, environ: Mapping[str, str] | None = None) -> str:
        """Run a program that must end with 0; returns its output. Raises BuildError."""
        done = self.run(*argv, environ=environ)
        if done.status != 0:
            raise BuildError(f"{argv[0]} failed under Wine ({done.status}):\n{done.output}")
        return done.output

    def command(self, argv: Sequence[str]) -> list[str]:
        """The command of this machine that runs a Windows program."""
        return ["wine", *argv]

    def environment(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        """The environment of the programs: this machine's without a display, `environ`, `more`."""
        env = {name: value for name, value in os.environ.items() if not name.endswith("DISPLAY")}
        return env | {
            "WINEPREFIX": str(self.prefix),
            "WINEARCH": "win64",
            "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": _OVERRIDES,
            **self.environ,
            **(more or {}),
        }

    def end(self) -> None:
        """End all programs of this prefix."""
        subprocess.run(["wineserver", "--kill"], check=False, env=self.environment())
        subprocess.run(["wineserver", "--wait"], check=False, env=self.environment())


def windows_path(path: Path) -> str:
    """The path of a file of this machine as Windows programs read it, on drive Z."""
    return "Z:" + str(path.absolute()).replace("/", "\\")
