"""Lists the marketplaces of a base folder from their state folders, which are the only list.

Rule kept: reads small files only, without a lock and without the network. A folder whose file is
damaged, too large or of another kind is left out; opening that folder reports the damage.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from diary.formats import json_fields
from uploader.account.membership import ENROLMENT_RECEIPT, PINNED
from uploader.store.index_rebuild import ENROLMENT

#: Bytes. A real file has less than two thousand.
_LARGEST = 64 * 1024


@dataclass(frozen=True)
class KnownMarketplace:
    """A marketplace with a state folder: its name, its address, and whether this computer has
    joined and not signed out since.
    """

    aud: str
    url: str
    signed_in: bool


def list_marketplaces(base: Path) -> tuple[KnownMarketplace, ...]:
    """The marketplaces of a base folder, by name; none for a folder that cannot be read."""
    try:
        found = [_read(path) for path in sorted(base.glob(f"*/{PINNED}"))]
    except OSError:
        return ()
    return tuple(each for each in found if each is not None)


def _read(path: Path) -> KnownMarketplace | None:
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
        obj = json.loads(data if len(data) <= _LARGEST else b"")
        url = json_fields.string(obj, "url", 2048)
        aud = json_fields.matching(obj, "aud", json_fields.AUD)
    # A deeply nested file is a RecursionError.
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    files = (path.with_name(ENROLMENT), path.with_name(ENROLMENT_RECEIPT))
    return KnownMarketplace(aud, url, all(file.is_file() for file in files))
