"""The commands `backup`, `restore`, `move`, `doctor` and `migrate`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from diary.cli.output import CommandParser, print_report
from marketplace.cli import storage_options
from marketplace.core.config import ConfigError, read_database
from marketplace.core.i18n import tr


def add_parsers(commands: Any, common: CommandParser) -> None:
    """Add the four commands to the result of `add_subparsers`."""
    backup = commands.add_parser(
        "backup", parents=[common], help=tr("copy the data folder, also while it is in use")
    )
    backup.add_argument("target", type=Path, help=tr("a new folder for the copy"))
    backup.set_defaults(run=_backup, sqlite_only=True)
    restore = commands.add_parser(
        "restore", parents=[common], help=tr("restore a copy to a new folder and verify its log")
    )
    restore.add_argument("source", type=Path, help=tr("the folder of the copy"))
    restore.set_defaults(run=_restore, creates=lambda _: True, sqlite_only=True)
    move = commands.add_parser(
        "move", parents=[common], help=tr("move the pictures from the data folder to --blobs")
    )
    move.set_defaults(run=_move, sqlite_only=True)
    doctor = commands.add_parser(
        "doctor", parents=[common], help=tr("check the data folder, the log and the disk")
    )
    doctor.set_defaults(run=_doctor, sqlite_only=True)
    # Without a data folder, so that the owner of the tables can run it on any machine.
    migrate = commands.add_parser(
        "migrate", help=tr("upgrade the database's tables to this version without serving")
    )
    migrate.add_argument(
        "--data-dir", type=Path, help=tr("folder of the marketplace's files; for SQLite only")
    )
    migrate.set_defaults(run=_migrate)


def _backup(options: argparse.Namespace) -> int:
    from marketplace.maintenance.backup import back_up

    for line in back_up(options.data_dir, options.target, storage_options.s3_settings(options)):
        print_report(line)
    return 0


def _restore(options: argparse.Namespace) -> int:
    from marketplace.maintenance.backup import restore

    for line in restore(options.source, options.data_dir):
        print_report(line)
    return 0


def _move(options: argparse.Namespace) -> int:
    from marketplace.composition import lock
    from marketplace.maintenance.move import move_pictures

    target = storage_options.s3_settings(options)
    if target is None:
        raise ConfigError(tr("Name the object store with --blobs."))
    with lock(options.data_dir):
        for line in move_pictures(options.data_dir, target, print_report):
            print_report(line)
    return 0


def _doctor(options: argparse.Namespace) -> int:
    from marketplace.maintenance.doctor import examine

    failed = False
    for check in examine(options.data_dir, storage_options.s3_settings(options)):
        print_report(f"{check.state}: {check.text}")
        failed = failed or check.state == "failed"
    return 1 if failed else 0


def _migrate(options: argparse.Namespace) -> int:
    from marketplace import composition
    from marketplace.storage.data_folder import DATABASE
    from marketplace.storage.engines.sqlite import SqliteDatabase

    database = read_database()
    if database is None:
        with composition.lock(options.data_dir):
            SqliteDatabase(options.data_dir / DATABASE).close()
    else:
        from marketplace.storage.engines.postgresql import upgrade

        upgrade(database)
    print_report(tr("the database has the tables of this version"))
    return 0
