"""Run a command on a throw-away desktop.

    python -m tests.desktop_fixtures.desktop [options] -- command...

The exit status is the command's. Ctrl-C and SIGTERM go to the command; the desktop ends after it.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.desktop_fixtures.desktop import Desktop
from tests.desktop_fixtures.processes import DesktopError
from tests.desktop_fixtures.x11 import XClient

MODULE = "tests.desktop_fixtures.desktop"


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"python -m {MODULE}", description=__doc__)
    parser.add_argument("--geometry", default="1920x1080", help="WxH[,WxH...], left to right")
    parser.add_argument("--tray", choices=["trayer", "lxqt-panel", "none"], default="trayer")
    parser.add_argument("--keyring", choices=["unlocked", "locked", "none"], default="unlocked")
    parser.add_argument(
        "--host-display",
        action="store_true",
        help="nest a Xephyr: input sent to $HOST_DISPLAY comes as from hardware",
    )
    parser.add_argument("--accessibility", action="store_true", help="start AT-SPI")
    parser.add_argument("--home", type=Path, help="a home folder to keep from run to run")
    parser.add_argument(
        "--shoot",
        nargs=2,
        metavar=("DISPLAY", "FILE"),
        help="no desktop: write a picture of the given one to a file",
    )
    parser.add_argument("command", nargs=argparse.REMAINDER)
    return parser


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def _run(desktop: Desktop, command: list[str]) -> int:
    """Run the command and pass termination signals on."""
    started: list[subprocess.Popen[bytes]] = []
    early: list[int] = []

    def pass_on(number: int, _: object) -> None:
        # The terminal sends Ctrl-C to the whole foreground group, including the command.
        from_terminal = sys.stdin.isatty() and os.tcgetpgrp(0) == os.getpgrp()
        if number == signal.SIGINT and from_terminal:
            return
        early.append(number) if not started else started[0].send_signal(number)

    # Before the command, which may end at once.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, pass_on)
    child = subprocess.Popen(["setpriv", "--pdeathsig", "TERM", "--", *command], env=desktop.env)
    started.append(child)
    for missed in early:
        child.send_signal(missed)
    code = child.wait()
    return code if code >= 0 else 128 - code


def main(argv: list[str]) -> int:
    """Entry point; returns the exit status."""
    parser = _arguments()
    options = parser.parse_args(argv)
    if options.shoot:
        display, file = options.shoot
        with XClient(display) as client:
            client.grab().save(file)
        return 0
    command = options.command[1:] if options.command[:1] == ["--"] else options.command
    if not command:
        parser.error("a command is needed")
    try:
        with Desktop(
            options.geometry,
            tray=options.tray,
            keyring=options.keyring,
            nested=options.host_display,
            accessibility=options.accessibility,
            home=options.home and options.home.resolve(),
        ) as desktop:
            _say(f"desktop: {desktop.display} ({options.geometry}), logs in {desktop.dir}/logs")
            _say(f"see it: {sys.executable} -m {MODULE} --shoot {desktop.display} FILE.png")
            return _run(desktop, command)
    except DesktopError as error:
        _say(f"desktop: {error}")
        return 70
