"""The `workdiary` command. No Qt before it is needed.

    workdiary [run] [--base-dir DIR] [--marketplace URL] [--enrol-file FILE] [--debug]
    workdiary quit [--base-dir DIR] [--timeout SECONDS]
    workdiary status [--base-dir DIR]
    workdiary join [--base-dir DIR] --marketplace URL --enrol-file FILE
    workdiary sign-out [--base-dir DIR] --marketplace URL
    workdiary rotate-key [--base-dir DIR] --marketplace URL --enrol-file FILE
    workdiary doctor [--base-dir DIR] [--json]
    workdiary policy [--base-dir DIR] [--json]
    workdiary export [--base-dir DIR] [--marketplace NAME] --contract ID --week YYYY-Www -o FILE
    workdiary update (--check | --apply) [--base-dir DIR]
    workdiary --version
    workdiary --selftest [--report FILE]

Exit status: 0 success, 1 failure (with a sentence; for doctor: something needs attention; for
policy: it has errors), 2 wrong usage, 3 no display, 10 an update is available.
"""

from __future__ import annotations

import argparse
import importlib
import json
import logging
import os
import re
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from diary.cli.output import CommandParser, print_error, print_report, refuse
from diary.core.display import for_terminal
from system.i18n import language, mark, use_language
from system.private_files import close_umask
from ui.i18n import error_text, problem_text, tr, translate, trn

if TYPE_CHECKING:
    from collections.abc import Sequence

FAILED = 1
#: The client's helper programs, by the option with which a packaged program starts itself as one.
HELPERS = {
    "--count-input": "tracker.input.backends.helper_process",
    "--ask-keyring": "uploader.account.keyring_helper",
    "--take-picture": "tracker.capture.helper_process",
    "--find-proxy": "uploader.api.network.pac_helper",
    "--try-desktop": "ui.qt.platform_check",
    "--update": "ui.client.updates.helper",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run a subcommand; returns the exit status."""
    close_umask()
    args = list(sys.argv[1:] if argv is None else argv)
    if len(args) == 1 and args[0] in HELPERS:
        status: int = importlib.import_module(HELPERS[args[0]]).main()
        return status
    options = _parser().parse_args(args or ["run"])
    if options.version:
        from importlib.metadata import version

        print_report(f"workdiary {version('workdiary')}")
        return 0
    if options.selftest:
        from ui.cli import selftest

        return selftest.main(options.report)
    if options.command == "run":
        return _run(options)
    if options.command == "quit":
        return _quit(options)
    if options.command == "status":
        return _status(options)
    if options.command == "doctor":
        return _doctor(options)
    if options.command == "policy":
        return _policy(options)
    if options.command in {"join", "sign-out", "rotate-key"}:
        return _keys(options)
    if options.command == "export":
        return _export(options)
    if options.command == "update":
        from ui.cli.updates import update

        return update(base_dir(options.base_dir), apply=options.apply)
    print_error(_parser().format_help())
    return 2


def _parser() -> CommandParser:
    parser = CommandParser(prog="workdiary", description=tr("A work diary in the system tray."))
    parser.add_argument("--version", action="store_true", help=tr("print the version and exit"))
    parser.add_argument(
        "--selftest", action="store_true", help=tr("check that the installation is complete")
    )
    parser.add_argument(
        "--report", type=Path, metavar="FILE", help=tr("write the self-test's report to a file")
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    run = commands.add_parser("run", help=tr("start the program in the system tray"))
    run.add_argument(
        "--enrol-file",
        type=Path,
        metavar="FILE",
        help=tr(
            "a file with a one-time code for joining the marketplace; it is deleted afterwards"
        ),
    )
    run.add_argument("--debug", action="store_true", help=tr("log more details (stderr)"))
    run.add_argument("--resume", action="store_true", help=argparse.SUPPRESS)
    end = commands.add_parser(
        "quit", help=tr("end the running program after it has saved its recording")
    )
    end.add_argument(
        "--timeout",
        type=_seconds,
        default=60.0,
        metavar="SECONDS",
        help=tr("how many seconds to wait until it has ended"),
    )
    status = commands.add_parser(
        "status", help=tr("print the contents of the state folder as JSON")
    )
    doctor = commands.add_parser("doctor", help=tr("show what works on this computer and how"))
    policy = commands.add_parser(
        "policy", help=tr("show each setting with its source, and the errors of the policy")
    )
    for command in (doctor, policy):
        command.add_argument("--json", action="store_true", help=tr("print JSON"))
    export = commands.add_parser("export", help=tr("write the record of a week to a file"))
    export.add_argument(
        "--marketplace",
        metavar="NAME",
        help=tr("the marketplace's name, needed if there are several"),
    )
    export.add_argument(
        "--contract", type=_contract, required=True, metavar="ID", help=tr("the contract's id")
    )
    export.add_argument(
        "--week", type=_week, required=True, metavar="YYYY-Www", help=tr("the week (UTC)")
    )
    export.add_argument(
        "-o", "--output", type=Path, required=True, metavar="FILE", help=tr("the file to write")
    )
    export.add_argument(
        "--offline", action="store_true", help=tr("do not fetch the marketplace's public log")
    )
    leave = commands.add_parser(
        "sign-out", help=tr("seal and upload pending work, then destroy this computer's keys")
    )
    join = commands.add_parser("join", help=tr("join a marketplace without a window"))
    rotate = commands.add_parser("rotate-key", help=tr("give this computer a new key"))
    for command in (join, rotate):
        command.add_argument(
            "--enrol-file",
            type=Path,
            metavar="FILE",
            required=True,
            help=tr("a file with a one-time code; it is deleted afterwards"),
        )
    update = commands.add_parser(
        "update", help=tr("update the program, if this installation updates itself")
    )
    step = update.add_mutually_exclusive_group(required=True)
    step.add_argument("--check", action="store_true", help=tr("only look for a newer version"))
    step.add_argument(
        "--apply", action="store_true", help=tr("prepare a newer version for the next start")
    )
    for command in (run, join, leave, rotate):
        command.add_argument(
            "--marketplace",
            type=_url,
            # A start without it uses the remembered one, or asks in the window.
            required=command is not run,
            metavar="URL",
            help=tr("the marketplace's address"),
        )
    for command in (run, end, status, doctor, policy, export, join, leave, rotate, update):
        command.add_argument("--base-dir", type=Path, metavar="DIR", help=tr("the state folder"))
    return parser


def _url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise argparse.ArgumentTypeError(tr("not a web address: {text}").format(text=text))
    return text.rstrip("/")


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= 3600:
        raise argparse.ArgumentTypeError(tr("not a number of seconds from 0 to 3600"))
    return seconds


def _contract(text: str) -> str:
    if not re.fullmatch("[A-Za-z0-9_-]{22}", text):
        raise argparse.ArgumentTypeError(tr("a contract's id has 22 letters, digits, _ or -"))
    return text


def _week(text: str) -> int:
    """Monday 00:00 UTC of an ISO week, Unix s."""
    match = re.fullmatch("([0-9]{4})-W([0-9]{2})", text)
    try:
        if match is None:
            raise ValueError(text)
        monday = date.fromisocalendar(int(match[1]), int(match[2]), 1)
    except ValueError as error:
        raise argparse.ArgumentTypeError(tr("a week is written like 2026-W48")) from error
    return int(datetime.combine(monday, datetime.min.time(), UTC).timestamp())


def base_dir(chosen: Path | None) -> Path:
    """The state folder: the chosen one, else the system's standard place."""
    if chosen is not None:
        return chosen.absolute()
    from platformdirs import user_state_path

    return user_state_path("workdiary", appauthor=False)


class _Lines(logging.Formatter):
    """One line for each message, whatever it contains; a traceback keeps its lines."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = for_terminal(record.message)
        return super().formatMessage(record)

    def formatException(self, ei: Any) -> str:
        return for_terminal(super().formatException(ei), lines=True)


def _policy_refuses(address: str) -> bool:
    """Whether the policy of this computer sets another marketplace; if so, prints the reason."""
    from ui.settings.address import address_of
    from ui.settings.policy.sources import load_policy, policy_sources
    from ui.settings.settings import TABLE, Settings

    policy = load_policy(policy_sources(TABLE), TABLE)
    only = Settings(policy=policy).policy_address
    if not address or not only or address_of(address) == only:
        return False
    text = (
        tr("{name} has set the marketplace of this computer: {address}.")
        if policy.organisation
        else tr("The administrator of this computer has set its marketplace: {address}.")
    )
    refuse("workdiary", text.format(name=policy.organisation, address=only))
    return True


def _run(options: argparse.Namespace) -> int:
    handler = logging.StreamHandler()
    handler.setFormatter(_Lines("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(
        level=logging.DEBUG if options.debug else logging.WARNING, handlers=[handler]
    )
    # Messages of libraries may contain addresses.
    for name in ("urllib3", "keyring", "PIL"):
        logging.getLogger(name).setLevel(logging.WARNING)
    if _policy_refuses(options.marketplace or ""):
        return FAILED
    base = base_dir(options.base_dir)
    if getattr(sys, "frozen", False):
        ended = _start_prepared(base)
        if ended is not None:
            return ended
    from tracker.platform.heap import use_single_arena
    from ui.app import RESTART, run
    from ui.client.options import Options

    use_single_arena()
    chosen = Options(base, options.marketplace or "", options.enrol_file)
    status = run(chosen, resume=options.resume)
    if status != RESTART:
        return status
    arguments = ["run", "--base-dir", str(base)]
    if options.marketplace:
        arguments += ["--marketplace", options.marketplace]
    from ui.cli.updates import prepared_program, start_program

    ended = start_program(prepared_program(base) or Path(sys.executable), arguments)
    return FAILED if ended is None else ended


def _start_prepared(base: Path) -> int | None:
    """Run the prepared version, if there is one, in place of this program. Returns its exit status
    on Windows; None to continue.
    """
    from ui.cli.updates import prepared_program, start_program

    prepared = prepared_program(base)
    return None if prepared is None else start_program(prepared, sys.argv[1:])


def _quit(options: argparse.Namespace) -> int:
    from ui.single_instance import end_running_instance

    base = base_dir(options.base_dir)
    if base.is_dir() and not end_running_instance(base, os.environ, options.timeout):
        refuse("workdiary", tr("The running program did not end in time."))
        return FAILED
    return 0


_DONE = {
    "join": mark("This computer has joined the marketplace."),
    "sign-out": mark("Signed out. Work that could not be uploaded is kept until the next sign-in."),
    "rotate-key": mark("This computer has a new key. The old key has confirmed it."),
}


def _keys(options: argparse.Namespace) -> int:
    """Join, sign out, or renew the key. The program must not be running: it holds the lock."""
    from ui.client import join_marketplace, rotate_key, sign_out
    from ui.client.options import Options
    from uploader.errors import Problem, UploaderError

    # Signing out of another marketplace stays possible: it only uploads and removes.
    if options.command != "sign-out" and _policy_refuses(options.marketplace):
        return FAILED
    code_file = getattr(options, "enrol_file", None)
    chosen = Options(base_dir(options.base_dir), options.marketplace, code_file)
    try:
        if options.command == "join":
            if not join_marketplace(chosen):
                print_report(tr("This computer has already joined the marketplace."))
                return 0
        elif options.command == "rotate-key":
            rotate_key(chosen)
        elif (code := sign_out(chosen)) != Problem.SIGNED_OUT.value:
            print_error(f"workdiary: {problem_text(Problem(code))}")
            return FAILED
    except UploaderError as error:
        refuse("workdiary", error_text(error))
        return FAILED
    print_report(tr(_DONE[options.command]))
    return 0


def _status(options: argparse.Namespace) -> int:
    from ui.cli.status import state_folder_status

    base = base_dir(options.base_dir)
    if not base.is_dir():
        refuse("workdiary", tr("no state folder found at {folder}").format(folder=base))
        return FAILED
    print_report(json.dumps(state_folder_status(base), indent=2))
    return 0


def _doctor(options: argparse.Namespace) -> int:
    from ui.diagnostics import examine
    from ui.presenters.diagnostics import as_json, diagnostics_view, table

    # The sentences of the JSON output are English.
    with use_language("en" if options.json else language()):
        findings = examine(base_dir(options.base_dir))
    output = as_json(findings)
    if options.json:
        print_report(json.dumps(output, indent=2))
    else:
        print_report(table(diagnostics_view(findings, translate)))
    return 0 if output["ok"] else FAILED


def _policy(options: argparse.Namespace) -> int:
    from ui.cli.policy import error_lines, policy_report, policy_table
    from ui.settings.settings import SETTINGS, load

    # The report prints the errors, so the log must not.
    logging.basicConfig(handlers=[logging.NullHandler()])
    settings = load(base_dir(options.base_dir) / SETTINGS)
    if options.json:
        print_report(json.dumps(policy_report(settings), indent=2))
    else:
        print_report(policy_table(settings))
        for line in error_lines(settings):
            print_error(line)
    return FAILED if settings.policy.problems else 0


def _export(options: argparse.Namespace) -> int:
    from ui.cli.export import ExportError, run

    try:
        contents, missing = run(
            base_dir(options.base_dir),
            options.marketplace,
            options.contract,
            options.week,
            options.output,
            offline=options.offline,
        )
    except ExportError as error:
        refuse("workdiary", error)
        return FAILED
    text = trn("{file}: {number} segment", "{file}: {number} segments", contents.segments)
    print_report(text.format(file=for_terminal(str(options.output)), number=contents.segments))
    for sentence in missing:
        print_error(for_terminal(sentence))
    return 0


if __name__ == "__main__":
    sys.exit(main())
