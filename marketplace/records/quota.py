"""Storage limits: files and bytes of pictures per account and contract.

A file is `waiting` from its upload until a segment of one of the account's contracts names it; then
it is charged to that contract. The table `storage_usage` counts both, and changes in the
transaction that changes `blob_owner`. At a limit the upload gets the problem 507 with Retry-After,
and the client keeps the picture and tries again later.
"""

from __future__ import annotations

import contextlib
import threading
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from sqlalchemy import Connection, and_, exists, func, select, update

from diary.objects.segment import Segment
from marketplace.core.config import Bound, Quotas
from marketplace.core.problems import ProblemError
from marketplace.log.log import parts
from marketplace.records.statements import own_terms
from marketplace.storage import schema
from marketplace.storage.blobs import StoredBlob
from marketplace.storage.database import Database

#: The largest width and height (pixels) and file size (bytes) of a thumbnail, so that no full
#: picture is shown in place of a thumbnail.
THUMB_WIDTH, THUMB_HEIGHT, THUMB_BYTES = 400, 800, 262_144
#: `ctr` of files that no segment names yet.
WAITING = ""
#: Retry-After of a refused upload, in seconds.
RETRY_S = 600


@dataclass
class Usage:
    """Stored files and bytes of an account by `ctr`; `WAITING` for files that no segment names."""

    files: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    bytes: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, ctr: str, files: int, size: int) -> None:
        """Add files and bytes; negative numbers subtract."""
        self.files[ctr] += files
        self.bytes[ctr] += size

    def over(self, quotas: Quotas, ctr: str) -> tuple[str, Bound] | None:
        """The exceeded limit of `ctr` or of the account: its name in `Quotas` and its bound."""
        name = "waiting" if ctr == WAITING else "contract"
        bound = quotas.waiting if ctr == WAITING else quotas.contract
        if self.files[ctr] > bound.files or self.bytes[ctr] > bound.bytes:
            return name, bound
        files, size = sum(self.files.values()), sum(self.bytes.values())
        if files > quotas.account.files or size > quotas.account.bytes:
            return "account", quotas.account
        return None


class PictureQuota:
    """Reserves storage for uploads. Thread-safe; its methods block on the disk."""

    def __init__(self, store: Database, quotas: Quotas, aud: str) -> None:
        self._store = store
        self._quotas = quotas
        self._aud = aud
        self._granting = threading.Lock()  # serialises reservations
        self._gate = threading.Lock()  # guards `_granted`
        #: Reserved and not yet stored uploads, by account.
        self._granted: defaultdict[str, Usage] = defaultdict(Usage)

    @contextlib.contextmanager
    def reserve(self, sub: str, sha: str, size: int) -> Iterator[None]:
        """Reserve `size` bytes for a file while the block runs.

        Raises the problem `quota` (507) at a limit. A file that the account has already sent needs
        no reservation. Leaving the block does not block on the disk.
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
        """The `ctr` that the file is charged to; None if the account has already sent it."""
        with self._granting:
            usage = Usage()
            # Read reservations before stored files, so that no file is missing from both.
            with self._gate:
                for granted, files in self._granted[sub].files.items():
                    usage.add(granted, files, self._granted[sub].bytes[granted])
            with self._store.read() as connection:
                if _held(connection, sub, sha) is not None:
                    return None
                ctr = contract_naming(connection, sub, sha) or WAITING
                stored = usage_of(connection, sub)
                _add_pending(connection, sub, sha, stored)
            for held, files in stored.files.items():
                usage.add(held, files, stored.bytes[held])
            usage.add(ctr, 1, size)
            if (reached := usage.over(self._quotas, ctr)) is not None:
                raise refused(*reached)
            with self._gate:
                self._granted[sub].add(ctr, 1, size)
            return ctr

    def require_room(self, connection: Connection, sub: str, sha: str) -> None:
        """Raise the problem `quota` (507) in a transaction that stored a file beyond a limit, since
        a process knows only its own reservations.
        """
        held = _held(connection, sub, sha)
        usage = usage_of(connection, sub)
        if held is not None and (reached := usage.over(self._quotas, held.ctr)) is not None:
            raise refused(*reached)

    def check_segment(
        self,
        connection: Connection,
        body: Segment,
        shas: Collection[str],
        charged: Collection[str] = frozenset(),
    ) -> bool:
        """Whether pictures of the segment are stored for its contract. `charged` are waiting ones
        that earlier segments of its batch name.

        Raises the problem `quota` (507) if the waiting ones exceed a limit of the contract.
        """
        if not shas or not holds(connection, self._aud, body):
            return False
        usage, files = usage_of(connection, body.sub), 0
        for sha in {*shas, *charged}:
            held = _held(connection, body.sub, sha)
            if held is not None and held.ctr == WAITING:
                files += sha not in charged
                usage.add(WAITING, -1, -held.size)
                usage.add(body.ctr, 1, held.size)
        if files and (reached := usage.over(self._quotas, body.ctr)) is not None:
            raise refused(*reached)
        return True


def refused(name: str, bound: Bound) -> ProblemError:
    """The problem for an exceeded limit."""
    owners = {
        "waiting": "pictures that no segment names yet",
        "contract": "pictures of this contract",
        "account": "pictures of this account",
    }[name]
    return ProblemError(
        "quota",
        f"Not stored: the limit for {owners} is reached ({bound.files} files, "
        f"{bound.bytes // (1 << 20)} MiB). Keep the picture and send it again later.",
        headers={"Retry-After": str(RETRY_S)},
        limit=name,
    )


def is_thumbnail(width: int, height: int, size: int) -> bool:
    """Whether a stored file has the size of a thumbnail. Files of an earlier version were not
    measured: they have 0 by 0 pixels, and only their bytes decide.
    """
    return width <= THUMB_WIDTH and height <= THUMB_HEIGHT and size <= THUMB_BYTES


def too_large(connection: Connection, shas: Collection[str]) -> set[str]:
    """The stored files among `shas` that are too large for a thumbnail."""
    columns = schema.blob.c
    found: set[str] = set()
    for part in parts(sorted(shas)):
        rows = connection.execute(select(schema.blob).where(columns.sha256.in_(part)))
        found |= {row.sha256 for row in rows if not is_thumbnail(row.width, row.height, row.size)}
    return found


def held_by(connection: Connection, sub: str, shas: Collection[str]) -> dict[str, bool]:
    """Whether the marketplace has each file from the account `sub`. The bytes are not read."""
    columns = schema.blob_owner.c
    found = dict.fromkeys(shas, False)
    for part in parts(sorted(shas)):
        query = select(columns.sha256).where(columns.sub == sub, columns.sha256.in_(part))
        found |= {row.sha256: True for row in connection.execute(query)}
    return found


def usage_of(connection: Connection, sub: str) -> Usage:
    """The stored files and bytes of an account."""
    usage = Usage()
    rows = connection.execute(select(schema.storage_usage).where(schema.storage_usage.c.sub == sub))
    for row in rows:
        usage.add(row.ctr, row.files, row.bytes)
    return usage


def _add_pending(connection: Connection, sub: str, sha: str, usage: Usage) -> None:
    """Add the uploads to the object store that are not complete, except for that of `sha`."""
    pending = schema.pending_upload.c
    query = select(func.count(), func.coalesce(func.sum(pending.size), 0)).where(
        pending.sub == sub, pending.sha256 != sha
    )
    files, size = connection.execute(query).one()
    usage.add(WAITING, files, int(size))


def holds(connection: Connection, aud: str, body: Segment) -> bool:
    """Whether pictures of a segment are stored: its contract belongs to the freelancer, and the
    segment's own terms are active. Late segments of an ended contract keep their pictures.
    """
    contract = schema.contract.c
    freelancer = connection.execute(
        select(contract.freelancer).where(contract.ctr == body.ctr)
    ).scalar()
    if freelancer != body.sub:
        return False
    own = own_terms(connection, aud, body)
    return own is not None and own.state == "active"


def contract_naming(connection: Connection, sub: str, sha: str) -> str | None:
    """The contract of the first stored segment of the account that names a picture, if any."""
    part, segment, device = schema.segment_blob, schema.segment, schema.device
    return connection.execute(
        select(segment.c.ctr)
        .join(part, part.c.segment == segment.c.hash)
        .join(device, device.c.kid == segment.c.kid)
        .where(part.c.sha256 == sha, device.c.sub == sub)
        .order_by(segment.c.idx)
        .limit(1)
    ).scalar()


def add_blob(connection: Connection, sub: str, sha: str, stored: StoredBlob, now_s: int) -> None:
    """Record that an account has sent a file; a repetition restarts its waiting time."""
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
    ctr = contract_naming(connection, sub, sha) or WAITING
    row: dict[str, object] = {"sha256": sha, "sub": sub, "stored_s": now_s, "ctr": ctr}
    schema.insert(connection, owner, [row])
    _count(connection, sub, ctr, 1, stored.size)


def assign_to_contract(connection: Connection, sub: str, ctr: str, shas: Collection[str]) -> None:
    """Charge waiting files to a contract, since one of its segments names them."""
    owner = schema.blob_owner
    for sha in sorted(shas):
        held = _held(connection, sub, sha)
        if held is not None and held.ctr == WAITING:
            here = and_(owner.c.sub == sub, owner.c.sha256 == sha)
            connection.execute(update(owner).where(here).values(ctr=ctr))
            _count(connection, sub, WAITING, -1, -held.size)
            _count(connection, sub, ctr, 1, held.size)


def remove_owner(connection: Connection, sub: str, sha: str) -> None:
    """Remove an account's ownership of a file."""
    held = _held(connection, sub, sha)
    if held is None:
        return
    owner = schema.blob_owner
    connection.execute(owner.delete().where(owner.c.sha256 == sha, owner.c.sub == sub))
    _count(connection, sub, held.ctr, -1, -held.size)


def is_owner(connection: Connection, sub: str, sha: str) -> bool:
    """Whether an account has sent a file."""
    return _held(connection, sub, sha) is not None


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
    table = schema.storage_usage
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
