"""`workdiary-verify BUNDLE.zip`: checks the record of whole weeks of one contract, offline.

Rules kept: the archive is only read, one file at a time, and never unpacked to the disk; the
progress bar of a long check goes to a terminal only.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os.path
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TextIO

from diary.bundle.check import CheckedBundle, CheckOptions, check_bundle
from diary.bundle.zip_reader import Archive, ArchiveError
from diary.cli.bundle_report import NOT_CHECKED, report_json, report_text
from diary.cli.common import (
    INVALID,
    VALID,
    UnusableError,
    add_key_argument,
    print_unusable,
    read_keys,
)
from diary.cli.folder_report import plain
from diary.cli.i18n import tr
from diary.cli.output import CommandParser, print_report
from diary.core.findings import DiaryError
from diary.core.slots import WEEK
from diary.formats import json_fields
from diary.log.leaf import LeafType
from diary.log.policy import MAX_POLICY, LogPolicy, parse_policy

#: Bytes of a bundle from which a check takes long enough for a progress bar.
_WORTH_A_BAR = 32 * 1024 * 1024
_WIDTH = 40
_WEEK = re.compile(r"([0-9]{4})-W([0-9]{2})")


def check_file(path: Path, options: CheckOptions, *, bar: TextIO | None = None) -> CheckedBundle:
    """Check a bundle; `bar` is the terminal for the progress bar of a long check.

    Raises UnusableError.
    """
    try:
        with path.open("rb") as file:
            archive = Archive(file)
            total = sum(archive.length(name) for name in archive.names())
            progress = _Progress(total, bar if total >= _WORTH_A_BAR else None)
            try:
                return check_bundle(archive, options, progress.step)
            finally:
                progress.clear()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        text = tr("{path} cannot be read: {reason}.").format(path=plain(str(path)), reason=reason)
        raise UnusableError("not_readable", text) from error
    except ArchiveError as error:
        sentence = tr(
            "{path} is not a readable bundle: {reason}. Nothing was checked. Use the file as it "
            "was exported; a bundle that another program has packed again cannot be read."
        )
        text = sentence.format(path=plain(str(path)), reason=error)
        raise UnusableError("not_an_archive", text) from error
    except DiaryError as error:
        sentence = tr("Nothing can be checked: {reason}.")
        raise UnusableError(error.code.value, sentence.format(reason=error.detail)) from error


@dataclass(frozen=True)
class _Checked:
    """A checked bundle, and what was not checked.

    `more` counts the log's leaves that name no contract; None if the log was not read.
    """

    opened: CheckedBundle
    unchecked: Sequence[str] = NOT_CHECKED
    more: Mapping[LeafType, int] | None = None


def _check_with_log(path: Path, options: CheckOptions, url: str, bar: TextIO | None) -> _Checked:
    """Check a bundle and compare it with the log. Raises UnusableError."""
    # A late import: only this needs the modules of the network.
    from diary.bundle.completeness import collect_leaves, terms_left_out, with_log
    from diary.cli.http_log import UnreachableError, Website
    from diary.log.monitor import AnswerError

    opened = check_file(path, options, bar=bar)
    try:
        website = Website(url)
    except ValueError as error:
        text = tr("{url} is not a web address.").format(url=plain(url))
        raise UnusableError("url", text) from error

    def receipt_of(digest: str) -> bytes | None:
        with contextlib.suppress(UnreachableError, AnswerError):
            return website.proof(digest)
        return None

    try:
        leaves = collect_leaves(opened, website)
    except (UnreachableError, AnswerError) as error:
        raise UnusableError("unreachable", str(error)) from error
    terms, whole = terms_left_out(opened, leaves, receipt_of)
    if terms:
        opened = check_file(path, replace(options, terms=terms), bar=bar)
    unchecked = sorted({*leaves.not_known, *(() if whole else ("terms",))})
    return _Checked(with_log(opened, leaves), unchecked, leaves.unnamed)


class _Progress:
    """A progress bar on one line of a terminal; without a terminal it draws nothing."""

    def __init__(self, total: int, terminal: TextIO | None) -> None:
        self._total = max(1, total)
        self._terminal = terminal
        self._done = 0
        self._drawn = -1

    def step(self, size: int) -> None:
        """Count `size` more bytes as read."""
        self._done += size
        percent = min(100, self._done * 100 // self._total)
        if self._terminal is None or percent == self._drawn:
            return
        self._drawn = percent
        filled = percent * _WIDTH // 100
        self._draw(f"\r[{'#' * filled}{' ' * (_WIDTH - filled)}] {percent:3} %")

    def clear(self) -> None:
        """Clear the line."""
        self._draw(f"\r{' ' * (_WIDTH + 8)}\r")

    def _draw(self, text: str) -> None:
        if self._terminal is None:
            return
        try:
            self._terminal.write(text)
            self._terminal.flush()
        except OSError:
            # The terminal was closed; the check continues.
            self._terminal = None


def _week(text: str) -> int:
    """Monday 00:00 UTC of an ISO week, Unix s."""
    match = _WEEK.fullmatch(text)
    try:
        if match is None:
            raise ValueError(text)
        monday = date.fromisocalendar(int(match[1]), int(match[2]), 1)
        begin = datetime(monday.year, monday.month, monday.day, tzinfo=UTC)
    except ValueError as error:
        raise argparse.ArgumentTypeError(tr("a week is written like 2026-W48")) from error
    return int(begin.timestamp())


def _id(text: str) -> str:
    if not json_fields.ID.fullmatch(text):
        raise argparse.ArgumentTypeError(tr("an id has 22 letters, digits, _ or -"))
    return text


def _arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = CommandParser(
        prog="workdiary-verify",
        description=tr("Check a bundle: the signed record of whole weeks of one contract."),
        epilog=tr("Exit code 0: valid. 1: something is wrong. 2: nothing to check."),
    )
    parser.add_argument("bundle", type=Path, help=tr("the bundle's file"))
    add_key_argument(parser)
    parser.add_argument(
        "--policy",
        type=Path,
        metavar="FILE",
        help=tr("the log's keys, witnesses and quorum, from another source (C2SP tlog-policy)"),
    )
    parser.add_argument("--contract", type=_id, metavar="ID", help=tr("the required contract"))
    parser.add_argument("--freelancer", type=_id, metavar="ID", help=tr("the required freelancer"))
    parser.add_argument(
        "--from", dest="first", type=_week, metavar="YYYY-Www", help=tr("the required first week")
    )
    parser.add_argument(
        "--to", dest="last", type=_week, metavar="YYYY-Www", help=tr("the required last week")
    )
    parser.add_argument(
        "--log",
        metavar="URL",
        help=tr("the marketplace's address: compare the bundle with its log"),
    )
    parser.add_argument("--json", action="store_true", help=tr("print the whole result as JSON"))
    parser.add_argument("--no-progress", action="store_true", help=tr("show no progress bar"))
    return parser.parse_args(argv)


def _read_policy(path: Path) -> LogPolicy:
    """The policy in a file. Raises UnusableError."""
    try:
        with path.open("rb") as file:
            return parse_policy(file.read(MAX_POLICY + 1))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        text = tr("{path} cannot be read: {reason}.").format(path=plain(str(path)), reason=reason)
        raise UnusableError("not_readable", text) from error
    except DiaryError as error:
        sentence = tr("The policy cannot be used: {reason}.")
        raise UnusableError(error.code, sentence.format(reason=error.detail)) from error


def _terminal() -> TextIO | None:
    """Standard error if it is a terminal. A process may be started without it."""
    return sys.stderr if sys.stderr is not None and sys.stderr.isatty() else None


def is_bundle_path(argv: Sequence[str]) -> bool:
    """Whether the command line names a file, which is then a bundle and not a state folder."""
    return any(os.path.isfile(argument) for argument in argv)  # noqa: PTH113 - it never raises


def main(argv: Sequence[str]) -> int:
    """Run the command; returns its exit code."""
    arguments = _arguments(argv)
    bar = _terminal() if not arguments.no_progress else None
    try:
        given = list(arguments.key)
        witnesses = None
        if arguments.policy is not None:
            policy = _read_policy(arguments.policy)
            given += [verifier.vkey for verifier in policy.verifiers]
            witnesses = policy.witnesses
        options = CheckOptions(
            keys=tuple(read_keys(given)[0]) if given else (),
            witnesses=witnesses,
            ctr=arguments.contract,
            sub=arguments.freelancer,
            first=arguments.first,
            end=None if arguments.last is None else arguments.last + WEEK,
        )
        if arguments.log is None:
            done = _Checked(check_file(arguments.bundle, options, bar=bar))
        else:
            done = _check_with_log(arguments.bundle, options, arguments.log, bar)
    except UnusableError as error:
        return print_unusable(error, as_json=arguments.json)
    if arguments.json:
        print_report(json.dumps(report_json(done.opened, done.unchecked), indent=1))
    else:
        print_report(report_text(done.opened, done.unchecked, done.more))
    return VALID if done.opened.valid else INVALID
