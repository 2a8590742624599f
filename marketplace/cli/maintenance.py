"""The commands `backup`, `restore`, `move`, `doctor` and `migrate`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from diary.cli.output import CommandParser, print_report
from marketplace.cli import storage_options
from marketplace.core.config import DATABASE_URL, ConfigError, read_database
from marketplace.core.i18n import tr


def add_parsers(commands: Any, common: CommandParser) -> None:
    """Add the five commands to the result of `add_subparsers`."""
    backup = commands.add_parser(
        "backup", parents=[common], help=tr("copy the marketplace, also while it is in use")
    )
    backup.add_argument("target", type=Path, help=tr("a new folder for the copy"))
    backup.set_defaults(run=_backup)
    restore = commands.add_parser(
        "restore", parents=[common], help=tr("restore a copy to a new folder and verify its log")
    )
    restore.add_argument("source", type=Path, help=tr("the folder of the copy"))
    restore.set_defaults(run=_restore, creates=lambda _: True)
    move = commands.add_parser(
        "move",
        parents=[common],
        help=tr(
            "move the database from the data folder to the one that %(variable)s names, and the "
            "pictures to --blobs"
        )
        % {"variable": DATABASE_URL},
    )
    move.set_defaults(run=_move, either_engine=True)
    doctor = commands.add_parser(
        "doctor", parents=[common], help=tr("check the data folder, the log and the disk")
    )
    doctor.set_defaults(run=_doctor)
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

    s3 = storage_options.s3_settings(options)
    for line in back_up(options.data_dir, options.target, s3, read_database(), print_report):
        print_report(line)
    return 0


def _restore(options: argparse.Namespace) -> int:
    from marketplace.maintenance.backup import restore

    for line in restore(options.source, options.data_dir, read_database(), print_report):
        print_report(line)
    return 0


def _move(options: argparse.Namespace) -> int:
    from marketplace.composition import lock
    from marketplace.maintenance.move import move_database, move_pictures
    from marketplace.storage.data_folder import DATABASE

    data_dir: Path = options.data_dir
    store, database = storage_options.s3_settings(options), read_database()
    if store is None and database is None:
        raise ConfigError(
            tr("Name the object store with --blobs, or the new database with %(variable)s.")
            % {"variable": DATABASE_URL}
        )
    with lock(data_dir):
        lines: list[str] = []
        if database is not None and (data_dir / DATABASE).exists():
            lines += move_database(data_dir, database, print_report)
        elif store is None:
            lines.append(tr("the tables are in the PostgreSQL database already"))
        if store is not None:
            lines += move_pictures(data_dir, store, print_report, database)
    for line in lines:
        print_report(line)
    return 0


def _doctor(options: argparse.Namespace) -> int:
    from marketplace.maintenance.doctor import examine

    failed = False
    s3 = storage_options.s3_settings(options)
    for check in examine(options.data_dir, s3, read_database()):
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
