"""The one rule of imports holds, and its checker sees every way around it."""

from __future__ import annotations

import importlib.metadata
import re
import subprocess
import sys

import pytest

from tests.house.imports import ROOMS, complaints, imports_of
from tests.house.tree import ROOT, modules, pyproject


def test_the_rooms_import_only_what_they_may() -> None:
    sources = {name: path.read_text("utf-8") for name, path in modules(*ROOMS).items()}
    assert {name.partition(".")[0] for name in sources} >= ROOMS.keys() - {"assets"}
    assert complaints(sources) == []


@pytest.mark.parametrize(
    ("module", "source", "said"),
    [
        ("diary.a", "import tracker", "diary must not know"),
        ("diary.a", "from uploader.store.outbox import Outbox", "diary must not know"),
        ("tracker.a", "def f():\n    import uploader", "tracker must not know"),
        ("tracker.a", "import ui", "tracker must not know"),
        ("uploader.a", "import tracker.platform.clock as c", "uploader must not know"),
        ("marketplace.a", "import tracker", "marketplace must not know"),
        ("ui.a", "import marketplace.api", "ui must not know"),
        ("diary.a", "if TYPE_CHECKING:\n    import ui", "diary must not know"),
        ("diary.a", "import importlib\nimportlib.import_module('ui.app')", "diary must not know"),
        ("tracker.a", "try:\n    import PySide6\nexcept ImportError:\n    pass", "outside ui"),
        ("tracker.a", "from PySide6.QtGui import QImage", "outside ui"),
        ("ui.presenters.a", "def f():\n    from PySide6 import QtGui", "in a presenter"),
        ("ui.presenters.a", "if TYPE_CHECKING:\n    import PySide6", "in a presenter"),
        ("ui.cli.main", "import PySide6.QtCore", "while ui.cli.main is imported"),
        ("ui.client", "class A:\n    import PySide6", "while ui.client is imported"),
        ("uploader.a", "from . import outbox", "relatively"),
        ("uploader.a", "from tests import conftest", "not shipped"),
        ("ui.a", "import scripts.dev.setup", "not shipped"),
    ],
)
def test_the_checker_sees(module: str, source: str, said: str) -> None:
    told = complaints({module: source})
    assert any(said in line for line in told), told


def test_the_checker_follows_our_own_modules_to_qt() -> None:
    sources = {
        "ui": "",
        "ui.cli.main": "from ui import words",
        "ui.words": "import ui.qt.icons",
        "ui.qt.icons": "from PySide6.QtGui import QIcon",
    }
    assert complaints(sources) == [
        "ui.cli.main -> ui.words -> ui.qt.icons imports Qt while ui.cli.main is imported"
    ]


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("ui.cli.main", "def run():\n    from ui.app import main\n    import PySide6"),
        ("ui.client", "if TYPE_CHECKING:\n    from PySide6.QtCore import QObject"),
        ("ui.app", "import PySide6, tracker, uploader, diary"),
        ("tracker.a", "from diary.interfaces import Clock"),
    ],
)
def test_the_checker_lets_pass(module: str, source: str) -> None:
    assert complaints({module: source}) == []


def test_the_command_line_and_the_wiring_really_come_without_qt() -> None:
    code = (
        "import sys, ui.cli.main, ui.client;"
        "sys.exit(' '.join(m for m in sys.modules if m.startswith('PySide6')) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def _declared(*extras: str) -> set[str]:
    project = pyproject()["project"]
    words = list(project["dependencies"])
    for extra in extras:
        words += project["optional-dependencies"][extra]
    return {_plain(re.split(r"[^A-Za-z0-9._-]", word)[0]) for word in words}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize(
    ("room", "extras"),
    [
        ("diary", ()),
        ("tracker", ("client",)),
        ("uploader", ("client",)),
        ("ui", ("client",)),
        ("marketplace", ("marketplace",)),
    ],
)
def test_a_room_uses_only_what_its_own_installation_brings(
    room: str, extras: tuple[str, ...]
) -> None:
    """Otherwise `workdiary-verify` would need Qt, or the marketplace the client's libraries."""
    providers = importlib.metadata.packages_distributions()
    allowed = _declared(*extras)
    foreign = set()
    for name, path in modules(room).items():
        for imported in imports_of(path.read_text("utf-8")):
            top = imported.module.partition(".")[0]
            if top in ROOMS or top in sys.stdlib_module_names or not top:
                continue
            dists = {_plain(dist) for dist in providers.get(top, [])}
            # `from a import b` is listed as `a.b` too; only the distribution counts.
            if not dists & allowed:
                foreign.add(f"{name}:{imported.line} {top}")
    assert sorted(foreign) == []


def test_the_diary_is_pure() -> None:
    """Bytes in, values out: only its programs, `diary/command`, touch files."""
    outside = {
        "asyncio", "http", "io", "os", "pathlib", "secrets", "shutil", "socket", "sqlite3", "ssl",
        "subprocess", "tempfile", "threading", "time", "urllib",
    }  # fmt: skip
    impure = [
        f"{name}:{imported.line} {imported.module}"
        for name, path in modules("diary").items()
        if not name.startswith("diary.cli.")
        for imported in imports_of(path.read_text("utf-8"))
        if imported.module.partition(".")[0] in outside
    ]
    assert impure == []
