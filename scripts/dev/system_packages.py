"""Installs system packages: on Debian with apt-get; elsewhere it prints their names."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from scripts.dev.console import SetupError, output_of, print_step, run_quietly

TABLE = Path(__file__).with_name("system_packages.txt")


@dataclass(frozen=True)
class Package:
    """A system package, a probe for it, and the reason shown to the user."""

    section: str
    name: str
    probe: str
    reason: str


def install(level: str) -> None:
    """Install the missing packages for `level` ("run", "test", "engines" or "installers").

    Raises:
        SetupError: a package is missing and cannot be installed here; the text names it.
    """
    if not sys.platform.startswith("linux"):
        return  # wheels contain everything; the throw-away desktop is for Linux only
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
        print_step("missing system packages:")
        for package in wanted:
            if package.name in absent:
                print(f"  {package.name:22} {package.reason}", flush=True)
        names = [package.name for package in wanted if package.name in absent]
        _install(names, _becoming_root(names))


def parse(text: str) -> list[Package]:
    """Parse the table; its header describes the format."""
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
    """The packages for `level`; with a display, without those of the throw-away desktop."""
    if level == "engines":
        return [package for package in packages if package.section == level]
    sections = {"setup", "run"}
    if level in {"test", "installers"}:
        sections |= {"desktop", "test"} if level == "test" else {"desktop", "installers"}
    elif not display:
        sections.add("desktop")
    return [package for package in packages if package.section in sections]


def is_there(probe: str) -> bool:
    """Whether a file (its path), a module (python:NAME), an element of GStreamer (gst:NAME), a
    library (libNAME.so.N) or a command exists.
    """
    if probe.startswith("/"):
        return Path(probe).exists()
    if probe.startswith("python:"):
        return importlib.util.find_spec(probe.removeprefix("python:")) is not None
    if probe.startswith("gst:"):
        look = ["gst-inspect-1.0", "--exists", "--atleast-version=0.1", probe.removeprefix("gst:")]
        return output_of(look) is not None
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
    """The packages among `names` that are not fully installed, from one call of dpkg-query.

    dpkg-query fails for an unknown name, but answers for the others.
    """
    query = ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\\n", *names]
    answer = output_of(query, anyway=True) or ""
    there = {line.split()[0] for line in answer.splitlines() if line.endswith(" installed")}
    return [name for name in names if name not in there]


def _becoming_root(names: list[str]) -> list[str]:
    """The prefix of a command that needs root: none, or sudo after asking a user at a terminal."""
    if os.geteuid() == 0:
        return []
    by_hand = "apt-get install --no-install-recommends " + " ".join(names)
    if shutil.which("sudo") is None:
        raise SetupError(f"neither root nor sudo is available; run as root: {by_hand}")
    if not sys.stdin.isatty():
        return ["sudo", "-n"]
    if input("setup: install them now with sudo? [y/N] ").strip().lower() not in ("y", "yes"):
        raise SetupError(f"nothing was installed; to install, run: sudo {by_hand}")
    return ["sudo"]  # sudo asks for the password


def _install(names: list[str], root: list[str]) -> None:
    """apt-get install; updates the package lists if they lack a name or are stale."""
    apt = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"]
    command = [*apt, "install", "-y", "--no-install-recommends", *names]
    shown = output_of(["apt-cache", "show", "--no-all-versions", *names], anyway=True) or ""
    known = set(shown.splitlines()) >= {f"Package: {name}" for name in names}
    if known and output_of(command) is not None:
        return
    print_step("updating the package lists (apt-get update)")
    if not run_quietly([*apt, "update"]):
        raise SetupError("apt-get update failed; see the output above")
    if not run_quietly(command):
        raise SetupError("apt-get install failed; see the output above")
