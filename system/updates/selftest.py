"""Runs the self-test of a new version: `PROGRAM --selftest --report FILE`.

It passes with exit status 0 and a report `{"ok": true, "version": "..."}` of the expected version.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from system.packaged import restore_environment
from system.updates.errors import UpdateError, UpdateProblem

#: Seconds that a self-test may take; it takes about two.
LIMIT_S = 120.0
_LARGEST = 1 << 20


def run_selftest(program: Path, version: str, report: Path, limit_s: float = LIMIT_S) -> None:
    """Run the self-test of a program. It writes its report to the file `report`, which is removed
    again.

    Raises UpdateError(SELFTEST_FAILED), also for another version or after `limit_s` seconds.
    """
    try:
        done = subprocess.run(
            [program, "--selftest", "--report", report],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=clean_environment(os.environ),
            timeout=limit_s,
            check=False,
        )
        found = _read(report)
    except subprocess.TimeoutExpired:
        raise _failed("it did not end in time") from None
    except OSError as error:
        raise _failed(f"it could not be run: {error.strerror}") from error
    except ValueError:
        raise _failed("its report cannot be read") from None
    finally:
        report.unlink(missing_ok=True)
    if done.returncode != 0 or found.get("ok") is not True:
        raise _failed(f"exit status {done.returncode}")
    if found.get("version") != version:
        raise _failed(f"its version is not {version}")


def clean_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment for another packaged program, without the variables that PyInstaller's
    bootloader has set for this one.
    """
    found = dict(environ)
    restore_environment(found)
    found["PYINSTALLER_RESET_ENVIRONMENT"] = "1"
    return found


def _read(report: Path) -> dict[str, object]:
    try:
        with report.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except FileNotFoundError:
        return {}
    found = json.loads(data if len(data) <= _LARGEST else b"")
    if not isinstance(found, dict):
        raise ValueError("not an object")  # noqa: TRY004 - the type of a value in a file
    return found


def _failed(reason: str) -> UpdateError:
    return UpdateError(UpdateProblem.SELFTEST_FAILED, reason)
