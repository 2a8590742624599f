"""`workdiary-verify follow URL`: watch a marketplace's log from outside, and keep what it signs.

Rules kept: what was verified is on the disk before it is told. The state file holds the largest
verified checkpoint of each shard; two notes that contradict each other are written beside it, as
they came, before anything else. Whoever has both can show them to anybody.
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

from diary.cli.common import INVALID, UNUSABLE, VALID, UnusableError, print_unusable, read_keys
from diary.cli.folder_report import plain, tr
from diary.cli.http_log import UnreachableError, Website
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
    """One log that is followed, with its state file."""

    url: str
    source: Source
    path: Path
    monitor: LogMonitor

    def poll(self) -> MonitorReport:
        """Look, and keep what was verified and what contradicts it before it is told.

        What was found until the site gave no answer is kept and told too. UnusableError if it
        cannot be kept.
        """
        visit, trouble = PollResult(), None
        try:
            self.monitor.poll(self.source, visit)
        except (UnreachableError, AnswerError) as error:
            trouble = str(error)
        try:
            files = [str(self._evidence(each)) for each in visit.inconsistencies]
            write_private(self.path, self.monitor.state.data())
        except OSError as error:
            raise _state_error(self.path, error) from error
        return MonitorReport(self.url, self.monitor.state, visit, files, trouble)

    def _evidence(self, found: Inconsistency) -> Path:
        """Write two notes that contradict each other into a folder of their own, once."""
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
    """Go on from a state file, or begin one.

    Raises UnusableError, and UnreachableError or AnswerError where the first look needs the site.
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
    sentence = tr("{path} cannot be written or read: {reason}. Nothing is followed without it.")
    reason = error.strerror or type(error).__name__
    return UnusableError("state", sentence.format(path=plain(str(path)), reason=reason))


def monitor_log(
    watch: MonitorSession, wait: Callable[[], bool], tell: Callable[[MonitorReport], None]
) -> int:
    """Visit, tell, wait, until there is a finding or `wait` says that it is enough; the exit code.

    `wait` returns False to end. A log that cannot be reached is tried again.
    """
    while True:
        told = watch.poll()
        tell(told)
        if told.state.findings:
            return INVALID
        if not wait():
            return VALID if told.trouble is None else UNUSABLE


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
        description=tr("Follow a marketplace's log: is it one history, and only added to?"),
        epilog=tr("Exit code 0: it is. 1: something is wrong with it. 2: it cannot be read."),
    )
    parser.add_argument("url", help=tr("the marketplace's address"))
    parser.add_argument(
        "--key",
        action="append",
        default=[],
        metavar="VKEY",
        help=tr("the log's published key, from somewhere else (may be given more than once)"),
    )
    parser.add_argument(
        "--state",
        type=Path,
        default=Path(STATE),
        metavar="FILE",
        help=tr("where to keep what was verified (default: {file})").format(file=STATE),
    )
    parser.add_argument("--once", action="store_true", help=tr("look once, then end"))
    parser.add_argument(
        "--interval",
        type=_seconds,
        default=INTERVAL_S,
        metavar="S",
        help=tr("seconds between two looks (default: 60)"),
    )
    parser.add_argument("--json", action="store_true", help=tr("print each result as JSON"))
    return parser.parse_args(argv)


@contextlib.contextmanager
def _stop_event() -> Iterator[threading.Event]:
    """An event that Ctrl-C and a request to end set."""
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

        def tell(told: MonitorReport) -> None:
            if told.trouble is not None:
                print_unusable(UnusableError("unreachable", told.trouble), as_json=arguments.json)
            if told.trouble is not None and not told.state.findings:
                return
            if arguments.json:
                indent = 1 if arguments.once else None
                print_report(json.dumps(as_json(told), indent=indent))
            elif arguments.once or told.news:
                print_report(as_text(told))

        try:
            watch = open_monitor(arguments.url, arguments.key, arguments.state, source)
            return monitor_log(watch, wait, tell)
        except (UnreachableError, AnswerError) as error:
            return print_unusable(UnusableError("unreachable", str(error)), as_json=arguments.json)
        except UnusableError as error:
            return print_unusable(error, as_json=arguments.json)
