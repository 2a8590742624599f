"""The settings of a marketplace and the paths of its files.

The data folder (mode 0700) holds the database, the blobs, the keys (0600) and the lock.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from diary.core.demo_clock import MAX_SPEED
from diary.formats.json_fields import AUD
from diary.log.witnessing.witnesses import NO_WITNESSES, WitnessPolicy
from marketplace.core.i18n import tr
from marketplace.core.mail_settings import MailSettings
from marketplace.core.oidc_settings import OidcSettings
from marketplace.core.operator_settings import OperatorSettings
from marketplace.core.storage_settings.s3 import S3Settings
from marketplace.core.webhook_settings import WebhookSettings
from system.files import private_dir, write_private

#: Version of the published rules of this marketplace (docs/rules.md).
RULES = "1"
MAX_BLOB = 20 * 1024 * 1024
MAX_SEGMENT = 65_536
#: A batch of segments.
MAX_BATCH = 1_048_576

#: Scheme, host and port; no user, path or query. A host is a name or an IP address.
_BASE_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::(?P<port>[0-9]{1,5}))?"
)
_BASE_URL_FILE = "base-url"
_LOOPBACK = {"127.0.0.1", "localhost", "[::1]"}
#: The environment variable with the address of a PostgreSQL database.
DATABASE_URL = "WORKDIARY_DATABASE_URL"
_SCHEMES = ("postgresql://", "postgres://")
#: The shortest token for the metrics, in characters.
MIN_TOKEN = 16


class ConfigError(ValueError):
    """An invalid setting; the message is a sentence for the operator."""


@dataclass(frozen=True)
class Bound:
    """A limit of files and bytes."""

    files: int
    bytes: int


@dataclass(frozen=True)
class Quotas:
    """The limits of the pictures that are stored for one account and one contract.

    A slot with three pictures and their thumbnails has six files, and a month of such slots around
    the clock 25,920: a month recorded offline uses a quarter of its contract's limit. `waiting`
    limits files that no segment names yet; it fits the batches of several devices, of at most 48
    files each.
    """

    waiting: Bound = Bound(256, 1 << 30)
    contract: Bound = Bound(100_000, 64 << 30)
    account: Bound = Bound(200_000, 128 << 30)


@dataclass(frozen=True)
class DatabaseSettings:
    """How to connect to a PostgreSQL database.

    `parameters` are libpq's (PostgreSQL documentation, section 34.1.2). They may contain a
    password, so they are never logged; `label` contains none.
    """

    parameters: Mapping[str, str] = field(repr=False)

    @property
    def label(self) -> str:
        """The name of the database for messages."""
        return self.parameters.get("dbname") or self.parameters.get("service") or "postgresql"


@dataclass(frozen=True)
class Config:
    """Settings of a marketplace process.

    `name` is the `aud` of the protocol; `base_url` the address that clients use, without a
    trailing slash; `speed` 1..600 demo seconds per second, or None for real time; `jitter_s`
    (0..300) the seconds over which clients spread their uploads; `proxies` the addresses or
    networks of trusted proxies, whose X-Forwarded-For is trusted; `metrics_token` authorises
    `/metrics`, which is disabled without one; `mail` sends messages, None sends none; `oidc` is the
    provider for sign-in; `webhooks` are the networks to which events may be sent; the privacy
    notice names `operator`; `postgresql` is the database, None for SQLite in the folder; `s3`
    stores the pictures, without it the data folder does; `witnesses` are asked to cosign the log;
    other processes serve the same database if it is `shared`.
    """

    data_dir: Path
    name: str
    base_url: str
    speed: int | None = None
    jitter_s: int = 0
    proxies: tuple[str, ...] = ()
    quotas: Quotas = Quotas()
    metrics_token: str | None = None
    mail: MailSettings | None = None
    oidc: OidcSettings | None = None
    postgresql: DatabaseSettings | None = None
    webhooks: WebhookSettings = field(default_factory=WebhookSettings)
    operator: OperatorSettings | None = None
    s3: S3Settings | None = None
    witnesses: WitnessPolicy = NO_WITNESSES
    shared: bool = False

    def __post_init__(self) -> None:
        if not AUD.fullmatch(self.name):
            raise ConfigError(
                tr(
                    "%(name)r cannot be a marketplace's name: use lower case letters, digits, "
                    "dots, hyphens and colons."
                )
                % {"name": self.name}
            )
        parts = _BASE_URL.fullmatch(self.base_url)
        if parts is None or not 0 < int(parts["port"] or 80) < 65_536:
            raise ConfigError(
                tr(
                    "%(url)r cannot be the base URL: write it like https://diary.example or "
                    "https://diary.example:8443, in lower case, without a path."
                )
                % {"url": self.base_url}
            )
        if parts["scheme"] == "http" and parts["host"] not in _LOOPBACK:
            raise ConfigError(
                tr(
                    "%(url)r is not encrypted. Use https with a TLS proxy; plain http works on "
                    "this computer only."
                )
                % {"url": self.base_url}
            )
        if self.metrics_token is not None and not (
            len(self.metrics_token) >= MIN_TOKEN and self.metrics_token.isascii()
        ):
            raise ConfigError(
                tr("The metrics token must have at least %(number)d ASCII characters.")
                % {"number": MIN_TOKEN}
            )
        if self.speed is not None and not 1 <= self.speed <= MAX_SPEED:
            raise ConfigError(
                tr("The demo's speed is a whole number from 1 to %(number)d.")
                % {"number": MAX_SPEED}
            )
        if (self.speed is not None) != self.name.startswith("demo."):
            raise ConfigError(
                tr(
                    "A demo's name begins with 'demo.', and no other name does, so that no demo "
                    "record can pass as real."
                )
            )
        if self.shared and self.postgresql is None:
            raise ConfigError(
                tr("Several processes need PostgreSQL: set %(variable)s.")
                % {"variable": DATABASE_URL}
            )
        for proxy in self.proxies:
            try:
                ipaddress.ip_network(proxy)
            except ValueError as error:
                raise ConfigError(
                    tr("%(proxy)r is not the address of a proxy, nor a network like 10.0.0.0/8.")
                    % {"proxy": proxy}
                ) from error
        if not 0 <= self.jitter_s <= 300:
            raise ConfigError(tr("The upload jitter is 0 to 300 seconds."))

    @property
    def secure(self) -> bool:
        """Whether clients connect over TLS."""
        return self.base_url.startswith("https:")

    @property
    def host(self) -> str:
        """The required `Host` header of a request."""
        return self.base_url.partition("//")[2]

    @property
    def database(self) -> Path:
        """The SQLite file; absent with PostgreSQL."""
        return self.data_dir / "marketplace.sqlite"

    @property
    def blobs(self) -> Path:
        """The folder of pictures, by hash, and of uploads that are arriving."""
        return self.data_dir / "blobs"

    @property
    def keys(self) -> Path:
        """The folder of this marketplace's secret keys."""
        return self.data_dir / "keys"


def read_database(environment: Mapping[str, str] | None = None) -> DatabaseSettings | None:
    """The database of the environment; None for SQLite. Raises ConfigError."""
    url = (os.environ if environment is None else environment).get(DATABASE_URL, "").strip()
    return parse_database_url(url) if url else None


def parse_database_url(url: str) -> DatabaseSettings:
    """The settings of a connection URI. Raises ConfigError."""
    if not url.startswith(_SCHEMES):
        raise ConfigError(
            tr(
                "%(variable)s must begin with postgresql://. Remove it to use SQLite in the data "
                "folder."
            )
            % {"variable": DATABASE_URL}
        )
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    try:
        found = conninfo_to_dict(url)
    except (ProgrammingError, UnicodeError):
        # Its message can repeat a part of the password.
        raise _malformed() from None
    parameters = {name: str(value) for name, value in found.items() if value is not None}
    # A password with an unescaped "/", "?" or "@" ends up in other parts of the address, which
    # libpq's messages repeat.
    ports = parameters.get("port", "").split(",")
    names = (parameters.get("host", ""), parameters.get("dbname", ""))
    if any("@" in name for name in names) or not all(
        port == "" or (port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65_536)
        for port in ports
    ):
        raise _malformed()
    return DatabaseSettings(parameters)


def _malformed() -> ConfigError:
    return ConfigError(
        tr(
            "%(variable)s is not an address like postgresql://user:password@host:5432/database. "
            "Write special characters of the password as percent codes, such as %%40 for @."
        )
        % {"variable": DATABASE_URL}
    )


def secret(path: Path, size: int = 32) -> bytes:
    """The `size` secret bytes in a file (hexadecimal, mode 0600), created durably on first use.

    Raises ConfigError for a damaged file: a lost key must never be replaced silently.
    """
    private_dir(path.parent)
    if not path.exists():
        write_private(path, secrets.token_hex(size).encode() + b"\n")
    try:
        data = bytes.fromhex(path.read_text("ascii").strip())
    except ValueError:
        data = b""
    if len(data) != size:
        raise ConfigError(
            tr("%(path)s is damaged. Restore this file from your backup.") % {"path": path}
        )
    return data


def remembered_base_url(data_dir: Path) -> str | None:
    """The stored base URL of an earlier start; None if there is none."""
    with contextlib.suppress(FileNotFoundError):
        return (data_dir / _BASE_URL_FILE).read_text("ascii").strip()
    return None


def remember_base_url(data_dir: Path, base_url: str | None) -> None:
    """Store a base URL for later starts and commands; None deletes it."""
    if base_url is None:
        (data_dir / _BASE_URL_FILE).unlink(missing_ok=True)
    elif base_url != remembered_base_url(data_dir):
        write_private(data_dir / _BASE_URL_FILE, f"{base_url}\n".encode())
