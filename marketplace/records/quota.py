"""How many files and bytes of pictures the marketplace holds for an account and a contract.

A file is `waiting` from its upload until a segment of one of the account's own contracts names it;
then the contract holds it. The table `holding` counts both, and changes in the transaction that
changes `blob_owner`. Whoever reaches a limit gets the problem 507 with Retry-After: the sender
keeps the picture and tries again later.
"""

from __future__ import annotations

import contextlib
import threading
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from sqlalchemy import Connection, and_, exists, select, update

from diary.objects.segment import Segment
from marketplace.core.config import Bound, Quotas
from marketplace.core.problems import ProblemError
from marketplace.log.log import parts
from marketplace.records.statements import own_terms
from marketplace.storage import schema
from marketplace.storage.blobs import StoredBlob
from marketplace.storage.database import Database

#: The widest and highest thumbnail, in pixels, and its largest file, in bytes. A larger file never
#: counts as a thumbnail, so that no full picture is shown where a thumbnail is expected.
THUMB_WIDTH, THUMB_HEIGHT, THUMB_BYTES = 400, 800, 262_144
#: `ctr` of what no segment names yet.
WAITING = ""
#: How long a refused sender waits, in seconds.
RETRY_S = 600


@dataclass
class Usage:
    """What an account has stored: files and bytes by `ctr`, `WAITING` for what no segment names."""

    files: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    bytes: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, ctr: str, files: int, size: int) -> None:
        """Count more; negative numbers count less."""
        self.files[ctr] += files
        self.bytes[ctr] += size

    def over(self, quotas: Quotas, ctr: str) -> tuple[str, Bound] | None:
        """The limit that more of `ctr` exceeds, by its name in `Quotas`, and its bound."""
        name = "waiting" if ctr == WAITING else "contract"
        bound = quotas.waiting if ctr == WAITING else quotas.contract
        if self.files[ctr] > bound.files or self.bytes[ctr] > bound.bytes:
            return name, bound
        files, size = sum(self.files.values()), sum(self.bytes.values())
        if files > quotas.account.files or size > quotas.account.bytes:
            return "account", quotas.account
        return None


class PictureQuota:
    """Grants room before anything is stored. Thread-safe; its methods block on the disk."""

    def __init__(self, store: Database, quotas: Quotas, aud: str) -> None:
        self._store = store
        self._quotas = quotas
        self._aud = aud
        self._granting = threading.Lock()  # held by the one thread that grants room
        self._gate = threading.Lock()  # guards the next
        #: By account, the uploads that are granted and not stored yet.
        self._granted: defaultdict[str, Usage] = defaultdict(Usage)

    @contextlib.contextmanager
    def room(self, sub: str, sha: str, size: int) -> Iterator[None]:
        """Keep room for a file of `size` bytes until it is stored.

        Raises the problem `quota` (507) where there is none. A file that the account has already
        needs no room. Leaving the context does not block on the disk.
        """
        ctr = self._grant(sub, sha, size)
        try:
            yield
        finally:
            if ctr is not None:
                with self._gate:
                    self._granted[sub].add(ctr, -1, -size)
                    if not any(self._granted[sub].files.values()):
                        del self._granted[sub]

    def _grant(self, sub: str, sha: str, size: int) -> str | None:
        """Where the file counts; None for one that the account has already."""
        with self._granting:
            usage = Usage()
            # Grants are read before stored blobs, so that no blob is missing from both.
            with self._gate:
                for place, files in self._granted[sub].files.items():
                    usage.add(place, files, self._granted[sub].bytes[place])
            with self._store.read() as connection:
                if _held(connection, sub, sha) is not None:
                    return None
                ctr = naming(connection, sub, sha) or WAITING
                stored = usage_of(connection, sub)
            for place, files in stored.files.items():
                usage.add(place, files, stored.bytes[place])
            usage.add(ctr, 1, size)
            if (reached := usage.over(self._quotas, ctr)) is not None:
                raise refused(*reached)
            with self._gate:
                self._granted[sub].add(ctr, 1, size)
            return ctr

    def check_segment(self, connection: Connection, body: Segment, shas: Collection[str]) -> bool:
        """Whether the segment's contract holds the pictures of the segment.

        Raises the problem `quota` (507) where the contract has no room for those that wait.
        """
        if not shas or not holds(connection, self._aud, body):
            return False
        usage, files = usage_of(connection, body.sub), 0
        for sha in shas:
            held = _held(connection, body.sub, sha)
            if held is not None and held.ctr == WAITING:
                files += 1
                usage.add(WAITING, -1, -held.size)
                usage.add(body.ctr, 1, held.size)
        if files and (reached := usage.over(self._quotas, body.ctr)) is not None:
            raise refused(*reached)
        return True


def refused(name: str, bound: Bound) -> ProblemError:
    """The problem of a limit that is reached."""
    whose = {
        "waiting": "pictures that no segment names yet",
        "contract": "pictures of this contract",
        "account": "pictures of this account",
    }[name]
    return ProblemError(
        "quota",
        f"Not stored: the limit for {whose} is reached ({bound.files} files, "
        f"{bound.bytes // (1 << 20)} MiB). Keep the picture and send it again later.",
        headers={"Retry-After": str(RETRY_S)},
        limit=name,
    )


def is_thumbnail(width: int, height: int, size: int) -> bool:
    """Whether a stored file has the size of a thumbnail. An earlier version stored files without
    measuring them: they have 0 by 0 pixels here, and their bytes decide.
    """
    return width <= THUMB_WIDTH and height <= THUMB_HEIGHT and size <= THUMB_BYTES


def too_large(connection: Connection, shas: Collection[str]) -> set[str]:
    """Those of the stored files that are too large for a thumbnail."""
    columns = schema.blob.c
    found: set[str] = set()
    for part in parts(sorted(shas)):
        rows = connection.execute(select(schema.blob).where(columns.sha256.in_(part)))
        found |= {row.sha256 for row in rows if not is_thumbnail(row.width, row.height, row.size)}
    return found


def usage_of(connection: Connection, sub: str) -> Usage:
    """What an account has stored."""
    usage = Usage()
    rows = connection.execute(select(schema.holding).where(schema.holding.c.sub == sub))
    for row in rows:
        usage.add(row.ctr, row.files, row.bytes)
    return usage


def holds(connection: Connection, aud: str, body: Segment) -> bool:
    """Whether pictures of a segment are kept: its contract is one of the account's own and active.

    After the contract's end that is so for work under terms which were active, as it may arrive
    late.
    """
    contract = schema.contract.c
    freelancer = connection.execute(
        select(contract.freelancer).where(contract.ctr == body.ctr)
    ).scalar()
    if freelancer != body.sub:
        return False
    own = own_terms(connection, aud, body)
    return own is not None and own.state == "active"


def naming(connection: Connection, sub: str, sha: str) -> str | None:
    """The contract of a stored segment of the account that holds this picture, if any."""
    part, segment, device = schema.segment_blob, schema.segment, schema.device
    return connection.execute(
        select(segment.c.ctr)
        .join(part, part.c.segment == segment.c.hash)
        .join(device, device.c.kid == segment.c.kid)
        .where(part.c.sha256 == sha, device.c.sub == sub)
        .order_by(segment.c.idx)
        .limit(1)
    ).scalar()


def take(connection: Connection, sub: str, sha: str, stored: StoredBlob, now_s: int) -> None:
    """Note that an account has sent a file; sent again, it waits anew from now on."""
    blob: dict[str, object] = {
        "sha256": sha,
        "size": stored.size,
        "mime": "image/webp",
        "stored_s": now_s,
        "width": stored.width,
        "height": stored.height,
    }
    schema.insert(connection, schema.blob, [blob])
    owner = schema.blob_owner
    if _held(connection, sub, sha) is not None:
        here = and_(owner.c.sub == sub, owner.c.sha256 == sha)
        connection.execute(update(owner).where(here).values(stored_s=now_s))
        return
    ctr = naming(connection, sub, sha) or WAITING
    row: dict[str, object] = {"sha256": sha, "sub": sub, "stored_s": now_s, "ctr": ctr}
    schema.insert(connection, owner, [row])
    _count(connection, sub, ctr, 1, stored.size)


def charge(connection: Connection, sub: str, ctr: str, shas: Collection[str]) -> None:
    """Let a contract hold those of the files that wait, since a segment of it names them."""
    owner = schema.blob_owner
    for sha in sorted(shas):
        held = _held(connection, sub, sha)
        if held is not None and held.ctr == WAITING:
            here = and_(owner.c.sub == sub, owner.c.sha256 == sha)
            connection.execute(update(owner).where(here).values(ctr=ctr))
            _count(connection, sub, WAITING, -1, -held.size)
            _count(connection, sub, ctr, 1, held.size)


def give_up(connection: Connection, sub: str, sha: str) -> None:
    """Forget that an account has sent a file."""
    held = _held(connection, sub, sha)
    if held is None:
        return
    owner = schema.blob_owner
    connection.execute(owner.delete().where(owner.c.sha256 == sha, owner.c.sub == sub))
    _count(connection, sub, held.ctr, -1, -held.size)


@dataclass(frozen=True)
class _Held:
    ctr: str
    size: int


def _held(connection: Connection, sub: str, sha: str) -> _Held | None:
    owner, blob = schema.blob_owner, schema.blob
    row = connection.execute(
        select(owner.c.ctr, blob.c.size)
        .join(blob, blob.c.sha256 == owner.c.sha256)
        .where(owner.c.sub == sub, owner.c.sha256 == sha)
    ).first()
    return None if row is None else _Held(row.ctr, row.size)


def _count(connection: Connection, sub: str, ctr: str, files: int, size: int) -> None:
    table = schema.holding
    here = and_(table.c.sub == sub, table.c.ctr == ctr)
    if connection.execute(select(exists().where(here))).scalar():
        connection.execute(
            update(table)
            .where(here)
            .values(files=table.c.files + files, bytes=table.c.bytes + size)
        )
    else:
        row: dict[str, object] = {"sub": sub, "ctr": ctr, "files": files, "bytes": size}
        schema.insert(connection, table, [row])
