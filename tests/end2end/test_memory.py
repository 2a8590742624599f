"""The modules that a recording client with a closed window has imported: each costs memory all day
(`benchmarks/README.md` has the amounts).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desktop_fixtures.desktop import Desktop
from tests.end2end.running_system import RunningSystem, closing_with_evidence

pytestmark = pytest.mark.xdist_group("end2end-2")

#: The modules, and those below them, that only a window, a helper process or a rare case needs.
UNNEEDED = (
    "PIL", "PySide6.QtQml", "PySide6.QtQuick", "asyncio",
    "concurrent.futures", "cryptography.x509", "dukpy", "h11", "html",
    "http.server", "joserfc", "keyring", "logging.config",
    "mss", "platformdirs", "pynput", "pypac", "tuf", "xml",
    "Xlib.ext.composite", "Xlib.ext.damage", "Xlib.ext.randr", "Xlib.ext.res",
    "Xlib.ext.screensaver", "Xlib.ext.security", "Xlib.ext.xfixes", "Xlib.ext.xinerama",
    "Xlib.ext.xtest",
    "diary.bundle", "tracker.capture.encode", "tracker.capture.stitch",
    "ui.presenters.own_diary.day", "ui.presenters.own_diary.panel", "ui.presenters.settings",
    "ui.windows.diagnostics", "ui.windows.first_run", "ui.windows.own_diary",
    "ui.windows.picture_review", "ui.windows.settings", "ui.windows.support",
    "uploader.account.browser_sign_in", "uploader.account.loopback", "uploader.api.connection_test",
    "uploader.api.download", "uploader.api.network.pac", "uploader.api.oauth", "uploader.export",
)  # fmt: skip
_IMPORTED = re.compile(r"^import time:\s+\d+ \|\s+\d+ \|\s+(\S+)$", re.MULTILINE)


@pytest.fixture
def system(
    tmp_path: Path, desktop: Desktop, request: pytest.FixtureRequest
) -> Iterator[RunningSystem]:
    """A client that logs each import."""
    client = (sys.executable, "-X", "importtime", "-m", "ui.cli.main")
    made = RunningSystem(tmp_path, desktop, client=client)
    with closing_with_evidence(made, request):
        yield made


def test_a_recording_client_has_imported_no_module_that_it_does_not_need(
    system: RunningSystem,
) -> None:
    system.open_client()
    system.gui.start_recording("A quiet hour")
    system.gui.hide_window()
    system.stop_recording()
    system.wait_all_sent()
    imported = set(_IMPORTED.findall((system.folder / "client.log").read_text()))
    assert {"Xlib.ext.xinput", "uploader.api.transport", "ui.windows.main_window"} <= imported
    unneeded = {
        name
        for name in imported
        if any(name == each or name.startswith(f"{each}.") for each in UNNEEDED)
    }
    assert unneeded == set()
