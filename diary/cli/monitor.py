"""`workdiary-verify follow URL`: monitors a marketplace's log from outside.

Rules kept: results are durable before they are printed. The state file holds the largest verified
checkpoint of each shard. Two notes that contradict each other are written beside it first, as
received; together they prove the contradiction to others.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from diary.cli.common import (
    INVALID,
    UNUSABLE,
    VALID,
    UnusableError,
    add_key_argument,
    print_unusable,
    read_keys,
)
from diary.cli.folder_report import plain
from diary.cli.http_log import UnreachableError, Website
from diary.cli.i18n import tr
from diary.cli.monitor_report import MonitorReport, as_json, as_text
from diary.cli.output import CommandParser, print_report
from diary.core.findings import DiaryError
from diary.formats.encoding import canonical, digest
from diary.log.monitor import (
    AnswerError,
    Inconsistency,
    LogMonitor,
    PollResult,
    Source,
    initial_state,
)
from diary.log.monitor_state import MAX_STATE, MonitorState
from diary.log.receipt_set import write_consistency
from system.files import private_dir, write_private
from system.private_files import close_umask

STATE = "workdiary-log.json"
INTERVAL_S = 60.0


@dataclass
class MonitorSession:
    """A monitored log and its state file."""

    url: str
    source: Source
    path: Path
    monitor: LogMonitor

    def poll(self) -> MonitorReport:
        """Poll the log, and store the state and the evidence before returning the report.

        Results before a network error are stored and reported too. Raises UnusableError if they
        cannot be stored.
        """
        result, trouble = PollResult(), None
        try:
            self.monitor.poll(self.source, result)
        except (UnreachableError, AnswerError) as error:
            trouble = str(error)
        try:
            files = [str(self._evidence(each)) for each in result.inconsistencies]
            write_private(self.path, self.monitor.state.data())
        except OSError as error:
            raise _state_error(self.path, error) from error
        return MonitorReport(self.url, self.monitor.state, result, files, trouble)

    def _evidence(self, found: Inconsistency) -> Path:
        """Write two notes that contradict each other into a folder named by their digest."""
        name = found.finding.subject.rpartition("/")[2].replace(" ", "-")
        mark = digest(found.older + found.newer)[:8]
        folder = self.path.parent / f"{self.path.stem}-evidence"
        folder = folder / f"{found.finding.code.value}-{name}-{mark}"
        private_dir(folder)
        about = {
            "v": 1,
            "url": self.url,
            "code": found.finding.code.value,
            "subject": found.finding.subject,
            "detail": found.finding.detail,
            "keys": list(self.monitor.state.keys),
        }
        files = {"older.note": found.older, "newer.note": found.newer}
        if found.proof is not None:
            files["proof"] = write_consistency(found.proof)
        for file, data in {**files, "about.json": canonical(about)}.items():
            write_private(folder / file, data)
        return folder


def open_monitor(url: str, keys: Sequence[str], path: Path, source: Source) -> MonitorSession:
    """Continue from a state file, or begin one.

    Raises UnusableError, and UnreachableError or AnswerError if a new state needs the policy.
    """
    given = read_keys(keys)[0] if keys else []
    try:
        with path.open("rb") as file:
            data = file.read(MAX_STATE + 1)
    except FileNotFoundError:
        try:
            state = initial_state(b"" if given else source.policy(), given)
        except DiaryError as error:
            raise AnswerError(error.detail) from error
        return MonitorSession(url, source, path, LogMonitor(state))
    except OSError as error:
        raise _state_error(path, error) from error
    try:
        state = MonitorState.parse(data)
    except DiaryError as error:
        sentence = tr("{path} cannot be used: {reason}. Name another file with --state.")
        text = sentence.format(path=plain(str(path)), reason=error.detail)
        raise UnusableError(error.code.value, text) from error
    known = {verifier.name: verifier for verifier in state.verifiers}
    for verifier in given:
        if known.get(verifier.name) != verifier:
            raise UnusableError(
                "E_POLICY",
                tr("{path} follows a log with another key. Name another file with --state.").format(
                    path=plain(str(path))
                ),
            )
    return MonitorSession(url, source, path, LogMonitor(state))


def _state_error(path: Path, error: OSError) -> UnusableError:
    sentence = tr("{path} cannot be written or read: {reason}. The monitor needs this file.")
    reason = error.strerror or type(error).__name__
    return UnusableError("state", sentence.format(path=plain(str(path)), reason=reason))


def monitor_log(
    session: MonitorSession, wait: Callable[[], bool], publish: Callable[[MonitorReport], None]
) -> int:
    """Poll, publish the report, wait; until a finding, or until `wait` returns False. Returns the
    exit code. An unreachable log is polled again.
    """
    while True:
        report = session.poll()
        publish(report)
        if report.state.findings:
            return INVALID
        if not wait():
            return VALID if report.trouble is None else UNUSABLE


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 1 <= value <= 86_400:
        raise argparse.ArgumentTypeError(tr("the interval is 1 to 86400 seconds"))
    return value


def _arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = CommandParser(
        prog="workdiary-verify follow",
        description=tr("Monitor a marketplace's log: it must be one history, only appended to."),
        epilog=tr(
            "Exit code 0: it is one history. 1: it contradicts itself. 2: it cannot be read."
        ),
    )
    parser.add_argument("url", help=tr("the marketplace's address"))
    add_key_argument(parser)
    parser.add_argument(
        "--state",
        type=Path,
        default=Path(STATE),
        metavar="FILE",
        help=tr("the file for the monitor's state (default: {file})").format(file=STATE),
    )
    parser.add_argument("--once", action="store_true", help=tr("poll once, then exit"))
    parser.add_argument(
        "--interval",
        type=_seconds,
        default=INTERVAL_S,
        metavar="S",
        help=tr("seconds between two polls (default: 60)"),
    )
    parser.add_argument("--json", action="store_true", help=tr("print each result as JSON"))
    return parser.parse_args(argv)


@contextlib.contextmanager
def _stop_event() -> Iterator[threading.Event]:
    """An event that SIGINT (Ctrl-C) and SIGTERM set."""
    event = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield event
        return
    former = {
        number: signal.signal(number, lambda *_: event.set())
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield event
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def main(argv: Sequence[str]) -> int:
    """Run the command; returns its exit code."""
    close_umask()
    arguments = _arguments(argv)
    try:
        source = Website(arguments.url)
    except ValueError:
        text = tr("{url} is not a web address.").format(url=plain(arguments.url))
        return print_unusable(UnusableError("url", text), as_json=arguments.json)

    with _stop_event() as ended:

        def wait() -> bool:
            return not arguments.once and not ended.wait(arguments.interval)

        def publish(report: MonitorReport) -> None:
            if report.trouble is not None:
                print_unusable(UnusableError("unreachable", report.trouble), as_json=arguments.json)
            if report.trouble is not None and not report.state.findings:
                return
            if arguments.json:
                indent = 1 if arguments.once else None
                print_report(json.dumps(as_json(report), indent=indent))
            elif arguments.once or report.news:
                print_report(as_text(report))

        try:
            session = open_monitor(arguments.url, arguments.key, arguments.state, source)
            return monitor_log(session, wait, publish)
        except (UnreachableError, AnswerError) as error:
            return print_unusable(UnusableError("unreachable", str(error)), as_json=arguments.json)
        except UnusableError as error:
            return print_unusable(error, as_json=arguments.json)
