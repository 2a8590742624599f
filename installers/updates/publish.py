"""Creates and signs the repository of updates.

    python -m installers.updates.publish pack FOLDER ARCHIVE
    python -m installers.updates.publish create REPOSITORY --keys DIR [--threshold ROLE=N ...]
    python -m installers.updates.publish release REPOSITORY --keys DIR --channel stable
        --platform linux-x86_64 --version 1.2.3 ARCHIVE
    python -m installers.updates.publish refresh REPOSITORY --keys DIR
    python -m installers.updates.publish rotate REPOSITORY --keys DIR --old-keys DIR
    python -m installers.updates.publish channel-keys REPOSITORY --keys DIR --channel stable
        [--threshold stable=N]

Exit status: 0 success, 1 failure with a sentence, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from installers.updates.archive import pack
from installers.updates.keys import ROLES, KeysError, Signers, load_keys
from installers.updates.repository import Repository
from system.updates.release import CHANNELS


def main(argv: Sequence[str] | None = None) -> int:
    """Carry out one command; returns the exit status."""
    options = _parser().parse_args(argv)
    try:
        _run(options)
    except (KeysError, OSError) as error:
        print(f"publish: {error}", file=sys.stderr)
        return 1
    return 0


def _run(options: argparse.Namespace) -> None:
    if options.command == "pack":
        pack(options.folder, options.archive, int(os.environ.get("SOURCE_DATE_EPOCH", "0")))
        return
    repository = Repository(options.repository, _keys(options.keys), lambda: datetime.now(UTC))
    if options.command == "create":
        print(repository.create(dict(options.threshold)))
    elif options.command == "release":
        repository.release(options.channel, options.platform, options.version, options.archive)
    elif options.command == "refresh":
        repository.refresh()
    elif options.command == "rotate":
        print(repository.rotate(dict(options.threshold), _keys(options.old_keys)))
    else:
        threshold = dict(options.threshold).get(options.channel)
        repository.replace_channel_keys(options.channel, threshold)


def _keys(folder: Path) -> Signers:
    return load_keys(folder, lambda path: getpass.getpass(f"Password of {path.name}: "))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="publish", description="Sign updates.")
    commands = parser.add_subparsers(dest="command", required=True)
    packing = commands.add_parser("pack", help="pack a program's folder")
    packing.add_argument("folder", type=Path)
    packing.add_argument("archive", type=Path)
    create = commands.add_parser("create", help="begin a repository")
    release = commands.add_parser("release", help="publish an archive")
    refresh = commands.add_parser("refresh", help="sign snapshot and timestamp again")
    rotate = commands.add_parser("rotate", help="replace the keys of the top-level roles")
    channel_keys = commands.add_parser("channel-keys", help="replace the keys of a channel")
    for command in (create, release, refresh, rotate, channel_keys):
        command.add_argument("repository", type=Path)
        command.add_argument("--keys", type=Path, required=True, metavar="DIR")
    for command in (create, rotate, channel_keys):
        command.add_argument(
            "--threshold", type=_threshold, action="append", default=[], metavar="ROLE=N"
        )
    rotate.add_argument("--old-keys", type=Path, required=True, metavar="DIR")
    for command in (release, channel_keys):
        command.add_argument("--channel", choices=CHANNELS, required=True)
    release.add_argument("--platform", required=True)
    release.add_argument("--version", required=True)
    release.add_argument("archive", type=Path)
    return parser


def _threshold(text: str) -> tuple[str, int]:
    role, _, number = text.partition("=")
    if role not in ROLES or not number.isdigit() or int(number) < 1:
        raise argparse.ArgumentTypeError("not a role and a number, as in root=2")
    return role, int(number)


if __name__ == "__main__":
    sys.exit(main())
