"""Options of `serve` for the services around the marketplace."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, get_args
from urllib.parse import urlsplit

from marketplace.core.config import ConfigError
from marketplace.core.i18n import tr
from marketplace.core.mail_settings import PORTS, MailSettings, MailSettingsError, Security
from marketplace.core.oidc_settings import OidcSettings, OidcSettingsError


def add_to(parser: argparse.ArgumentParser) -> None:
    """Add all options of this module."""
    add_mail(parser)
    add_oidc(parser)


def settings(options: argparse.Namespace) -> dict[str, Any]:
    """The members of `Config` that the options set. Raises ConfigError."""
    return {"mail": mail_settings(options), "oidc": oidc_settings(options)}


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
