"""`make run` and `make demo`: the whole product on this machine, from one command.

Starts a marketplace with its data under `.run/`, creates a freelancer, a client and a contract if
there are none, starts the tray client against it, and prints the addresses. Without a display it
starts a throw-away desktop. Ctrl-C ends everything in order; a second start continues with the same
data.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.dev.processes import ClientProcess, MarketplaceProcess, ProcessError
from system.private_files import close_umask

if TYPE_CHECKING:
    from tests.desktop_fixtures.desktop import Desktop

ROOT = Path(__file__).resolve().parents[2]
DEMO_SPEED = 60
#: The position of the client's window in the demo, beside the sample windows.
_BESIDE = (1530, 60)


def main() -> int:
    """Run until Ctrl-C, SIGTERM or Quit in the client."""
    parser = argparse.ArgumentParser(description="Start Workdiary on this machine.")
    parser.add_argument("--demo", action="store_true", help="accelerated, with a scripted user")
    parser.add_argument("--speed", type=int, default=DEMO_SPEED, help="the demo's speed, 1 to 600")
    parser.add_argument("--folder", type=Path, default=ROOT / ".run", help="folder of the state")
    options = parser.parse_args()
    close_umask()
    folder: Path = options.folder / ("demo" if options.demo else "real")
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    try:
        with _desktop(folder) as desktop:
            _run_client(folder, options.speed if options.demo else None, desktop, stopped)
    except ProcessError as error:
        print(f"workdiary: {error}", file=sys.stderr)
        return 1
    return 0


def _run_client(
    folder: Path, speed: int | None, desktop: Desktop | None, stopped: threading.Event
) -> None:
    env = {**os.environ, "PYTHONUNBUFFERED": "1"}
    marketplace = MarketplaceProcess(folder / "marketplace", env, speed=speed)
    try:
        links = marketplace.links()
        on_desk = {**env, **(desktop.env if desktop else {}), "PYTHONUNBUFFERED": "1"}
        client = ClientProcess(
            folder / "client", on_desk, links.marketplace, links.enrol_code, explains=True
        )
        try:
            client.wait_line("ready")
            _print_addresses(links.marketplace, links.client, links.freelancer, desktop, folder)
            if desktop and speed:
                _work(desktop, client, marketplace, stopped)
            else:
                _wait(client, marketplace, stopped)
        finally:
            _end(client)
    finally:
        _end(marketplace)
    print("ended; everything is kept in", _short(folder))


def _print_addresses(
    marketplace: str, client: str, freelancer: str, desktop: Desktop | None, folder: Path
) -> None:
    print(f"marketplace: {marketplace}")
    print(f"client page: {client}")
    print(f"freelancer page: {freelancer}")
    print("each page's link signs in once; the next start prints new ones")
    if desktop is None:
        print("tray: on your desktop; the window is open too")
    else:
        display = desktop.display
        print(f"tray: bottom right of the throw-away desktop {display} (there is no display here)")
        print(f"to look at it: .venv/bin/python -m scripts.dev.screenshot {display} picture.png")
        print(f"to work in it: x11vnc -display {display} -localhost (package x11vnc)")
    print(f"state: {_short(folder)}")
    print("Ctrl-C ends it; nothing is lost", flush=True)


def _wait(client: ClientProcess, marketplace: MarketplaceProcess, stopped: threading.Event) -> None:
    while not stopped.wait(0.5):
        if not client.running:
            return  # the person chose Quit
        if not marketplace.running:
            raise ProcessError(f"the marketplace has ended; its log is {marketplace.log}")


def _work(
    desktop: Desktop,
    client: ClientProcess,
    marketplace: MarketplaceProcess,
    stopped: threading.Event,
) -> None:
    """Let a scripted user start recording and work."""
    from scripts.dev.gui_driver import GuiDriver
    from scripts.dev.sample_windows import EDITOR
    from scripts.dev.scripted_user import ScriptedUser

    desktop.popen([sys.executable, "-m", "scripts.dev.sample_windows"])
    desktop.wait_window(EDITOR)
    gui = GuiDriver(desktop)
    gui.move_window(*_BESIDE)
    gui.start_recording("Checkout: address form validation")
    print("a scripted person is at work now; look at the client page", flush=True)
    over = threading.Event()

    def watch() -> None:
        with contextlib.suppress(ProcessError):
            _wait(client, marketplace, stopped)
        over.set()

    watcher = threading.Thread(target=watch, name="watch", daemon=True)
    watcher.start()
    ScriptedUser(desktop, over).work()
    watcher.join()


def _end(process: ClientProcess | MarketplaceProcess) -> None:
    try:
        process.stop()
    except ProcessError as error:
        print(f"workdiary: {error}", file=sys.stderr)


@contextlib.contextmanager
def _desktop(folder: Path) -> Iterator[Desktop | None]:
    """The user's own desktop (None), or a throw-away one with a persistent home and keyring."""
    if not sys.platform.startswith("linux") or (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        yield None
        return
    from tests.desktop_fixtures.desktop import Desktop

    home = folder / "home"
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with Desktop(home=home) as desktop:
        yield desktop


def _short(path: Path) -> str:
    with contextlib.suppress(ValueError):
        return str(path.relative_to(Path.cwd()))
    return str(path)


if __name__ == "__main__":
    sys.exit(main())
