"""The `workdiary` command. No Qt before it is needed.

    workdiary run [--base-dir DIR] --marketplace URL [--enrol-file FILE] [--debug]
    workdiary status [--base-dir DIR]
    workdiary --version

Exit status: 0 done, 1 failed (with a sentence), 2 wrong use, 3 no display.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Sequence

FAILED = 1


def main(argv: Sequence[str] | None = None) -> int:
    """Run a subcommand; returns the exit status."""
    options = _parser().parse_args(argv)
    if options.version:
        from importlib.metadata import version

        print(f"workdiary {version('workdiary')}")
        return 0
    if options.command == "run":
        return _run(options)
    if options.command == "status":
        return _status(options)
    _parser().print_help(sys.stderr)
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="workdiary", description="A work diary in the system tray."
    )
    parser.add_argument("--version", action="store_true", help="print the version and end")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    run = commands.add_parser("run", help="start the tray program")
    run.add_argument(
        "--marketplace", type=_url, required=True, metavar="URL", help="the marketplace's address"
    )
    run.add_argument(
        "--enrol-file",
        type=Path,
        metavar="FILE",
        help="a file with a one-time code, to join the marketplace the first time; it is deleted",
    )
    run.add_argument("--debug", action="store_true", help="write more to the log (stderr)")
    status = commands.add_parser("status", help="print what the state folder holds, as JSON")
    for command in (run, status):
        command.add_argument("--base-dir", type=Path, metavar="DIR", help="where the state is kept")
    return parser


def _url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise argparse.ArgumentTypeError(f"not a web address: {text}")
    return text.rstrip("/")


def base_dir(chosen: Path | None) -> Path:
    """The folder of the state: the one chosen, else the system's place for it."""
    if chosen is not None:
        return chosen.absolute()
    from platformdirs import user_state_path

    return user_state_path("workdiary", appauthor=False)


def _run(options: argparse.Namespace) -> int:
    logging.basicConfig(
        level=logging.DEBUG if options.debug else logging.WARNING,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    # The libraries' own chatter may hold addresses; ours never does.
    for name in ("urllib3", "keyring", "PIL"):
        logging.getLogger(name).setLevel(logging.WARNING)
    from ui.app import run
    from ui.options import Options

    return run(Options(base_dir(options.base_dir), options.marketplace, options.enrol_file))


def _status(options: argparse.Namespace) -> int:
    from ui.standing import standing

    base = base_dir(options.base_dir)
    if not base.is_dir():
        print(f"workdiary: there is no state folder at {base}", file=sys.stderr)
        return FAILED
    print(json.dumps(standing(base), indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
