"""The arguments of `workdiary-marketplace seed`, without the imports of the command."""

from __future__ import annotations

import argparse

from diary.cli.output import CommandParser
from marketplace.core.i18n import tr


def add_parser(
    commands: argparse._SubParsersAction[CommandParser], common: CommandParser
) -> CommandParser:
    """Add the command `seed`; returns its parser."""
    parser = commands.add_parser(
        "seed",
        parents=[common],
        help=tr("fill a new folder with generated people and work, for tests and demonstrations"),
    )
    parser.add_argument("--contracts", type=int, default=1000, metavar="N")
    parser.add_argument("--days", type=int, default=365, metavar="N")
    parser.add_argument(
        "--segments", type=int, metavar="N", help=tr("default: 100 for each contract")
    )
    parser.add_argument(
        "--freelancers", type=int, metavar="N", help=tr("default: one for four contracts")
    )
    parser.add_argument("--clients", type=int, default=1, metavar="N")
    parser.add_argument(
        "--last-day", metavar="YYYY-MM-DD", help=tr("last day with work (UTC); default: yesterday")
    )
    parser.add_argument(
        "--random-seed",
        type=int,
        metavar="N",
        help=tr("generate the same data again; its keys are then not secret"),
    )
    return parser
