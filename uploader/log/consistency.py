"""One history of the log: all tree heads that the marketplace signs must belong to one tree.

Rules kept (`docs/protocol.md` §7.6): the largest verified checkpoint of each shard is stored
(`checkpoints/<log name>`); every other one stays pending (`checkpoints/owed/`) until the log's
tiles prove that both belong to one tree, however long that takes; a tile is trusted only as far as
a signed root proves it. Two contradicting tree heads are stored verbatim as evidence (`evidence/`)
with the time and the source of each, and are reported; they void nothing, and recording continues.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from diary.core.findings import Code, DiaryError
from diary.formats import json_fields
from diary.formats.encoding import b64url_decode, canonical, digest
from diary.log.checkpoint import Checkpoint, open_checkpoint
from diary.log.merkle import verify_consistency
from diary.log.position import Origin
from diary.log.shard_keys import open_key
from diary.log.tiles import Tile, TileReader
from uploader.errors import Problem, RefusedError
from uploader.log.trusted_keys import TrustedLogKeys
from uploader.store.report import Report
from uploader.store.state_folder import StateFolder

_FOLDER = "checkpoints"
_OWED = f"{_FOLDER}/owed"
#: The maximum number of stored contradictions; further ones prove nothing new.
MAX_EVIDENCE = 100
_REMEMBERED = 1_000
_RECEIPT = b"c2sp.org/tlog-proof@v1\n"

#: Reads a tile of a log by its name, and a log's newest checkpoint. They raise UploaderError.
FetchTile = Callable[[str, Tile], bytes]
FetchCheckpoint = Callable[[str], bytes]


@dataclass(frozen=True)
class SignedTreeHead:
    """A signed tree head: a checkpoint's note, or the receipt of an opening, which contains the
    final size and root of the shard before it. `at_ms` is the session time (Unix ms) and `source`
    the object that carried it.
    """

    data: bytes
    checkpoint: Checkpoint
    at_ms: int
    source: str

    @property
    def name(self) -> str:
        """The log's name."""
        return Origin.parse(self.checkpoint.origin).name

    @property
    def size(self) -> int:
        """The number of leaves."""
        return self.checkpoint.size

    @property
    def is_note(self) -> bool:
        """Whether it is a checkpoint and not an opening."""
        return not self.data.startswith(_RECEIPT)

    def facts(self) -> bytes:
        """The bytes of its file."""
        text = self.data.decode("utf-8")
        return canonical({"v": 1, "data": text, "at_ms": self.at_ms, "from": self.source})


class LogHistory:
    """The checkpoints of one marketplace. `record` may be called from any thread, `verify_pending`
    by one thread at a time. `now_ms` is session time (Unix ms).
    """

    def __init__(
        self, folder: StateFolder, trust: TrustedLogKeys, now_ms: Callable[[], int], report: Report
    ) -> None:
        self._folder = folder
        self._trust = trust
        self._now_ms = now_ms
        self._report = report
        self._lock = threading.Lock()  # guards the next four
        self._largest: dict[str, SignedTreeHead] = {}
        self._owed: dict[str, SignedTreeHead] = {}
        self._proven: dict[tuple[str, int], bytes] = {}
        self._newest: dict[str, tuple[int, int]] = {}
        #: The log has contradicted itself since the last comparison.
        self.doubted = False
        for name in folder.names(_FOLDER):
            statement = self._load(f"{_FOLDER}/{name}")
            if statement is not None and statement.name == name.removesuffix(".json"):
                self._largest[statement.name] = statement
        for name in folder.names(_OWED):
            statement = self._load(f"{_OWED}/{name}")
            if statement is not None:
                self._owed[digest(statement.data)] = statement
        trust.on_opening = self.record_opening

    def largest(self, name: str) -> bytes | None:
        """The signed note of the largest verified tree of a log."""
        with self._lock:
            found = self._largest.get(name)
        return found.data if found else None

    def largest_signed(self, name: str) -> bytes | None:
        """The signed note of the largest tree of a log, verified or still to be compared.

        The signature alone proves that the log had this size.
        """
        with self._lock:
            heads = [*self._largest.values(), *self._owed.values()]
        notes = [head for head in heads if head.name == name and head.is_note]
        return max(notes, key=lambda head: head.size).data if notes else None

    @property
    def pending(self) -> int:
        """The number of tree heads to compare with the largest."""
        with self._lock:
            return len(self._owed)

    def record(self, note: bytes, source: str) -> None:
        """Record a checkpoint. Raises DiaryError(E_CP_SIG) if no trusted key has signed it."""
        checkpoint = open_checkpoint(note, self._trust.verifiers)
        self._record(SignedTreeHead(note, checkpoint, self._now_ms(), source))

    def record_leaf(self, origin: str, index: int, rt_ms: int) -> None:
        """Compare the position of a verified leaf with the newest one of its log.

        A log writes its leaves in the order of their times, `rt_ms` (Unix ms). A later leaf at
        the same or a lower index means that the log was truncated, as by a restored backup.
        """
        with self._lock:
            newest = self._newest.get(origin, (-1, 0))
            if index > newest[0]:
                self._newest[origin] = (index, rt_ms)
            elif rt_ms > newest[1]:
                # From here on the log has another history.
                self._newest[origin] = (index, rt_ms)
                self.doubted = True

    def record_opening(self, receipt: bytes) -> None:
        """Record the final tree head of a shard that the next shard's opening contains."""
        self._record(self._opening(receipt, self._now_ms(), "keys"))

    def _record(self, new: SignedTreeHead) -> None:
        key = (new.checkpoint.origin, new.size)
        if new.size < 1:
            return
        with self._lock:
            kept = self._largest.get(new.name)
            if kept is None and new.is_note:
                self._keep(new)
                return
            known = self._proven.get(key)
            if kept is not None and kept.size == new.size:
                known = kept.checkpoint.root
            waiting = any(
                each.checkpoint == new.checkpoint and each.is_note == new.is_note
                for each in self._owed.values()
            )
            if known == new.checkpoint.root or waiting:
                return
            self._folder.write(f"{_OWED}/{digest(new.data)}.json", new.facts())
            self._owed[digest(new.data)] = new

    # The comparison

    def verify_pending(self, tile: FetchTile, newest: FetchCheckpoint) -> None:
        """Compare the pending tree heads. Raises UploaderError; unread ones stay pending."""
        with self._lock:
            owed = list(self._owed.values())
        for name in sorted({each.name for each in owed}):
            self._verify_log(name, [each for each in owed if each.name == name], tile, newest)

    def _verify_log(
        self, name: str, owed: list[SignedTreeHead], tile: FetchTile, newest: FetchCheckpoint
    ) -> None:
        with self._lock:
            kept = self._largest.get(name)
        everything = [*([kept] if kept else []), *owed]
        top = max(everything, key=lambda each: (each.size, each.is_note))
        try:
            split = self._compare(name, top, everything, tile)
        except DiaryError:
            # The tiles belong to another tree than the largest signed one. If the newest checkpoint
            # fits the tiles, the comparison with it finds the contradicting tree heads.
            try:
                data = newest(name)
                checkpoint = open_checkpoint(data, self._trust.verifiers)
                current = SignedTreeHead(data, checkpoint, self._now_ms(), "checkpoint")
                if current.name != name or current.size < top.size:
                    raise DiaryError(Code.E_CONSISTENCY, "the log has become shorter")
                top = current
                split = self._compare(name, top, everything, tile)
            except DiaryError as error:
                self._report(Problem.LOG_UNPROVEN, f"{name}: {error.detail}")
                self.doubted = True
                return
        for other in split:
            self.doubted = True
            self._keep_evidence(other, top)
        with self._lock:
            if top.is_note and top != kept and kept not in split:
                self._keep(top)
            for each in everything:
                if each not in split:
                    self._proven[each.checkpoint.origin, each.size] = each.checkpoint.root
            while len(self._proven) > _REMEMBERED:
                del self._proven[next(iter(self._proven))]
            for each in owed:
                self._folder.remove(f"{_OWED}/{digest(each.data)}.json")
                self._owed.pop(digest(each.data), None)

    def _compare(
        self, name: str, top: SignedTreeHead, everything: Iterable[SignedTreeHead], tile: FetchTile
    ) -> list[SignedTreeHead]:
        """The tree heads that contradict `top`. Raises DiaryError for tiles of another tree."""
        reader = TileReader(top.checkpoint, lambda each: _fetch(name, each, tile))
        root, split = top.checkpoint.root, []
        for other in everything:
            old = other.checkpoint
            # A proof from its own tiles fits the top, so a failure is the other head's.
            proof = reader.consistency(other.size) if other.size < top.size else ()
            if not verify_consistency(other.size, top.size, proof, old.root, root):
                split.append(other)
            elif not other.is_note and other.size < top.size:
                # The log grew after its announced end.
                split.append(other)
        return split

    # Files

    def _keep(self, statement: SignedTreeHead) -> None:
        self._folder.write(f"{_FOLDER}/{statement.name}.json", statement.facts())
        self._folder.write(f"{_FOLDER}/{statement.name}", statement.data)
        self._largest[statement.name] = statement

    def _keep_evidence(self, one: SignedTreeHead, other: SignedTreeHead) -> None:
        names = [digest(each.data) for each in (one, other)]
        self._report(Problem.SPLIT_VIEW, one.checkpoint.origin)
        about = f"evidence/split-{'-'.join(names)}.json"
        kept = sum(name.startswith("split-") for name in self._folder.names("evidence"))
        if self._folder.exists(about) or kept >= MAX_EVIDENCE:
            return
        views = []
        for name, each in zip(names, (one, other), strict=True):
            file = f"{name}.{'checkpoint' if each.is_note else 'tlog-proof'}"
            self._folder.write(f"evidence/{file}", each.data)
            views.append({"file": file, "at_ms": each.at_ms, "from": each.source})
        record = {"v": 1, "kind": "split_view", "origin": one.checkpoint.origin, "said": views}
        self._folder.write(about, canonical(record))

    def _load(self, path: str) -> SignedTreeHead | None:
        """A stored tree head; the next receipt replaces an unreadable one."""
        data = self._folder.read(path) if path.endswith(".json") else None
        if data is None:
            return None
        try:
            obj = json.loads(data)
            kept = json_fields.string(obj, "data", 1 << 20).encode()
            at_ms, source = json_fields.integer(obj, "at_ms"), json_fields.string(obj, "from", 512)
            if kept.startswith(_RECEIPT):
                return self._opening(kept, at_ms, source)
            return SignedTreeHead(kept, open_checkpoint(kept, self._trust.verifiers), at_ms, source)
        except (ValueError, TypeError):
            self._folder.set_aside(path)
            self._report(Problem.FILE_DAMAGED, path)
            return None

    def _opening(self, receipt: bytes, at_ms: int, source: str) -> SignedTreeHead:
        key = open_key(receipt, self._trust.verifiers).key
        checkpoint = Checkpoint(key.prev_origin, key.prev_size, b64url_decode(key.prev_root, 32))
        return SignedTreeHead(receipt, checkpoint, at_ms, source)


def _fetch(name: str, tile: Tile, fetch: FetchTile) -> bytes:
    """A tile's bytes; if a partial tile has become full since, the beginning of the full one (C2SP
    tlog-tiles).
    """
    try:
        return fetch(name, tile)
    except RefusedError as error:
        if error.status != 404 or tile == tile._replace(width=256):
            raise
    whole = fetch(name, tile._replace(width=256))
    return whole[: len(whole) * tile.width // 256]
