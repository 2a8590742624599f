"""`workdiary-verify`: checks a diary, without a network and without an account; monitors a log.

    workdiary-verify FOLDER        the record in a state folder
    workdiary-verify BUNDLE.zip    the record of whole weeks of one contract
    workdiary-verify follow URL    the log of a marketplace, from outside
    workdiary-verify witness FOLDER   cosigns logs (C2SP tlog-witness)

Exit code 0: valid, 1: something is wrong, 2: there is nothing to check or it cannot be read.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from diary.cli import verify_bundle, verify_folder


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit code."""
    arguments = sys.argv[1:] if argv is None else argv
    if list(arguments[:1]) == ["follow"]:
        # A late import: only this command needs the modules of the network.
        from diary.cli import monitor

        return monitor.main(arguments[1:])
    if list(arguments[:1]) == ["witness"]:
        from diary.cli import witness

        return witness.main(arguments[1:])
    return (
        verify_bundle.main(arguments)
        if verify_bundle.is_bundle_path(arguments)
        else verify_folder.main(arguments)
    )


if __name__ == "__main__":
    raise SystemExit(main())
