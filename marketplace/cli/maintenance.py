"""The commands `backup`, `restore` and `doctor`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from diary.cli.output import CommandParser, print_report
from marketplace.core.i18n import tr


def add_parsers(commands: Any, common: CommandParser) -> None:
    """Add the three commands to the result of `add_subparsers`."""
    backup = commands.add_parser(
        "backup", parents=[common], help=tr("copy the data folder, also while it is in use")
    )
    backup.add_argument("target", type=Path, help=tr("a new folder for the copy"))
    backup.set_defaults(run=_backup)
    restore = commands.add_parser(
        "restore", parents=[common], help=tr("restore a copy to a new folder and verify its log")
    )
    restore.add_argument("source", type=Path, help=tr("the folder of the copy"))
    restore.set_defaults(run=_restore, creates=lambda _: True)
    doctor = commands.add_parser(
        "doctor", parents=[common], help=tr("check the data folder, the log and the disk")
    )
    doctor.set_defaults(run=_doctor)


def _backup(options: argparse.Namespace) -> int:
    from marketplace.maintenance.backup import back_up

    for line in back_up(options.data_dir, options.target):
        print_report(line)
    return 0


def _restore(options: argparse.Namespace) -> int:
    from marketplace.maintenance.backup import restore

    for line in restore(options.source, options.data_dir):
        print_report(line)
    return 0


def _doctor(options: argparse.Namespace) -> int:
    from marketplace.maintenance.doctor import examine

    failed = False
    for check in examine(options.data_dir):
        print_report(f"{check.state}: {check.text}")
        failed = failed or check.state == "failed"
    return 1 if failed else 0
