"""Opens the pictures at the place that the settings choose."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from sqlalchemy import Connection, exists, select

from marketplace.core.config import Config, ConfigError
from marketplace.core.i18n import tr
from marketplace.core.storage_settings.s3 import S3Settings
from marketplace.storage import schema
from marketplace.storage.blobs.folder import FolderBlobs
from marketplace.storage.blobs.interface import Blobs, BlobsError
from marketplace.storage.database import Database

if TYPE_CHECKING:
    from marketplace.storage.blobs.direct_uploads import DirectUploads

#: The stored setting with the place of the pictures: an address, or this word.
PLACE_SETTING = "pictures"
FOLDER = "folder"
#: The stored setting with the addresses at which the store enforced what a signed address permits.
UPLOADS_SETTING = "direct_uploads"


def open_blobs(config: Config, store: Database) -> Blobs:
    """The pictures of a marketplace whose log has begun.

    Raises ConfigError if they cannot be used, or if the stored pictures are at another place: all
    would seem lost.
    """
    chosen = FOLDER if config.s3 is None else config.s3.place
    with store.read() as connection:
        stored = stored_place(connection)
        empty = not connection.execute(select(exists(select(schema.blob.c.sha256)))).scalar()
        owner = first_key(connection)
    if not empty:
        require_place(stored, config.s3)
    opened: Blobs = FolderBlobs(config.blobs, shared=store.shared)
    if config.s3 is not None:
        # Importing the library takes a while, and the default needs none of it.
        from marketplace.storage.blobs.s3 import open_s3

        opened = open_s3(
            config.s3,
            config.blobs / "arriving",
            owner,
            shared=store.shared,
            claimed=stored == chosen,
        )
    if stored != chosen:
        store.write(lambda connection: store_place(connection, chosen)).result()
    return opened


def open_direct_uploads(config: Config, store: Database, blobs: Blobs) -> DirectUploads | None:
    """The uploads of programs to the object store; None if the settings have none. Then those of an
    earlier start are removed.

    Raises ConfigError if the store does not enforce what a signed address permits. An outage of the
    store prevents no start with settings that an earlier one has tried.
    """
    if config.s3 is None:
        return None
    from marketplace.storage.blobs.s3 import S3Blobs

    assert isinstance(blobs, S3Blobs)  # noqa: S101 - for mypy: `open_blobs` has opened them
    if config.s3.upload_endpoint is None:
        # If the store fails, the next start removes them.
        with contextlib.suppress(BlobsError):
            for name in () if blobs.away else blobs.uploads():
                blobs.remove(name)
        return None
    from marketplace.storage.blobs.direct_uploads import DirectUploads

    opened = DirectUploads(config.s3, blobs)
    tried = f"{config.s3.place} {config.s3.endpoint} {config.s3.upload_endpoint}"
    with store.read() as connection:
        before = _setting(connection, UPLOADS_SETTING) == tried
    if opened.require_enforcement(tried_before=before) and not before:
        store.write(lambda connection: _store_setting(connection, UPLOADS_SETTING, tried)).result()
    return opened


def require_place(stored: str, s3: S3Settings | None) -> None:
    """Raise ConfigError if a command would look for the pictures at another place."""
    chosen = FOLDER if s3 is None else s3.place
    if stored != chosen:
        raise ConfigError(
            tr(
                "The pictures of this marketplace are in %(stored)s, not in %(chosen)s. Choose "
                "their place with --blobs or WORKDIARY_BLOBS; nothing was changed."
            )
            % {"stored": _shown(stored), "chosen": _shown(chosen)}
        )


def _shown(place: str) -> str:
    return tr("the data folder") if place == FOLDER else place


def stored_place(connection: Connection) -> str:
    """The place of the pictures at the last start."""
    return _setting(connection, PLACE_SETTING) or FOLDER


def store_place(connection: Connection, place: str) -> None:
    """Store the place of the pictures for later starts."""
    _store_setting(connection, PLACE_SETTING, place)


def _setting(connection: Connection, name: str) -> str | None:
    query = select(schema.setting.c.value).where(schema.setting.c.name == name)
    return connection.execute(query).scalar()


def _store_setting(connection: Connection, name: str, value: str) -> None:
    table = schema.setting
    connection.execute(table.delete().where(table.c.name == name))
    schema.insert(connection, table, [{"name": name, "value": value}])


def first_key(connection: Connection) -> str:
    """The key of the log's first shard, which identifies a marketplace and never changes."""
    columns = schema.shard.c
    query = select(columns.vkey).order_by(columns.number).limit(1)
    return str(connection.execute(query).scalar_one())
