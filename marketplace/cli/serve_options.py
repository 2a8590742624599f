"""Options of `serve` for the services around the marketplace."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args
from urllib.parse import urlsplit

from diary.log.witnessing.witnesses import WitnessPolicy
from marketplace.core.config import (
    DATABASE_URL,
    Bound,
    Config,
    ConfigError,
    Quotas,
    read_database,
    remember_base_url,
    remembered_base_url,
)
from marketplace.core.i18n import mark, tr
from marketplace.core.mail_settings import PORTS, MailSettings, MailSettingsError, Security
from marketplace.core.oidc_settings import OidcSettings, OidcSettingsError
from marketplace.core.operator_settings import (
    OperatorSettings,
    OperatorSettingsError,
    read_operator,
    store_operator,
    stored_operator,
)
from marketplace.core.webhook_settings import WebhookSettings, WebhookSettingsError
from marketplace.storage.witness_settings import (
    WitnessSettingsError,
    read_witnesses,
    store_witnesses,
    stored_witnesses,
)

_QUOTAS = {
    "waiting": mark("limit of an account's pictures without a segment"),
    "contract": mark("limit of a contract's pictures"),
    "account": mark("limit of an account's pictures"),
}


def add_to(parser: argparse.ArgumentParser) -> None:
    """Add all options of this module."""
    add_quotas(parser)
    add_mail(parser)
    add_oidc(parser)
    add_webhooks(parser)
    parser.add_argument(
        "--shared",
        action="store_true",
        help=tr(
            "serve beside other processes with the same data folder and PostgreSQL database; needs "
            "--port"
        ),
    )
    parser.add_argument(
        "--operator-file",
        type=Path,
        metavar="FILE",
        help=tr(
            "name and contacts of the operator for the privacy notice; stored for later starts"
        ),
    )
    parser.add_argument(
        "--witnesses",
        type=Path,
        metavar="FILE",
        help=tr(
            "witnesses that cosign the log, and their quorum (C2SP tlog-policy); stored for later "
            "starts"
        ),
    )


def settings(options: argparse.Namespace) -> dict[str, Any]:
    """The members of `Config` that the options and the environment set. Raises ConfigError."""
    return {
        "mail": mail_settings(options),
        "oidc": oidc_settings(options),
        "webhooks": webhook_settings(options),
        "operator": operator_settings(options),
        "witnesses": witness_settings(options),
        "postgresql": read_database(),
        "quotas": quotas(options),
        "shared": bool(getattr(options, "shared", False)),
    }


def check_shared(options: argparse.Namespace) -> None:
    """Raise ConfigError unless the options name what processes with one base URL need."""
    if not options.shared:
        return
    if sys.platform == "win32":
        raise ConfigError(tr("Several processes cannot share a data folder on Windows."))
    if read_database() is None:
        raise ConfigError(
            tr("Several processes need PostgreSQL: set %(variable)s.") % {"variable": DATABASE_URL}
        )
    if not options.port or (
        options.base_url is None and remembered_base_url(options.data_dir) is None
    ):
        raise ConfigError(
            tr(
                "--shared needs a --port for each process and the --base-url of all of them, which "
                "is the address of the proxy in front."
            )
        )


def remember(options: argparse.Namespace, config: Config, local_url: str) -> None:
    """Store the base URL, the operator and the witnesses for later starts and commands."""
    base_url = None if config.base_url == local_url else config.base_url
    remember_base_url(options.data_dir, base_url)
    if options.operator_file is not None:
        store_operator(options.data_dir, options.operator_file)
    if options.witnesses is not None:
        store_witnesses(options.data_dir, options.witnesses)


def add_quotas(parser: argparse.ArgumentParser) -> None:
    """Add the storage limits."""
    for name, text in _QUOTAS.items():
        default: Bound = getattr(Quotas(), name)
        help_ = tr("%(limit)s; default %(default)s") % {
            "limit": tr(text),
            "default": f"{default.files}:{default.bytes >> 20}",
        }
        parser.add_argument(f"--quota-{name}", type=_bound, metavar="FILES:MIB", help=help_)


def quotas(options: argparse.Namespace) -> Quotas:
    """The storage limits: the options of this start, else the defaults."""
    chosen = {name: getattr(options, f"quota_{name}", None) for name in _QUOTAS}
    return replace(Quotas(), **{name: bound for name, bound in chosen.items() if bound})


def _bound(text: str) -> Bound:
    """Parse a limit of files and MiB, such as `256:1024`."""
    files, _, mib = text.partition(":")
    for part in (files, mib):
        if not (part.isascii() and part.isdigit() and 1 <= int(part[:12]) <= 10**9):
            raise argparse.ArgumentTypeError(tr("a limit has the form FILES:MIB, such as 256:1024"))
    return Bound(int(files), int(mib) << 20)


def operator_settings(options: argparse.Namespace) -> OperatorSettings | None:
    """The operator of this start, or of an earlier one. Raises ConfigError."""
    file: Path | None = getattr(options, "operator_file", None)
    try:
        return stored_operator(options.data_dir) if file is None else read_operator(file)
    except OperatorSettingsError as error:
        raise ConfigError(str(error)) from error


def witness_settings(options: argparse.Namespace) -> WitnessPolicy:
    """The witnesses of this start, or of an earlier one. Raises ConfigError."""
    file: Path | None = getattr(options, "witnesses", None)
    try:
        return stored_witnesses(options.data_dir) if file is None else read_witnesses(file)
    except WitnessSettingsError as error:
        raise ConfigError(str(error)) from error


def add_mail(parser: argparse.ArgumentParser) -> None:
    """Add the options of the mail server."""
    add = parser.add_argument
    add("--smtp-host", metavar="HOST", help=tr("send messages to people through this mail server"))
    add("--smtp-port", type=int, metavar="N", help=tr("default: 587; 465 for tls, 25 for none"))
    add(
        "--smtp-security",
        choices=get_args(Security),
        default="starttls",
        help=tr("encryption of the connection; none: on this computer only"),
    )
    add("--smtp-user", metavar="NAME", help=tr("the user name at the mail server"))
    add(
        "--smtp-password-file",
        type=Path,
        metavar="FILE",
        help=tr("a file with the password for the mail server"),
    )
    add(
        "--smtp-ca-file",
        type=Path,
        metavar="FILE",
        help=tr("certificates of a private authority for the mail server (PEM)"),
    )
    add("--mail-from", metavar="ADDRESS", help=tr("the sender's address of all messages"))


def mail_settings(options: argparse.Namespace) -> MailSettings | None:
    """The mail server of the options; None without one. Raises ConfigError."""
    host: str | None = getattr(options, "smtp_host", None)
    if host is None:
        return None
    if options.mail_from is None:
        raise ConfigError(tr("--smtp-host needs --mail-from, the sender's address."))
    file: Path | None = options.smtp_password_file
    security: Security = options.smtp_security
    try:
        return MailSettings(
            host=host,
            sender=options.mail_from,
            port=options.smtp_port or PORTS[security],
            security=security,
            user=options.smtp_user,
            password=None if file is None else file.read_text("utf-8").strip(),
            ca_file=options.smtp_ca_file,
        )
    except MailSettingsError as error:
        raise ConfigError(str(error)) from error


def add_oidc(parser: argparse.ArgumentParser) -> None:
    """Add the options of the OpenID provider."""
    add = parser.add_argument
    add("--oidc-issuer", metavar="URL", help=tr("offer sign-in by this OpenID provider"))
    add("--oidc-client-id", metavar="ID", help=tr("the identifier of this site at the provider"))
    add(
        "--oidc-client-secret-file",
        type=Path,
        metavar="FILE",
        help=tr("a file with the secret of this site at the provider"),
    )
    add("--oidc-name", metavar="NAME", help=tr("the provider's name on the sign-in button"))


def oidc_settings(options: argparse.Namespace) -> OidcSettings | None:
    """The OpenID provider of the options; None without one. Raises ConfigError."""
    issuer: str | None = getattr(options, "oidc_issuer", None)
    if issuer is None:
        return None
    file: Path | None = options.oidc_client_secret_file
    if options.oidc_client_id is None or file is None:
        raise ConfigError(tr("--oidc-issuer needs --oidc-client-id and --oidc-client-secret-file."))
    try:
        return OidcSettings(
            issuer=issuer,
            client_id=options.oidc_client_id,
            client_secret=file.read_text("utf-8").strip(),
            name=options.oidc_name or urlsplit(issuer).hostname or issuer,
        )
    except OidcSettingsError as error:
        raise ConfigError(str(error)) from error


def add_webhooks(parser: argparse.ArgumentParser) -> None:
    """Add the options of webhooks."""
    add = parser.add_argument
    add(
        "--webhook-network",
        action="append",
        metavar="NETWORK",
        help=tr(
            "a network such as 10.0.0.0/8 to which webhooks may be sent, beside public addresses; "
            "a loopback network also permits http"
        ),
    )
    add(
        "--webhook-ca-file",
        type=Path,
        metavar="FILE",
        help=tr("certificates of a private authority for webhooks (PEM)"),
    )


def webhook_settings(options: argparse.Namespace) -> WebhookSettings:
    """The settings of webhooks. Raises ConfigError."""
    networks: list[str] | None = getattr(options, "webhook_network", None)
    file: Path | None = getattr(options, "webhook_ca_file", None)
    try:
        return WebhookSettings(networks=tuple(networks or ()), ca_file=file)
    except WebhookSettingsError as error:
        raise ConfigError(str(error)) from error
