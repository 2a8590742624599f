"""Options of all commands for the storage of a marketplace."""

from __future__ import annotations

import argparse
import os

from marketplace.core.config import ConfigError
from marketplace.core.i18n import tr
from marketplace.core.storage_settings.s3 import S3Settings, S3SettingsError

#: The variable with the place of the pictures.
BLOBS = "WORKDIARY_BLOBS"


def add_to(parser: argparse.ArgumentParser) -> None:
    """Add the options of this module."""
    parser.add_argument(
        "--blobs",
        metavar="URL",
        default=os.environ.get(BLOBS) or None,
        help=tr(
            "store the pictures in an object store: s3://bucket/prefix?endpoint=URL; default: the "
            "variable %(name)s, else the data folder"
        )
        % {"name": BLOBS},
    )


def s3_settings(options: argparse.Namespace) -> S3Settings | None:
    """The object store of the options; None for the data folder. Raises ConfigError."""
    url: str | None = options.blobs
    if url is None:
        return None
    try:
        return S3Settings.parse(url, os.environ)
    except S3SettingsError as error:
        raise ConfigError(str(error)) from error
