"""Every failure of Qt to open the desktop becomes one sentence and exit status 3."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scripts.dev import system_packages
from scripts.dev.system_packages import parse
from ui.qt.platform_check import EXIT_NO_DISPLAY, LIBRARIES, missing_packages, sentence, trial

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.desktop_fixtures.desktop import Desktop

ROOT = Path(__file__).resolve().parents[3]
RUN = ("run", "--marketplace", "http://127.0.0.1:9")
NO_DISPLAY = {"DISPLAY": ":987"}
unshare = pytest.mark.skipif(
    os.getuid() != 0 or shutil.which("unshare") is None,
    reason="needs root and the unshare command, to hide a library",
)


def workdiary(
    arguments: tuple[str, ...], home: Path, env: Mapping[str, str], hidden: tuple[str, ...] = ()
) -> subprocess.CompletedProcess[str]:
    """The command, with system libraries hidden from it."""
    inherited = {n: v for n, v in os.environ.items() if n in {"PATH", "LANG"}}
    base = ("--base-dir", str(home / "base"))
    argv = [sys.executable, "-m", "ui.cli.main", *arguments, *base]
    if hidden:
        hide = "; ".join(f'mount --bind /dev/null "$(readlink -f {name})"' for name in hidden)
        argv = ["unshare", "--mount", "sh", "-c", f'{hide}; exec "$@"', "sh", *argv]
    return subprocess.run(
        argv,
        env={**inherited, "HOME": str(home), **env},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def library(name: str) -> str:
    found = next(Path("/usr/lib").glob(f"*-linux-gnu/{name}"), None)
    if found is None:
        pytest.skip(f"this system has no {name} in /usr/lib/*-linux-gnu")
    return str(found)


def assert_told(done: subprocess.CompletedProcess[str], *arguments: str) -> None:
    assert done.returncode == EXIT_NO_DISPLAY, done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    assert done.stderr.startswith("workdiary: The desktop cannot be opened")
    assert "Traceback" not in done.stderr
    for word in arguments:
        assert word in done.stderr


@pytest.mark.parametrize(
    ("env", "word"),
    [
        (NO_DISPLAY, "display :987"),
        ({"QT_QPA_PLATFORM": "nonsense"}, '"nonsense"'),
        ({"WAYLAND_DISPLAY": "nowhere", "XDG_RUNTIME_DIR": "/nonexistent"}, ""),
        ({"DISPLAY": "not a display"}, ""),
    ],
)
def test_a_desktop_that_qt_cannot_open(tmp_path: Path, env: dict[str, str], word: str) -> None:
    assert_told(workdiary(RUN, tmp_path, env), word)


@unshare
@pytest.mark.parametrize(
    ("name", "package"),
    [
        ("libxcb-cursor.so.0", "libxcb-cursor0"),
        ("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
        ("libEGL.so.1", "libegl1"),
    ],
)
def test_a_library_that_is_missing_is_named_by_its_package(
    tmp_path: Path, clean_desktop: Desktop, name: str, package: str
) -> None:
    env = {"DISPLAY": clean_desktop.env["DISPLAY"]}
    hidden = (library(name),)
    assert_told(workdiary(RUN, tmp_path, env, hidden), package)
    done = workdiary(("doctor", "--json"), tmp_path, env, hidden)
    [session] = [one for one in json.loads(done.stdout)["checks"] if one["check"] == "session"]
    assert (session["state"], session["code"]) == ("attention", "cannot_open")
    assert package in session["words"]


def test_doctor_has_the_same_sentence(tmp_path: Path) -> None:
    message = workdiary(RUN, tmp_path, NO_DISPLAY).stderr.removeprefix("workdiary: ").strip()
    done = workdiary(("doctor", "--json"), tmp_path, NO_DISPLAY)
    [session] = [one for one in json.loads(done.stdout)["checks"] if one["check"] == "session"]
    assert session["words"] == message
    assert done.returncode == 1


def test_a_desktop_that_opens_has_no_problem() -> None:
    assert trial({**os.environ, "QT_QPA_PLATFORM": "offscreen"}) == ""


def test_a_trial_that_hangs_or_dies_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    kill = "import os, signal; os.kill(os.getpid(), signal.SIGABRT)"
    for script, word in ((kill, "status -6"), ("1/0", "ZeroDivisionError: ")):
        argv = [sys.executable, "-c", script]
        monkeypatch.setattr("ui.qt.platform_check.command", lambda argv=argv: argv)
        message = trial(dict(os.environ))
        assert word in message
        assert "\n" not in message
    monkeypatch.setattr("ui.qt.platform_check.command", lambda: ["sleep", "60"])
    assert "did not answer" in trial(dict(os.environ), seconds=0.2)
    monkeypatch.setattr("ui.qt.platform_check.command", lambda: ["/nonexistent/python"])
    # In the language of the C library.
    assert os.strerror(errno.ENOENT) in trial(dict(os.environ))


def test_the_packages_are_those_that_the_setup_installs() -> None:
    rows = parse(system_packages.TABLE.read_text("utf-8"))
    needed = {
        row.probe: row.name for row in rows if row.section == "run" and row.probe.startswith("lib")
    }
    assert needed == LIBRARIES


def test_the_packages_are_in_the_notes_on_platforms() -> None:
    notes = (ROOT / "docs" / "platforms.md").read_text("utf-8")
    assert [name for name in LIBRARIES.values() if name not in notes] == []


def test_qts_own_messages_are_one_harmless_line() -> None:
    assert missing_packages([]) == []
    assert "\n" not in sentence("a\nb\x1b[2J\u202e" + "x" * 5_000)
    assert "\x1b" not in sentence("a\x1b")
    assert len(sentence("x" * 5_000)) < 400
