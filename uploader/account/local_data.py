"""The data of the state folder: its size, the part that the marketplace has not logged, and its
deletion after a sign-out.

Rules kept: counting only reads files and needs no lock and no key; a deleted folder disappears in
one step, so that a crash never leaves a part of a record; the keys are destroyed before, by
`uploader.account.sign_out`.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from diary.core.findings import DiaryError
from diary.objects.segment import parse
from system.files import TEMPORARY, move
from system.locks import lock_file
from uploader.account.membership import PINNED
from uploader.errors import from_os
from uploader.store.index_rebuild import RECEIPT, REFUSED, SEGMENT, pictures
from uploader.store.state_folder import folder_name, marketplace_of
from uploader.store.statements import FORMS, StatementKind

#: The statements that change recorded work.
_CHANGES = (StatementKind.AMEND, StatementKind.TOMBSTONE)
#: The name of a record of the journal with a segment that was not sealed.
_UNSEALED = "stretch.*"


@dataclass(frozen=True)
class Unsent:
    """The work that the log of the marketplace does not have.

    `segments` wait with their pictures, `changes` are memos and deletions that wait; `size` is the
    number of bytes of both. `refused` segments wait for nothing. `seconds` are those of the waiting
    and the refused segments, `unsealed` counts recordings that ended before they were sealed.
    """

    segments: int = 0
    changes: int = 0
    size: int = 0
    refused: int = 0
    seconds: int = 0
    unsealed: int = 0

    def __add__(self, other: Unsent) -> Unsent:
        return Unsent(
            self.segments + other.segments,
            self.changes + other.changes,
            self.size + other.size,
            self.refused + other.refused,
            self.seconds + other.seconds,
            self.unsealed + other.unsealed,
        )

    @property
    def waiting(self) -> int:
        """The number of segments and changes that wait."""
        return self.segments + self.changes

    @property
    def is_empty(self) -> bool:
        """Whether a deletion of the folder would lose nothing that counts."""
        return not (self.waiting or self.refused or self.unsealed)


@dataclass(frozen=True)
class LocalData:
    """The data in a folder: all its bytes, and what is not at the marketplace. `by_marketplace` has
    the same for each marketplace of a base folder, by its name.
    """

    size: int
    unsent: Unsent
    by_marketplace: Mapping[str, Unsent] = field(default_factory=dict)


def measure(base: Path) -> LocalData:
    """The data of all marketplaces in the base folder. Removes what an interrupted deletion left.

    A file that cannot be read or disappears meanwhile counts nothing.
    """
    for left in base.glob(f"{TEMPORARY}*/"):
        shutil.rmtree(left, ignore_errors=True)
    folders = sorted(path.parent for path in base.glob(f"*/{PINNED}"))
    each = {marketplace_of(folder.name): unsent(folder) for folder in folders}
    return LocalData(_size(base), sum(each.values(), Unsent()), each)


def measure_one(base: Path, aud: str) -> LocalData:
    """The data of one marketplace."""
    folder = base / folder_name(aud)
    return LocalData(_size(folder), unsent(folder))


def unsent(folder: Path) -> Unsent:
    """The work that the marketplace of a state folder has not logged."""
    segments = refused = seconds = size = 0
    named: set[str] = set()
    for path in folder.glob(f"segments/*/*{SEGMENT}"):
        if path.with_suffix(RECEIPT).exists():
            continue
        is_refused = path.with_suffix(REFUSED).exists()
        refused += is_refused
        segments += not is_refused
        try:
            data = path.read_bytes()
            sealed = parse(data)
        except (OSError, DiaryError):
            # Its time is unknown, and it still counts as a segment.
            continue
        seconds += sealed.segment.seconds
        if not is_refused:
            size += len(data)
            named.update(pictures(sealed))
    size += sum(_file_size(folder / "blobs" / sha) for sha in named)
    waiting = [
        path
        for form in (FORMS[kind] for kind in _CHANGES)
        for path in folder.glob(f"{form.folder}/*{form.ending}")
        if not any(path.with_suffix(ending).exists() for ending in (RECEIPT, REFUSED))
    ]
    size += sum(map(_file_size, waiting))
    unsealed = sum(1 for _ in folder.glob(f"journal/{_UNSEALED}"))
    return Unsent(segments, len(waiting), size, refused, seconds, unsealed)


def delete(base: Path, aud: str) -> None:
    """Delete the state folder of a marketplace; a missing one is no error.

    Raises StoreError: ALREADY_RUNNING while a client uses it, or an error of the disk.
    """
    # A folder on another drive may be linked.
    folder = (base / folder_name(aud)).resolve()
    doomed = folder.with_name(f"{TEMPORARY}{secrets.token_hex(8)}")
    try:
        if not folder.is_dir():
            return
        lock_file(folder / "lock").close()
        move(folder, doomed)
        shutil.rmtree(doomed)
    except OSError as error:
        raise from_os(error) from error


def _size(folder: Path) -> int:
    """The bytes of all files below a folder. Links are not followed, except the folder itself and
    those directly in it, as for a marketplace on another drive.
    """
    total = 0
    with suppress(OSError):
        for entry in os.scandir(folder):
            with suppress(OSError):
                if entry.is_dir():
                    total += _size_below(entry.path)
                else:
                    total += entry.stat().st_size
    return total


def _size_below(folder: str) -> int:
    total = 0
    for root, _, names in os.walk(folder):
        total += sum(_file_size(Path(root, name)) for name in names)
    return total


def _file_size(path: Path) -> int:
    try:
        return path.lstat().st_size
    except OSError:
        return 0
