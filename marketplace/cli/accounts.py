"""The commands `users`, `contracts`, `sessions` and `disputes`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from diary.cli.output import CommandParser, print_report
from marketplace.core.i18n import tr
from system.files import write_private

#: Runs a command of `marketplace.account_operations` and returns its lines.
Runner = Callable[[argparse.Namespace, str, dict[str, Any]], list[str]]
_Commands = Any  # argparse has no public name for the result of `add_subparsers`


def add_parsers(commands: _Commands, common: CommandParser) -> None:
    """Add the four commands; `command` is the name and `names` the options that are values."""

    def group(name: str, text: str) -> Callable[..., CommandParser]:
        parts = commands.add_parser(name, help=text).add_subparsers(
            required=True, metavar="command"
        )

        def add(action: str, help_: str, *names: str) -> CommandParser:
            parser: CommandParser = parts.add_parser(action, parents=[common], help=help_)
            parser.set_defaults(command=f"{name} {action}", names=names)
            return parser

        return add

    users = group("users", tr("list, add and invite people"))
    users("list", tr("list all accounts"))
    add = users("add", tr("create an account"), "name_of", "role", "address")
    add.add_argument("name_of", metavar="NAME")
    add.add_argument("--role", choices=("freelancer", "client"), required=True)
    add.add_argument("--email", dest="address", metavar="ADDRESS")
    invite = users("invite", tr("create one-time links for a person"), "person")
    invite.add_argument("person", metavar="PERSON", help=tr("identifier, address or name"))
    invite.add_argument("--file", type=Path, help=tr("write the links to this file"))
    erase = users("erase", tr("erase an account for good"), "person", "confirmed")
    erase.add_argument("person", metavar="PERSON", help=tr("identifier, address or name"))
    erase.add_argument(
        "--yes", dest="confirmed", action="store_true", help=tr("do not only describe")
    )

    contracts = group("contracts", tr("list and add contracts, set terms and rates"))
    contracts("list", tr("list all contracts"))
    new = contracts(
        "add", tr("create a contract"),
        "title", "freelancer", "client", "limit_s", "hourly", "currency",
    )  # fmt: skip
    new.add_argument("title", metavar="TITLE")
    new.add_argument("--freelancer", required=True, metavar="PERSON")
    new.add_argument("--client", required=True, metavar="PERSON")
    _add_limit(new)
    _add_rate(new, required=False)
    terms = contracts(
        "set-terms", tr("log new terms; values that are not given stay"),
        "ctr", "limit_s", "state", "shots", "retention_days", "manual", "kept",
    )  # fmt: skip
    terms.add_argument("ctr", metavar="CONTRACT")
    _add_limit(terms)
    terms.add_argument("--state", choices=("active", "paused", "ended"))
    terms.add_argument("--pictures", dest="shots", type=int, help=tr("pictures a slot, 0 to 3"))
    terms.add_argument("--retention-days", type=int, metavar="N")
    terms.add_argument("--manual", action=argparse.BooleanOptionalAction)
    terms.add_argument("--kept", action=argparse.BooleanOptionalAction)
    rate = contracts("rate", tr("set the rate from this week on"), "ctr", "hourly", "currency")
    rate.add_argument("ctr", metavar="CONTRACT")
    _add_rate(rate, required=True)

    disputes = group("disputes", tr("list, show and settle disputes"))
    listed = disputes("list", tr("list the open disputes with their age"), "all")
    listed.add_argument("--all", action="store_true", help=tr("also those that are settled"))
    show = disputes(
        "show", tr("show a dispute and write its evidence to a file"),
        "dispute", "evidence", "pictures",
    )  # fmt: skip
    show.add_argument("dispute", metavar="DISPUTE", help=tr("its digest, as 'list' shows it"))
    show.add_argument(
        "--evidence", type=_absolute, metavar="FILE",
        help=tr("write the signed record of the week with its proofs to this new file (ZIP)"),
    )  # fmt: skip
    show.add_argument(
        "--pictures", action="store_true",
        help=tr("with the pictures; the freelancer sees that you viewed them"),
    )  # fmt: skip
    resolve = disputes(
        "resolve", tr("settle a dispute: both sides see the reasons"), "dispute", "text"
    )
    resolve.add_argument("dispute", metavar="DISPUTE", help=tr("its digest, as 'list' shows it"))
    resolve.add_argument("--text", required=True, help=tr("the decision and its reasons"))

    sessions = group("sessions", tr("list and end browser sessions"))
    sessions("list", tr("list all browser sessions"))
    end = sessions("end", tr("end all browser sessions of a person"), "person")
    end.add_argument("person", metavar="PERSON", help=tr("identifier, address or name"))


def values_of(options: argparse.Namespace) -> dict[str, Any]:
    """The values of a command: its options that were given."""
    found = {name: getattr(options, name) for name in options.names}
    values = {name: value for name, value in found.items() if value is not None}
    if "name_of" in values:
        values["name"] = values.pop("name_of")
    return {
        name: str(value) if isinstance(value, Decimal) else value for name, value in values.items()
    }


def report(options: argparse.Namespace, lines: list[str]) -> None:
    """Print the lines; links go to the file of `--file` instead."""
    file: Path | None = getattr(options, "file", None)
    if file is not None:
        write_private(file, "".join(f"{line}\n" for line in lines).encode())
        return
    for line in lines:
        print_report(line)


def _absolute(text: str) -> str:
    """The absolute path: a running marketplace has another working directory."""
    return str(Path(text).absolute())


def _add_limit(parser: CommandParser) -> None:
    parser.add_argument(
        "--limit-hours", dest="limit_s", type=_limit, metavar="HOURS",
        help=tr("hours a week; 'none' for no limit"),
    )  # fmt: skip


def _add_rate(parser: CommandParser, *, required: bool) -> None:
    parser.add_argument(
        "--hourly", type=_decimal, metavar="AMOUNT", required=required, help=tr("such as 40.00")
    )
    parser.add_argument("--currency", default="USD", help=tr("ISO 4217 code, such as EUR"))


def _limit(text: str) -> int:
    """Seconds of a number of hours; -1 for 'none'."""
    if text == "none":
        return -1
    return round(_decimal(text) * 3600)


def _decimal(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise argparse.ArgumentTypeError(tr("this is not a number")) from error
    if not value.is_finite():
        raise argparse.ArgumentTypeError(tr("this is not a number"))
    return value
