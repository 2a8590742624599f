"""Move the pictures of a marketplace that does not run from its data folder to an object store.

Each step can be repeated: a command that was interrupted continues when it is given again. The
files are removed only after all of them are in the store and the database names it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

from diary.formats.encoding import digest
from marketplace.core.config import ConfigError
from marketplace.core.i18n import tr
from marketplace.core.storage_settings.s3 import S3Settings
from marketplace.storage import data_folder
from marketplace.storage.blobs import BlobsError
from marketplace.storage.blobs.folder import FolderBlobs
from marketplace.storage.blobs.open import (
    FOLDER,
    first_key,
    require_place,
    store_place,
    stored_place,
)
from marketplace.storage.engines.sqlite import SqliteDatabase

#: Pictures between two lines of progress.
_REPORTED = 500


def move_pictures(data_dir: Path, s3: S3Settings, report: Callable[[str], None]) -> list[str]:
    """Copy all pictures to the object store, choose it, and remove the files; returns lines about
    the result. `report` gets lines of progress. The caller holds the lock of the folder.

    Raises ConfigError if the store cannot be used, or if the pictures are in a third place.
    """
    from marketplace.storage.blobs.s3 import explained, open_s3

    with contextlib.closing(SqliteDatabase(data_dir / data_folder.DATABASE)) as store:
        with store.read() as connection:
            stored, owner = stored_place(connection), first_key(connection)
        if stored != FOLDER:
            require_place(stored, s3)
        folder = FolderBlobs(data_dir / "blobs")
        target = open_s3(s3, data_dir / "blobs" / "arriving", owner)
        names = sorted(folder.names())
        moved, fresh = [], 0
        try:
            for number, sha in enumerate(names, 1):
                data = folder.read(sha)
                if data is not None and digest(data) == sha:
                    fresh += target.store(sha, data)
                    moved.append(sha)
                if number % _REPORTED == 0:
                    report(
                        tr("copied %(count)d of %(total)d pictures")
                        % {"count": number, "total": len(names)}
                    )
        except BlobsError as error:
            raise ConfigError(explained(s3, error)) from None
        store.write(lambda connection: store_place(connection, s3.place)).result()
        for sha in moved:
            folder.erase(sha)
    lines = [
        tr("moved %(count)d pictures to %(place)s; %(known)d were there already")
        % {"count": len(moved), "place": s3.place, "known": len(moved) - fresh}
    ]
    if damaged := len(names) - len(moved):
        lines.append(tr("left %(count)d damaged files in the data folder") % {"count": damaged})
    return lines
