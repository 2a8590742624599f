"""The settings of an S3-compatible object store for the pictures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from marketplace.core.i18n import tr

_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_PREFIX = re.compile(r"(?:[A-Za-z0-9!_.*'()-]{1,255}/){0,8}")
_REGION = re.compile(r"[A-Za-z0-9-]{1,64}")
_OPTIONS = {"endpoint", "region", "path-style", "ca-file", "upload-endpoint"}
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
#: The variables of AWS's own programs, the first one before the second.
_ENDPOINTS = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")
_REGIONS = ("AWS_REGION", "AWS_DEFAULT_REGION")


class S3SettingsError(ValueError):
    """An invalid setting; the message is a sentence for the operator, without the given value,
    which may contain a secret.
    """


@dataclass(frozen=True)
class S3Settings:
    """A bucket, and how to reach it.

    `prefix` is empty or ends with a slash. `endpoint` is None for Amazon. With `path_style` the
    bucket is in the path of each address, else in its host name. `ca_file` holds the certificates
    of a private authority. A request takes at most `timeout_s` seconds and is repeated for at most
    `retry_s`, at most `retries` times. Programs upload directly to the store at `upload_endpoint`;
    without one they do not. Credentials come from the environment, never from here.
    """

    bucket: str
    prefix: str = ""
    endpoint: str | None = None
    region: str = "us-east-1"
    path_style: bool = False
    ca_file: Path | None = None
    timeout_s: float = 30.0
    retry_s: float = 10.0
    retries: int = 4
    upload_endpoint: str | None = None

    @property
    def place(self) -> str:
        """The place of the pictures, without how to reach it."""
        return f"s3://{self.bucket}/{self.prefix}"

    @classmethod
    def parse(cls, url: str, environment: Mapping[str, str]) -> S3Settings:
        """The settings in `s3://bucket/prefix?endpoint=…&region=…&path-style=yes&ca-file=…`.

        Endpoint and region default to the variables of AWS's programs; the style is that of the
        path if there is an endpoint. Raises S3SettingsError.
        """
        try:
            parts = urlsplit(url)
        except ValueError:
            parts = urlsplit("")
        pairs = parse_qsl(parts.query, keep_blank_values=True)
        options = dict(pairs)
        prefix = f"{parts.path.strip('/')}/".lstrip("/")
        if (
            parts.scheme != "s3"
            or not _BUCKET.fullmatch(parts.netloc)
            or not _PREFIX.fullmatch(prefix)
            or {"./", "../"} & {f"{step}/" for step in prefix.split("/")}
            or parts.fragment
            or len(options) != len(pairs)
            or options.keys() - _OPTIONS
        ):
            raise S3SettingsError(
                tr(
                    "The place of the pictures is malformed. Write it like %(example)s; further "
                    "options are path-style=yes|no and ca-file=PATH. Credentials come from "
                    "variables such as AWS_ACCESS_KEY_ID."
                )
                % {"example": "s3://bucket/prefix?endpoint=https://s3.example&region=eu-central-1"}
            )
        endpoint = options.get("endpoint") or _first(environment, _ENDPOINTS)
        style = options.get("path-style", "yes" if endpoint else "no")
        if style not in {"yes", "no"}:
            raise S3SettingsError(tr("path-style is yes or no."))
        region = options.get("region") or _first(environment, _REGIONS) or cls.region
        if not _REGION.fullmatch(region):
            raise S3SettingsError(tr("The region of the object store is malformed."))
        file = options.get("ca-file")
        upload = options.get("upload-endpoint")
        return cls(
            bucket=parts.netloc,
            prefix=prefix,
            endpoint=None if endpoint is None else _checked_endpoint(endpoint),
            region=region,
            path_style=style == "yes",
            ca_file=Path(file) if file else None,
            upload_endpoint=None if upload is None else _checked_endpoint(upload),
        )

    def address(self, endpoint: str) -> str:
        """The address of the bucket below an endpoint, without a slash at its end."""
        if self.path_style:
            return f"{endpoint}/{self.bucket}"
        parts = urlsplit(endpoint)
        return f"{parts.scheme}://{self.bucket}.{parts.netloc}"


def _first(environment: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    return next((environment[name] for name in names if environment.get(name)), None)


def _checked_endpoint(url: str) -> str:
    """Scheme, host and port. Raises S3SettingsError."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        parts = urlsplit("")
    local = parts.scheme == "http" and parts.hostname in _LOOPBACK
    if (
        not (parts.scheme == "https" or local)
        or not parts.hostname
        or "@" in parts.netloc
        or parts.path.strip("/")
        or parts.query
        or parts.fragment
    ):
        raise S3SettingsError(
            tr(
                "The endpoint of the object store is an address like https://s3.example:8443, "
                "without a path; plain http works on this computer only."
            )
        )
    return f"{parts.scheme}://{parts.netloc}"
