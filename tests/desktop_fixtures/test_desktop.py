"""The guarantees of the test desktop."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tests.desktop_fixtures.target import Target, random_code
from tests.desktop_fixtures.waiting import wait_for
from tests.desktop_fixtures.watchdog import below

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.desktop_fixtures.desktop import Desktop
    from tests.desktop_fixtures.tray import TrayKind

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="the test desktop is an X11 session, which only Linux has"
)

ROOT = Path(__file__).resolve().parents[2]
COMMAND = (sys.executable, "-m", "tests.desktop_fixtures.desktop")

TRAY_PROGRAM = """
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QApplication, QLabel, QSystemTrayIcon
app = QApplication([])
pixmap = QPixmap(32, 32)
pixmap.fill(QColor("red"))
icon = QSystemTrayIcon(QIcon(pixmap))
icon.activated.connect(lambda reason: print("activated by", reason.name, flush=True))
icon.show()
window = QLabel("an ordinary window")
window.show()
app.exec()
"""

OWNER_PROGRAM = """
import json, sys
from tests.desktop_fixtures.desktop import Desktop
from tests.desktop_fixtures.waiting import wait_for
desktop = Desktop("640x480", keyring="none")
script = "sleep 1000 & echo $! > $HOME/grandchild; wait"
child = desktop.popen(["sh", "-c", script])
wait_for((desktop.home / "grandchild").exists)
grandchild = int(wait_for((desktop.home / "grandchild").read_text))
pids = [desktop._processes._minder.pid, child.pid, grandchild]
print(json.dumps([*pids, str(desktop.dir)]), flush=True)
sys.stdin.read()
"""


def running(pid: int) -> bool:
    """Whether a process runs and is not a zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_waiting_names_what_did_not_come() -> None:
    with pytest.raises(TimeoutError, match=r"waited 0 s for the moon; last seen: 0"):
        wait_for(lambda: 0, timeout=0, what="the moon")


def test_every_part_is_ready(clean_desktop: Desktop) -> None:
    assert clean_desktop.x.manager_is_ready()
    assert clean_desktop.x.tray_is_ready()
    assert clean_desktop.bus.owned("org.freedesktop.Notifications")
    assert clean_desktop.bus.keyring_is_open()
    assert clean_desktop.run(["secret-tool", "search", "no", "such"]) == ""


def test_a_window_shows_its_text_and_counts_its_input(clean_desktop: Desktop) -> None:
    target = Target(clean_desktop, random_code())

    target.type("hello 123")
    target.click(5)
    target.click(3, button=5)

    counts = target.wait(keys=9, clicks=5, scrolls=3)
    assert (counts["keys"], counts["clicks"], counts["scrolls"], counts["held"]) == (9, 5, 3, 0)
    picture = clean_desktop.screenshot(area=target.window.rect)
    assert picture.getpixel((2, 2)) == (0xFA, 0xFA, 0xF8)
    assert (0x1D, 0x1F, 0x1E) in {colour for _, colour in picture.getcolors(1 << 16) or ()}


def test_reset_closes_windows_and_lets_go_of_keys(clean_desktop: Desktop) -> None:
    target = Target(clean_desktop, "reset")
    clean_desktop.xdotool("keydown", "a", "mousedown", "1")
    target.wait(held=1)

    clean_desktop.reset()

    assert clean_desktop.windows() == ()
    assert not any(clean_desktop.x.connection.query_keymap())
    assert clean_desktop.x.root.query_pointer().mask == 0


@pytest.mark.parametrize("tray", ["trayer", "lxqt-panel"])
def test_the_icon_is_found_in_the_tray_and_can_be_clicked(tray: TrayKind) -> None:
    from tests.desktop_fixtures.desktop import Desktop

    with Desktop(tray=tray, keyring="none") as desktop:
        desktop.popen([sys.executable, "-c", TRAY_PROGRAM], log="program")
        desktop.wait_window("")

        icon = desktop.click_tray_icon()

        wait_for(lambda: "activated by Trigger" in desktop.log("program"))
        red = desktop.screenshot(area=icon).getcolors(1 << 16) or ()
        assert max(red)[1] == (255, 0, 0)


def test_a_tray_may_appear_later_and_disappear_again() -> None:
    from tests.desktop_fixtures.desktop import Desktop

    with Desktop(tray="none", notifications=False, keyring="none") as desktop:
        assert not desktop.x.tray_is_ready()
        desktop.start_tray("trayer")
        assert desktop.x.tray_is_ready()
        desktop.stop_tray()
        wait_for(lambda: not desktop.x.tray_is_ready(), what="the tray to be gone")


def test_a_nested_desktop_has_input_as_from_hardware() -> None:
    from tests.desktop_fixtures.desktop import Desktop

    with Desktop("1024x768", nested=True, notifications=False, keyring="none") as desktop:
        target = Target(desktop, "hardware", size="600x300")
        x, y = target.window.rect.centre

        desktop.hardware_xdotool("mousemove", str(x), str(y), "click", "1", "type", "abc")

        counts = target.wait(keys=3, clicks=1)
        assert (counts["keys"], counts["clicks"]) == (3, 1)


def test_two_monitors_lie_side_by_side(bare_x: Callable[..., Desktop]) -> None:
    desktop = bare_x("800x600,640x480")
    assert desktop.screenshot().size == (1440, 600)
    listing = desktop.run(["xrandr", "--listmonitors"])
    assert "800/211x600/158+0+0" in listing
    assert "640/169x480/127+800+0" in listing


def test_two_desktops_do_not_see_each_other(bare_x: Callable[..., Desktop]) -> None:
    one, two = bare_x(window_manager=True), bare_x(window_manager=True)
    assert one.display != two.display
    Target(one, "one", size="300x200")
    assert [w.name for w in one.windows()] == ["Target"]
    assert two.windows() == ()


def test_closing_leaves_nothing(bare_x: Callable[..., Desktop]) -> None:
    desktop = bare_x()
    watchdog = desktop._processes._minder.pid
    services = below(watchdog)
    assert services
    desktop.close()
    assert not any(running(pid) for pid in [watchdog, *services])
    assert not desktop.dir.exists()


def test_nothing_is_left_when_the_owner_is_killed() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", OWNER_PROGRAM],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as owner:
        assert owner.stdout is not None
        watchdog, *children, folder = json.loads(owner.stdout.readline())
        started = [*below(watchdog), *children]
        assert len(started) >= 6
        owner.kill()
    wait_for(lambda: not running(watchdog), what="the watchdog to end")
    wait_for(lambda: not any(running(pid) for pid in started), what="all processes to end")
    assert not Path(folder).exists()


def test_a_command_runs_on_a_desktop_and_hands_back_its_status(tmp_path: Path) -> None:
    script = 'test -n "$DISPLAY" && test "$HOME" = "$1" && touch "$HOME/kept" && exit 7'
    home = tmp_path / "home"
    done = subprocess.run(
        [*COMMAND, "--geometry", "640x480", "--home", str(home),
         "--", "sh", "-c", script, "sh", str(home)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 7, done.stderr
    assert (home / "kept").exists()
    assert "see it: " in done.stderr


def test_a_request_to_end_reaches_the_command() -> None:
    script = "trap 'echo ended; exit 3' TERM; echo up; while :; do sleep 0.1; done"
    with subprocess.Popen(
        [*COMMAND, "--geometry", "640x480", "--tray", "none",
         "--keyring", "none", "--", "sh", "-c", script],
        cwd=ROOT, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True,
    ) as command:  # fmt: skip
        assert command.stdout is not None
        assert command.stdout.readline() == "up\n"
        os.kill(command.pid, signal.SIGTERM)
        assert command.stdout.readline() == "ended\n"
        assert command.wait() == 3


def test_a_home_that_is_kept_keeps_its_keyring(tmp_path: Path) -> None:
    from tests.desktop_fixtures.desktop import Desktop

    secret = random_code()
    found = ""
    for command in (["secret-tool", "store", "--label=test", "a", "b"],
                    ["secret-tool", "lookup", "a", "b"]):  # fmt: skip
        with Desktop(
            "640x480",
            tray="none",
            window_manager=False,
            notifications=False,
            home=tmp_path / "home",
        ) as desktop:
            found = subprocess.run(
                command, env=desktop.env, input=secret, capture_output=True, text=True, check=True
            ).stdout
    assert found == secret


def test_a_desktop_can_be_looked_at_from_outside(
    bare_x: Callable[..., Desktop], tmp_path: Path
) -> None:
    desktop = bare_x(window_manager=True)
    Target(desktop, "look", size="300x200")
    file = tmp_path / "seen.png"
    subprocess.run(
        [*COMMAND, "--shoot", desktop.display, str(file)],
        cwd=ROOT, check=True,
    )  # fmt: skip
    with Image.open(file) as seen:
        assert seen.convert("RGB").tobytes() == desktop.screenshot().tobytes()
