"""Sees to the system packages: on Debian by apt-get, elsewhere by a line that names them."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from scripts.dev.console import SetupError, answers, say, works

TABLE = Path(__file__).with_name("system_packages.txt")


@dataclass(frozen=True)
class Package:
    """A system package, what shows that it is there, and the reason that is told to the person."""

    section: str
    name: str
    probe: str
    reason: str


def bring(level: str) -> None:
    """Install what `level` ("run" or "test") needs and is missing.

    Raises:
        SetupError: it is missing and cannot be installed here; the text says what.
    """
    if not sys.platform.startswith("linux"):
        return  # the wheels bring everything; the throw-away desktop is X11 and so Linux only
    display = bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    wanted = needed(parse(TABLE.read_text("utf-8")), level, display=display)
    if not _on_debian():
        lacking = [package.probe for package in wanted if not is_there(package.probe)]
        if lacking:
            raise SetupError(
                "this is not Debian; please install by your system's own means: "
                + ", ".join(lacking)
            )
        return
    absent = set(_not_installed([package.name for package in wanted]))
    if absent:
        say("these system packages are needed and missing:")
        for package in wanted:
            if package.name in absent:
                print(f"  {package.name:22} {package.reason}", flush=True)
        names = [package.name for package in wanted if package.name in absent]
        _install(names, _becoming_root(names))


def parse(text: str) -> list[Package]:
    """Read the table; its own head describes the format."""
    section = ""
    found = []
    for line in map(str.strip, text.splitlines()):
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            section = line.strip("[]")
            continue
        name, probe, reason = (part.strip() for part in line.split("|"))
        found.append(Package(section, name, probe, reason))
    return found


def needed(packages: list[Package], level: str, *, display: bool) -> list[Package]:
    """The packages for `level`; a display that is there makes the throw-away one unnecessary."""
    sections = {"setup", "run"}
    if level == "test":
        sections |= {"desktop", "test"}
    elif not display:
        sections.add("desktop")
    return [package for package in packages if package.section in sections]


def is_there(probe: str) -> bool:
    """Look for a file (its path), a module (python:NAME), an element of GStreamer (gst:NAME), a
    library (libNAME.so.N) or a command.
    """
    if probe.startswith("/"):
        return Path(probe).exists()
    if probe.startswith("python:"):
        return importlib.util.find_spec(probe.removeprefix("python:")) is not None
    if probe.startswith("gst:"):
        look = ["gst-inspect-1.0", "--exists", "--atleast-version=0.1", probe.removeprefix("gst:")]
        return answers(look) is not None
    if probe.startswith("lib") and ".so" in probe:
        try:
            ctypes.CDLL(probe)
        except OSError:
            return False
        return True
    return shutil.which(probe) is not None


def _on_debian() -> bool:
    try:
        lines = Path("/etc/os-release").read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    return "ID=debian" in lines and shutil.which("apt-get") is not None


def _not_installed(names: list[str]) -> list[str]:
    """Ask dpkg, in one call, which of these packages are not fully installed.

    dpkg-query fails when it does not know one of the names, but answers for the others.
    """
    query = ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\\n", *names]
    answer = answers(query, anyway=True) or ""
    there = {line.split()[0] for line in answer.splitlines() if line.endswith(" installed")}
    return [name for name in names if name not in there]


def _becoming_root(names: list[str]) -> list[str]:
    """The words before a command that needs root: none, or sudo, after asking a person if any."""
    if os.geteuid() == 0:
        return []
    by_hand = "apt-get install --no-install-recommends " + " ".join(names)
    if shutil.which("sudo") is None:
        raise SetupError(f"neither root nor sudo here; please run as root: {by_hand}")
    if not sys.stdin.isatty():
        return ["sudo", "-n"]
    if input("setup: install them now with sudo? [y/N] ").strip().lower() not in ("y", "yes"):
        raise SetupError(f"nothing was installed; whenever you like: sudo {by_hand}")
    return ["sudo"]  # it asks for a password on the terminal itself


def _install(names: list[str], root: list[str]) -> None:
    """apt-get install; the lists are fetched first when they do not know a name, or are stale."""
    apt = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"]
    install = [*apt, "install", "-y", "--no-install-recommends", *names]
    shown = answers(["apt-cache", "show", "--no-all-versions", *names], anyway=True) or ""
    known = set(shown.splitlines()) >= {f"Package: {name}" for name in names}
    if known and answers(install) is not None:
        return
    say("fetching the lists of packages (apt-get update)")
    if not works([*apt, "update"]):
        raise SetupError("apt-get update failed, in the words above")
    if not works(install):
        raise SetupError("apt-get install failed, in the words above")
