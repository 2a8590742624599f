"""The command and the process: one instance, its end, and the message if it cannot start."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.desktop_fixtures.waiting import wait_for
from ui.app import options_for
from ui.cli.main import base_dir, main
from ui.client.options import Options

if TYPE_CHECKING:
    from tests.desktop_fixtures.desktop import Desktop

ROOT = Path(__file__).resolve().parents[2]
RUN = [sys.executable, "-m", "ui.cli.main", "run"]
# Nothing listens on this port: the program shows its window and reports that it is offline.
NOWHERE = ["--marketplace", "http://127.0.0.1:9"]


def start(desktop: Desktop, base: Path) -> subprocess.Popen[bytes]:
    argv = [*RUN, "--base-dir", str(base), *NOWHERE]
    return desktop.popen(argv, cwd=str(ROOT), stdout=subprocess.PIPE, log="workdiary")


def line(process: subprocess.Popen[bytes]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().decode().strip()


def test_it_reports_ready_and_shows_window_and_icon(clean_desktop: Desktop, tmp_path: Path) -> None:
    process = start(clean_desktop, tmp_path)
    assert line(process) == "ready"
    clean_desktop.wait_window("Workdiary")
    clean_desktop.tray_icon_geometry()


def test_it_writes_its_log_file_and_leaves_standard_error_alone(
    clean_desktop: Desktop, tmp_path: Path
) -> None:
    process = start(clean_desktop, tmp_path)
    assert line(process) == "ready"
    file = tmp_path / "logs" / "workdiary.log"
    wait_for(lambda: file.exists() and file.read_text().endswith("\n"), what="a line of the log")
    lines = [json.loads(text) for text in file.read_text().splitlines()]
    assert "the client could not be opened" in [one.get("event") for one in lines]
    assert str(tmp_path) not in file.read_text()
    process.terminate()
    assert process.wait(20) == 0
    assert clean_desktop.log("workdiary").strip() == ""


def test_it_starts_in_the_language_of_the_settings(clean_desktop: Desktop, tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text('{"language": "de"}')
    clean_desktop.popen([*RUN, "--base-dir", str(tmp_path)], cwd=str(ROOT), log="german")
    clean_desktop.wait_window("Workdiary einrichten")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_order(
    clean_desktop: Desktop, tmp_path: Path, number: signal.Signals
) -> None:
    process = start(clean_desktop, tmp_path)
    assert line(process) == "ready"
    process.send_signal(number)
    assert process.wait(20) == 0
    wait_for(lambda: not clean_desktop.windows("Workdiary"), what="the window to be gone")
    assert clean_desktop.log("workdiary").strip() == ""


def test_a_second_start_raises_the_window_of_the_first(
    clean_desktop: Desktop, tmp_path: Path
) -> None:
    first = start(clean_desktop, tmp_path)
    assert line(first) == "ready"
    window = clean_desktop.wait_window("Set up Workdiary")
    clean_desktop.focus(window)
    clean_desktop.xdotool("key", "ctrl+w")
    wait_for(lambda: not clean_desktop.windows("Workdiary"), what="the window to be hidden")
    second = start(clean_desktop, tmp_path)
    assert line(second) == "Workdiary is already running with this folder; its window is shown now."
    assert second.wait(20) == 0
    clean_desktop.wait_window("Workdiary")
    assert first.poll() is None


def test_another_folder_is_another_instance(clean_desktop: Desktop, tmp_path: Path) -> None:
    first, second = start(clean_desktop, tmp_path / "a"), start(clean_desktop, tmp_path / "b")
    assert (line(first), line(second)) == ("ready", "ready")


def test_the_folder_of_an_instance_that_died_can_be_used_again(
    clean_desktop: Desktop, tmp_path: Path
) -> None:
    first = start(clean_desktop, tmp_path)
    assert line(first) == "ready"
    first.kill()
    first.wait(20)
    again = start(clean_desktop, tmp_path)
    assert line(again) == "ready"
    third = start(clean_desktop, tmp_path)
    assert line(third).startswith("Workdiary is already running")


def test_it_uses_the_systems_language(clean_desktop: Desktop, tmp_path: Path) -> None:
    argv = [*RUN, "--base-dir", str(tmp_path)]
    language = {"LANG": "de_DE.UTF-8", "LANGUAGE": "de_DE"}
    clean_desktop.popen(argv, cwd=str(ROOT), log="workdiary", env=language)
    # The first start: no marketplace is known.
    clean_desktop.wait_window("Workdiary einrichten")


def test_a_code_goes_to_no_other_marketplace(tmp_path: Path) -> None:
    start_options = Options(tmp_path, "https://a.example", tmp_path / "code")
    assert options_for("https://b.example", None, start_options).enrol_file is None
    again = options_for("https://a.example", None, start_options)
    assert (again.marketplace, again.enrol_file) == ("https://a.example", tmp_path / "code")


def run(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("QT_", "DISPLAY", "WAYLAND"))}
    return subprocess.run(
        [sys.executable, "-m", "ui.cli.main", *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=clean | env,
        check=False,
    )


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can be without a display")
def test_without_a_display_that_is_reported_and_ends_with_its_own_status(tmp_path: Path) -> None:
    done = run("run", "--base-dir", str(tmp_path), *NOWHERE)
    assert done.returncode == 3
    assert "no display found" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "--marketplace", "ftp://x"], "not a web address"),
        (["run", "--marketplace", "nonsense"], "not a web address"),
        (["fly"], "invalid choice"),
    ],
)
def test_wrong_use_is_explained(arguments: list[str], message: str) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert message in done.stderr


def test_the_version_is_the_distributions(capsys: pytest.CaptureFixture[str]) -> None:
    from importlib.metadata import version

    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"workdiary {version('workdiary')}\n"


def test_status_needs_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", "--base-dir", str(tmp_path / "none")]) == 1
    assert "no state folder found" in capsys.readouterr().err


def test_status_of_an_empty_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", "--base-dir", str(tmp_path)]) == 0
    status: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert status == {"base": str(tmp_path), "active": None, "marketplaces": []}


def test_status_counts_invalid_segments(tmp_path: Path) -> None:
    from ui.cli.status import state_folder_status

    market = tmp_path / "market.example"
    chain = market / "segments" / ("c" * 22)
    chain.mkdir(parents=True)
    (market / "marketplace.json").write_text("{}")
    (chain / "0-0.sdjwt").write_bytes(b"not a segment")
    [status] = state_folder_status(tmp_path)["marketplaces"]
    assert status["contracts"][0]["unreadable"] == 1
    assert status["contracts"][0]["head"] is None


def test_the_base_folder_is_the_systems_unless_it_is_given(tmp_path: Path) -> None:
    assert base_dir(tmp_path) == tmp_path
    assert base_dir(None).name == "workdiary"


@pytest.mark.parametrize(
    "module", ["ui.cli.main", "ui.client", "ui.client.interface", "ui.presenters.main_window"]
)
def test_modules_without_qt_do_not_load_it(module: str) -> None:
    code = f"import sys, {module}; sys.exit('PySide6' in ' '.join(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def ground_colour(desktop: Desktop) -> str:
    """The colour of the window near its lower left corner."""
    rect = desktop.wait_window("Workdiary").rect
    picture = desktop.screenshot()
    red, green, blue = picture.getpixel((rect.x + 6, rect.y + rect.height - 6))  # type: ignore[misc]
    return f"#{red:02x}{green:02x}{blue:02x}"


def test_it_is_as_dark_as_the_desktop_and_follows_it(
    clean_desktop: Desktop, tmp_path: Path
) -> None:
    portal = clean_desktop.popen(
        [sys.executable, "-m", "tests.ui.portal", "1"],
        cwd=str(ROOT),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        log="portal",
    )
    assert line(portal) == "up"
    process = start(clean_desktop, tmp_path)
    assert line(process) == "ready"
    wait_for(lambda: ground_colour(clean_desktop) == "#161817", what="the dark window")
    assert portal.stdin is not None
    portal.stdin.write(b"color-scheme 2\n")
    portal.stdin.flush()
    wait_for(lambda: ground_colour(clean_desktop) == "#fafaf8", what="the light window")


def test_a_colour_that_was_chosen_stays(clean_desktop: Desktop, tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text('{"theme": "dark"}')
    process = start(clean_desktop, tmp_path)
    assert line(process) == "ready"
    wait_for(lambda: ground_colour(clean_desktop) == "#161817", what="the dark window")


def test_qt_reads_no_source_of_what_is_imported_after_it() -> None:
    """Python would keep it: a dozen megabytes once the program has started."""
    program = (
        "import linecache\n"
        "from ui.app import _load_qt\n"
        "_load_qt()\n"
        "before = set(linecache.cache)\n"
        "import email.message, ui.windows.main_window\n"
        "print(sorted(set(linecache.cache) - before))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


def test_the_icon_waits_for_no_network_library_and_no_presenter_of_another_window() -> None:
    """They are imported on the startup's thread, or when their window is opened."""
    late = ["cryptography", "http.client", "requests", "ui.presenters.own_diary.day"]
    program = f"import sys, ui.app, ui.controller; print([m for m in {late} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


def test_requests_is_imported_without_the_libraries_that_guess_an_encoding() -> None:
    program = (
        "import sys\n"
        "from ui.app import _load_requests\n"
        "_load_requests()\n"
        "from uploader.api import transport\n"
        "print(sorted(m for m in sys.modules if m.startswith(('chardet', 'charset_normalizer'))))\n"
        "import charset_normalizer\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")
