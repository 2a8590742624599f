"""Printing of the three commands. Printing never raises and never changes an exit status: a
character that the stream cannot encode is written as its escape, and a stream that accepts no more
output (a closed pipe, a full disk) loses the text. Control characters and overrides of the writing
direction do not reach the terminal (`diary.core.display`).
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import sys
from typing import Any, TextIO

from diary.cli.i18n import tr
from diary.core.display import for_terminal


def print_report(text: str) -> None:
    """Print to standard output; a missing newline at the end is added."""
    problem = _write(sys.stdout, text)
    if problem is not None:
        text = tr("The output is incomplete, since it could not be written: {reason}.")
        print_error(text.format(reason=problem))


def print_error(text: str) -> None:
    """Print to standard error; a missing newline at the end is added."""
    _write(sys.stderr, text)


def refuse(command: str, error: Exception | str) -> None:
    """Print to standard error why a command did not do its task, on one line."""
    print_error(f"{command}: {for_terminal(str(error))}")


#: Negative numbers, and identifiers of accounts, contracts (22 characters) and devices (43).
_NO_OPTION = re.compile(r"-(\d+|\d*\.\d+|[A-Za-z0-9_-]{21}|[A-Za-z0-9_-]{42})$")


class CommandParser(argparse.ArgumentParser):
    """An argument parser whose help and errors are printed by this module.

    An argument that begins with "-" and has the form of an identifier is a value: one of 64 random
    identifiers begins so.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._negative_number_matcher = _NO_OPTION

    def _print_message(self, message: str, file: object = None) -> None:
        if message:
            (print_report if file is sys.stdout else print_error)(message)


def _write(stream: TextIO | None, text: str) -> str | None:
    """Write and flush. Returns why that failed; None if it did not, and for a reader that left."""
    # A windowed program on Windows has no streams.
    if stream is None:
        return None
    try:
        # A replacement of the stream, such as a test's, may be none that can be configured.
        with contextlib.suppress(AttributeError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[attr-defined]
        shown = for_terminal(text, lines=True)
        stream.write(shown if shown.endswith("\n") else f"{shown}\n")
        stream.flush()
    except (OSError, ValueError) as error:
        _discard(stream)
        left = isinstance(error, BrokenPipeError)
        return None if left else getattr(error, "strerror", None) or tr("the stream is closed")
    return None


def _discard(stream: TextIO) -> None:
    """Discard buffered output, or the interpreter would fail at its end (exit status 120)."""
    with contextlib.suppress(OSError, ValueError):
        target = stream.fileno()
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, target)
        os.close(nowhere)
