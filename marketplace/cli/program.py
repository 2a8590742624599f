"""`workdiary-marketplace`: serve, set up, seed, invite, stop a device, erase, change the log's key.

One-time links are secrets: they are printed on request, or written to a file that only its owner
can read, and are never command-line arguments.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from diary.cli.output import CommandParser, print_report, refuse
from marketplace.cli import accounts, maintenance, serve_options, storage_options
from marketplace.core.config import Config, ConfigError, read_database, remembered_base_url
from marketplace.core.i18n import tr
from marketplace.seed.arguments import add_parser
from marketplace.storage import data_folder
from system.files import write_private
from system.private_files import close_umask

if TYPE_CHECKING:
    from pydantic import BaseModel

    from marketplace.http.services import Services

T = TypeVar("T", bound="BaseModel")

_NAME = "workdiary.localhost"
#: The value of `--base-url` that stops the use of a proxy.
_LOCAL = "local"


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit status: 0, or 2 with a sentence on standard error."""
    close_umask()
    options = _parser().parse_args(sys.argv[1:] if argv is None else argv)
    try:
        _check_place(options)
        return int(options.run(options))
    except ConfigError as error:
        refuse("workdiary-marketplace", error)
    except OSError as error:
        name = error.filename or options.data_dir
        text = tr("cannot use %(path)s: %(reason)s.")
        refuse("workdiary-marketplace", text % {"path": name, "reason": error.strerror})
    return 2


def _check_place(options: argparse.Namespace) -> None:
    """Refuse a folder or database that the command cannot use, before anything is created."""
    database = read_database()
    if database is not None and options.sqlite_only:
        raise ConfigError(
            tr("This command works with SQLite only; the operating guide describes PostgreSQL.")
        )
    if options.data_dir is None:
        if database is None:
            raise ConfigError(tr("--data-dir is required."))
        return
    create = options.creates(options)
    file: Path = options.data_dir / data_folder.DATABASE
    sqlite = database is None or (options.either_engine and file.exists())
    data_folder.check(options.data_dir, create=create, sqlite=sqlite)
    if database is None and not file.exists():
        _config(options, "http://127.0.0.1")  # fail before a folder is created


def _serve(options: argparse.Namespace) -> int:
    from marketplace import composition, operations
    from marketplace.app import create_app
    from marketplace.core import logging
    from marketplace.http import uvicorn_server

    logging.to_stderr()
    data_dir: Path = options.data_dir
    serve_options.check_shared(options)
    with contextlib.ExitStack() as stack:
        stack.enter_context(composition.lock(data_dir, shared=options.shared))
        bound = stack.enter_context(uvicorn_server.listen(data_dir, options.port))
        local_url = f"http://127.0.0.1:{bound.getsockname()[1]}"
        config = _config(options, _base_url(options) or local_url)
        services = stack.enter_context(composition.open_services(config))
        serve_options.remember(options, config, local_url)
        if options.example:
            operations.set_up(services, operations.Example())
        if options.links:
            write_private(options.links, json.dumps(asdict(operations.links(services))).encode())
        if options.metrics_port is not None:
            stack.enter_context(_figures(services, options.metrics_port))
        app = create_app(config, services)
        app.include_router(
            operations.routes(
                operations.start_admin_socket(data_dir, local_url, shared=options.shared)
            )
        )
        stack.callback(operations.stop_admin_socket, data_dir, shared=options.shared)

        def ready() -> None:
            if config.base_url != local_url:
                print_report(f"listening: {local_url}")
            print_report(f"marketplace: {config.base_url}")

        uvicorn_server.serve(app, services, bound, ready)
    return 0


@contextlib.contextmanager
def _figures(services: Services, port: int) -> Iterator[None]:
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(services.metrics.on_port(port))
        except (OSError, OverflowError) as error:
            raise ConfigError(
                tr("Port %(port)d cannot be opened for the metrics.") % {"port": port}
            ) from error
        yield


def _setup(options: argparse.Namespace) -> int:
    from marketplace import composition, operations

    example = operations.Example(
        freelancer=options.freelancer,
        client=options.client,
        title=options.contract,
        limit_s=round(options.limit_hours * 3600) if options.limit_hours else None,
    )
    try:
        with _offline(options) as services:
            made = operations.set_up(services, example)
    except composition.LockedError:
        made = operations.admin_request(options.data_dir, "setup", example.model_dump())["made"]
    print_report(
        tr("created a freelancer, a client and a contract")
        if made
        else tr("a contract exists already")
    )
    return 0


# Programs read the labels of its lines, so they are the same in each language.
def _invite(options: argparse.Namespace) -> int:
    from marketplace import composition, operations

    try:
        with _offline(options) as services:
            links = asdict(operations.links(services))
    except composition.LockedError:
        links = operations.admin_request(options.data_dir, "invite", {})
    if options.links:
        write_private(options.links, json.dumps(links).encode())
        return 0
    if options.enrol_file:
        write_private(options.enrol_file, f"{links['enrol_code']}\n".encode())
    else:
        print_report(f"enrolment code: {links['enrol_code']}")
    print_report(f"client page: {links['client']}")
    print_report(f"freelancer page: {links['freelancer']}")
    return 0


def _devices(options: argparse.Namespace) -> int:
    from marketplace import composition, operations

    try:
        with _offline(options) as services:
            lines = operations.devices(services)
    except composition.LockedError:
        lines = operations.admin_request(options.data_dir, "devices", {})["devices"]
    print_report("\n".join(lines) if lines else tr("no device is enrolled"))
    return 0


def _stop(options: argparse.Namespace) -> int:
    from marketplace import composition, operations

    command = _checked(
        operations.StopDevice, kid=options.device, reason=options.reason, browsers=options.sign_out
    )
    try:
        with _offline(options) as services:
            done = operations.stop(services, command)
    except composition.LockedError:
        done = operations.admin_request(options.data_dir, "stop-device", command.model_dump())[
            "done"
        ]
    print_report(tr("the device is stopped") if done else tr("the device was already stopped"))
    return 0


def _erase(options: argparse.Namespace) -> int:
    from marketplace import composition, operations

    command = _checked(operations.EraseParts, segment=options.segment, scope=options.scope)
    try:
        with _offline(options) as services:
            done = operations.erase(services, command)
    except composition.LockedError:
        done = operations.admin_request(options.data_dir, "erase", command.model_dump())["done"]
    print_report(
        tr("erased; its time stays") if done else tr("the segment has none of these parts")
    )
    return 0


def _account_command(options: argparse.Namespace) -> int:
    from marketplace import account_operations, composition, operations

    name, values = options.command, accounts.values_of(options)
    try:
        with _offline(options) as services:
            lines = account_operations.run(services, name, values)
    except composition.LockedError:
        body = {"name": name, "values": values}
        lines = operations.admin_request(options.data_dir, "command", body)["lines"]
    accounts.report(options, lines)
    return 0


def _seed(options: argparse.Namespace) -> int:
    from marketplace.seed.command import run

    return run(options, _config(options, "http://127.0.0.1").name)


def _checked(kind: type[T], **values: object) -> T:
    """Validate command arguments. Raises ConfigError."""
    from pydantic import ValidationError

    try:
        return kind(**values)
    except ValidationError as error:
        names = ", ".join(str(e["loc"][0]) for e in error.errors())
        raise ConfigError(tr("Invalid value: %(names)s.") % {"names": names}) from error


def _rotate(options: argparse.Namespace) -> int:
    from marketplace import composition, operations

    try:
        with _offline(options) as services:
            origin = operations.rotate(services)
    except composition.LockedError:
        origin = operations.admin_request(options.data_dir, "rotate-log", {})["origin"]
    text = tr("the log continues as %(origin)s with a new key; the old key is destroyed")
    print_report(text % {"origin": origin})
    return 0


@contextlib.contextmanager
def _offline(options: argparse.Namespace) -> Iterator[Services]:
    """The services of a folder that no running marketplace uses."""
    from marketplace import composition

    with composition.lock(options.data_dir):
        url = _base_url(options) or _last_url(options.data_dir)
        with composition.open_services(_config(options, url)) as services:
            yield services


def _config(options: argparse.Namespace, base_url: str) -> Config:
    """The settings of this start; name and speed are stored by the first."""
    from marketplace import composition

    settings = serve_options.settings(options)
    stored = composition.read_marketplace_name(
        options.data_dir, settings["postgresql"], shared=settings["shared"]
    )
    speed: int | None = options.demo_speed
    if speed is None and options.name is None and stored is not None:
        speed = stored[1]
    name = options.name or (stored[0] if stored else f"demo.{_NAME}" if speed else _NAME)
    token_file: Path | None = getattr(options, "metrics_token_file", None)
    return Config(
        options.data_dir,
        name,
        base_url,
        speed,
        proxies=tuple(getattr(options, "trusted_proxy", None) or ()),
        metrics_token=token_file.read_text("utf-8").strip() if token_file else None,
        s3=storage_options.s3_settings(options),
        **settings,
    )


def _base_url(options: argparse.Namespace) -> str | None:
    """The base URL of this start or of an earlier one; None for the local address."""
    given: str | None = options.base_url
    if given == _LOCAL:
        return None
    return given.rstrip("/") if given else remembered_base_url(options.data_dir)


def _last_url(data_dir: Path) -> str:
    """The address at which the marketplace will serve, unless its port is taken by then."""
    from marketplace.http import uvicorn_server

    with uvicorn_server.listen(data_dir, 0) as bound:
        return f"http://127.0.0.1:{bound.getsockname()[1]}"


def _parser() -> CommandParser:
    parser = CommandParser(
        prog="workdiary-marketplace",
        description=tr("The Workdiary server: storage, log and review pages."),
    )
    # Only these commands may create a marketplace in a folder without one.
    parser.set_defaults(
        creates=lambda _: False, sqlite_only=False, either_engine=False, run=_account_command
    )
    commands = parser.add_subparsers(required=True, metavar="command")
    common = CommandParser(add_help=False)
    common.add_argument(
        "--data-dir", type=Path, required=True, help=tr("folder of the marketplace's files")
    )
    common.add_argument("--name", help=tr("name in all records; cannot change later"))
    common.add_argument(
        "--demo-speed",
        type=int,
        metavar="N",
        help=tr("run a demo, N (1 to 600) times as fast"),
    )
    common.add_argument(
        "--base-url",
        metavar="URL",
        help=tr(
            "public address, such as https://diary.example; stored for later starts. '%(local)s': "
            "the local address"
        )
        % {"local": _LOCAL},
    )
    storage_options.add_to(common)
    serve = commands.add_parser("serve", parents=[common], help=tr("serve on this computer"))
    serve.add_argument("--port", type=int, default=0, help=tr("0: the port of the last start"))
    serve.add_argument(
        "--example",
        action="store_true",
        help=tr("create the marketplace, a freelancer, a client and a contract if missing"),
    )
    serve.add_argument(
        "--trusted-proxy",
        action="append",
        metavar="ADDRESS",
        help=tr("trust X-Forwarded-For from this proxy or network; may be repeated"),
    )
    serve.add_argument(
        "--metrics-port", type=int, metavar="N", help=tr("serve /metrics on this port of 127.0.0.1")
    )
    serve.add_argument(
        "--metrics-token-file",
        type=Path,
        metavar="FILE",
        help=tr("serve /metrics to requests with the token in this file"),
    )
    serve_options.add_to(serve)
    serve.add_argument(
        "--links", type=Path, help=tr("write new one-time links to this file (JSON)")
    )
    serve.set_defaults(run=_serve, creates=lambda options: bool(options.example))
    setup = commands.add_parser(
        "setup",
        parents=[common],
        help=tr("create the marketplace, a freelancer, a client and a contract if missing"),
    )
    setup.add_argument("--freelancer", default="Ana Ruiz", help=tr("the freelancer's name"))
    setup.add_argument("--client", default="Acme", help=tr("the client's name"))
    setup.add_argument("--contract", default="Acme shop rebuild", help=tr("the contract's title"))
    setup.add_argument(
        "--limit-hours", type=float, default=30.0, help=tr("hours a week; 0 for no limit")
    )
    setup.set_defaults(run=_setup, creates=lambda _: True)
    seed = add_parser(commands, common)
    seed.set_defaults(run=_seed, creates=lambda _: True, sqlite_only=True)
    invite = commands.add_parser("invite", parents=[common], help=tr("create one-time links"))
    invite.add_argument("--enrol-file", type=Path, help=tr("write the enrolment code to this file"))
    invite.add_argument("--links", type=Path, help=tr("write all links to this file (JSON)"))
    invite.set_defaults(run=_invite)
    accounts.add_parsers(commands, common)
    listed = commands.add_parser("devices", parents=[common], help=tr("list all enrolled devices"))
    listed.set_defaults(run=_devices)
    stop = commands.add_parser(
        "stop-device", parents=[common], help=tr("permanently revoke a lost or stolen device")
    )
    stop.add_argument("device", help=tr("its key identifier, as listed by 'devices'"))
    stop.add_argument(
        "--reason", default="stopped by the marketplace", help=tr("published in the log")
    )
    stop.add_argument(
        "--sign-out", action="store_true", help=tr("also end its owner's browser sessions")
    )
    stop.set_defaults(run=_stop)
    erase = commands.add_parser(
        "erase",
        parents=[common],
        help=tr("erase parts of a segment, such as for a legal request; its time stays"),
    )
    erase.add_argument("segment", help=tr("its hash, as shown on its page"))
    erase.add_argument("scope", nargs="+", choices=("memo", "minutes", "shot"))
    erase.set_defaults(run=_erase)
    maintenance.add_parsers(commands, common)
    rotate = commands.add_parser(
        "rotate-log",
        parents=[common],
        help=tr("close the log's newest shard and continue with a new key"),
    )
    rotate.set_defaults(run=_rotate)
    return parser
