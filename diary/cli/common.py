"""Exit codes, parsing of keys, and the report when nothing can be checked, for all commands."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence

from diary.cli.i18n import tr
from diary.cli.output import print_error, print_report
from diary.core.display import for_terminal
from diary.core.findings import Code, DiaryError
from diary.log.position import Origin
from diary.log.signed_note import NoteVerifier

VALID, INVALID, UNUSABLE = 0, 1, 2


class UnusableError(Exception):
    """Nothing can be checked; the text gives the reason and what to do."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


def add_key_argument(parser: argparse.ArgumentParser) -> None:
    """Add the option `--key` for the log's public keys, which `read_keys` reads."""
    parser.add_argument(
        "--key",
        action="append",
        default=[],
        metavar="VKEY",
        help=tr("the log's published key, from another source (may be given more than once)"),
    )


def read_keys(keys: Sequence[str]) -> tuple[list[NoteVerifier], str]:
    """The given log keys, and the marketplace that they name. Raises UnusableError."""
    verifiers = []
    auds = set()
    for key in keys:
        try:
            verifier = NoteVerifier.parse(key)
        except DiaryError as error:
            sentence = tr("The key cannot be used: {reason}.")
            raise UnusableError(error.code, sentence.format(reason=error.detail)) from error
        try:
            auds.add(Origin.parse(verifier.name).aud)
        except DiaryError as error:
            sentence = tr("The key is not one of a work diary's log.")
            raise UnusableError(error.code, sentence) from error
        verifiers.append(verifier)
    if len(auds) > 1:
        raise UnusableError(Code.E_POLICY, tr("The keys are of different marketplaces."))
    if len({verifier.name for verifier in verifiers}) < len(set(verifiers)):
        raise UnusableError(Code.E_POLICY, tr("There are two keys for one log."))
    return verifiers, auds.pop()


def print_unusable(error: UnusableError, *, as_json: bool) -> int:
    """Print why nothing can be checked; returns the exit code."""
    if as_json:
        report = {"v": 1, "result": "unusable", "code": error.code, "detail": str(error)}
        print_report(json.dumps(report, indent=1))
    else:
        print_error(for_terminal(str(error)))
    return UNUSABLE
