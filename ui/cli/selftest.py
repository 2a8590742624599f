"""`workdiary --selftest`: checks that an installation is complete. Installers and updates run it.

Rules kept: the checks use no state folder, no keyring entry and no network, and need no display;
each runs its part of the program as the program does, helper processes included; a failed check
does not end the others. The report contains no personal data. `workdiary doctor` examines the
desktop instead.
"""

from __future__ import annotations

import importlib
import importlib.util
import io
import json
import os
import pkgutil
import sys
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from diary.cli.output import refuse

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_PACKAGES = ("assets", "diary", "system", "tracker", "ui", "uploader")
#: Modules that libraries load by name, by platform. They connect to the display when imported.
_LOADED_BY_NAME = {
    "linux": ("pynput.keyboard._xorg", "pynput.mouse._xorg"),
    "win32": ("pynput.keyboard._win32", "pynput.mouse._win32"),
    "darwin": ("pynput.keyboard._darwin", "pynput.mouse._darwin"),
}
_SCRIPT = 'function FindProxyForURL(url, host) { return "PROXY proxy.example:3128; DIRECT"; }'
_SIDE = 256


class SelfTestError(Exception):
    """A part of the program does not work. The message is for developers."""


@dataclass(frozen=True)
class SelfTestResult:
    """The result of one check: its stable name and its problem, "" if it passed."""

    name: str
    problem: str


def run_checks() -> tuple[SelfTestResult, ...]:
    """Run all checks. Takes some seconds. Qt draws, but shows no window."""
    return tuple(SelfTestResult(name, _problem(check)) for name, check in CHECKS)


def report(results: Sequence[SelfTestResult]) -> dict[str, Any]:
    """The report for JSON: `ok`, `version`, `platform`, `packaged`, and `checks`."""
    from importlib.metadata import version

    return {
        "ok": not any(each.problem for each in results),
        "version": version("workdiary"),
        "platform": sys.platform,
        "packaged": bool(getattr(sys, "frozen", False)),
        "checks": [asdict(each) for each in results],
    }


def main(file: Path | None) -> int:
    """Run the checks; write the report to `file`, else to standard output. Returns the exit status:
    0 if all checks passed, else 1. Raises OSError if the file cannot be written.
    """
    # A program without a console, as on Windows, has no standard streams.
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        found = report(run_checks())
    text = f"{json.dumps(found, indent=2)}\n"
    if file is not None:
        try:
            file.write_text(text, encoding="utf-8")
        except OSError as error:
            refuse("workdiary", f"{file}: {error.strerror}")
            return 1
    elif sys.stdout is not None:
        sys.stdout.write(text)
    return 0 if found["ok"] else 1


def _problem(check: Callable[[], None]) -> str:
    try:
        check()
    # Libraries raise errors of any type, and an incomplete library may raise SystemExit.
    except (Exception, SystemExit) as error:  # noqa: BLE001
        return f"{type(error).__name__}: {error}"[:500]
    return ""


def _check_modules() -> None:
    """Each of our modules can be imported, and the modules that libraries load by name exist."""
    failed = []
    names = [*_PACKAGES]
    for package in _PACKAGES:
        path = importlib.import_module(package).__path__
        names += [each.name for each in pkgutil.walk_packages(path, f"{package}.")]
    os.environ.setdefault("PYNPUT_BACKEND", "dummy")
    by_name = _LOADED_BY_NAME.get(sys.platform, ())
    failed += [name for name in by_name if importlib.util.find_spec(name) is None]
    for name in names:
        if name.endswith(".__main__"):
            continue
        try:
            importlib.import_module(name)
        except Exception as error:  # noqa: BLE001
            failed.append(f"{name} ({type(error).__name__}: {error})")
    if failed:
        raise SelfTestError(", ".join(failed))


def _check_keyring() -> None:
    """The keyring's helper starts and responds. On Windows and macOS it must find the keyring;
    other systems may have none.
    """
    from uploader.account.keyring import BACKENDS
    from uploader.account.keyring_helper import HelperKeyring
    from uploader.errors import KeysError, Problem

    for platform, module, name in BACKENDS:
        if platform == sys.platform and not hasattr(importlib.import_module(module), name):
            raise SelfTestError(f"{module} has no {name}")
    keyring = HelperKeyring()
    try:
        keyring.find()
    except KeysError as error:
        absent = error.code is Problem.KEYRING_ABSENT and sys.platform not in {"win32", "darwin"}
        if not absent and error.code is not Problem.KEYRING_LOCKED:
            raise
    finally:
        keyring.close()


def _check_record() -> None:
    """A signature is verified, and the page of the offline verifier is complete."""
    from diary.bundle.html_verifier import verify_page
    from diary.formats.ed25519 import SigningKey, verify

    key = SigningKey.generate()
    if not verify(key.public, key.sign(b"segment"), b"segment"):
        raise SelfTestError("a signature is not accepted")
    if verify(key.public, key.sign(b"segment"), b"other"):
        raise SelfTestError("a wrong signature is accepted")
    if b"</html>" not in verify_page():
        raise SelfTestError("verify.html is incomplete")


def _check_database() -> None:
    """SQLite has the features that the index uses."""
    import sqlite3

    with tempfile.TemporaryDirectory() as folder:
        connection = sqlite3.connect(Path(folder) / "index.sqlite")
        try:
            mode = connection.execute("PRAGMA journal_mode=WAL").fetchone()[0]
            connection.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b INTEGER) STRICT")
            connection.execute("INSERT INTO t(b) VALUES (1) RETURNING a").fetchone()
        finally:
            connection.close()
    if mode != "wal":
        raise SelfTestError(f"the journal mode is {mode}")


def _check_picture() -> None:
    """A picture is encoded as WebP, and Qt can show it; the helper that takes pictures starts."""
    from PySide6.QtGui import QImage

    from tracker.capture.encode import encode
    from tracker.capture.interface import Frame
    from tracker.capture.picture_helper import cover_in_helper

    row = b"".join(bytes((x, 255 - x, x // 2, 0)) for x in range(_SIDE))
    picture = encode(Frame(_SIDE, _SIDE, row * _SIDE, "all", 0))
    covered = cover_in_helper(picture.data, [(0, 0, 1, 1)])
    for data in (picture.data, picture.thumb, covered.data):
        if QImage.fromData(data).isNull():
            raise SelfTestError("Qt cannot read WebP")


def _check_window() -> None:
    """Qt starts, draws the icons, and has the catalogues of all languages."""
    from PySide6.QtCore import QLocale
    from PySide6.QtWidgets import QApplication

    from ui.qt import plain_text
    from ui.qt.icons import pixmap
    from ui.qt.translation import install_translation
    from ui.settings.settings import LANGUAGES

    shown = any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
    if sys.platform == "linux" and not shown:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication.instance() or QApplication(["workdiary"])
    if not isinstance(app, QApplication):
        raise SelfTestError("Qt runs without windows")
    label = plain_text.label("Workdiary")
    if label.grab().isNull() or pixmap("app", 64).toImage().pixelColor(32, 32).alpha() == 0:
        raise SelfTestError("nothing is drawn")
    for language in LANGUAGES:
        installed = install_translation(app, QLocale(language))
        # Qt's own texts are English already.
        if len(installed) < (1 if language == "en" else 2):
            raise SelfTestError(f"the catalogue of {language} is missing")
        for each in installed:
            app.removeTranslator(each)


def _check_desktop() -> None:
    """The helper that opens the desktop starts: with a display, Qt's plugin for it loads."""
    from ui.qt.platform_check import trial

    environ = dict(os.environ)
    if problem := trial(environ):
        raise SelfTestError(problem)


def _check_network() -> None:
    """The system verifies certificates, and a proxy script runs in its helper."""
    from uploader.api.network.pac import find_proxies
    from uploader.api.network.system_trust import SystemTrust

    SystemTrust().close()
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "proxy.pac"
        script.write_text(_SCRIPT, encoding="ascii")
        found = find_proxies(str(script), "", "https://marketplace.example/")
    if len(found) != 2:
        raise SelfTestError(f"the script returned {found}")


CHECKS: tuple[tuple[str, Callable[[], None]], ...] = (
    ("window", _check_window),
    ("desktop", _check_desktop),
    ("modules", _check_modules),
    ("picture", _check_picture),
    ("record", _check_record),
    ("database", _check_database),
    ("keyring", _check_keyring),
    ("network", _check_network),
)
