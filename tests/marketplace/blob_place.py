"""The place of the pictures in tests: a folder, or with `--blobs s3` a real object store."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import obstore

from diary.formats.encoding import digest
from marketplace.core.storage_settings.s3 import S3Settings
from marketplace.storage.blobs.s3 import object_store

#: The variable with the object store; processes that a test starts inherit it.
PLACE = "WORKDIARY_TEST_BLOBS"


def s3_of(folder: Path) -> S3Settings | None:
    """The prefix of a data folder's pictures, the same for each start; None for the folder."""
    url = os.environ.get(PLACE)
    if url is None:
        return None
    prefix = digest(os.fsencode(folder.resolve()))[:22]
    return replace(S3Settings.parse(url, {}), prefix=f"{prefix}/")


def objects_of(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The objects of a data folder with their keys; none if its pictures are in the folder."""
    settings = s3_of(folder)
    if settings is None:
        return
    store = object_store(settings)
    for entry in obstore.list(store).collect():
        yield entry["path"], bytes(obstore.get(store, entry["path"]).bytes())


def options_of(folder: Path) -> list[str]:
    """The options by which a command finds the pictures of a data folder."""
    settings = s3_of(folder)
    if settings is None:
        return []
    return ["--blobs", f"{settings.place}?endpoint={settings.endpoint}"]
