"""C2SP tlog-tiles: the log's tree and its leaves as files, 256 wide (`docs/protocol.md` §7).

A hash tile (level l, number n) holds the hashes of the nodes (8 l, 256 n) and on; an entries bundle
the leaves' bytes, each after its length as two bytes, big-endian. A tile at the tree's right edge
is partial: as wide as there are nodes. `TileReader` trusts no tile: it proves each hash against the
root of a checkpoint before it returns it.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from diary.core.findings import Code, DiaryError
from diary.formats.encoding import MAX_INT
from diary.log.checkpoint import Checkpoint
from diary.log.merkle import consistency_proof, inclusion_proof, leaf_hash, node_hash, root

HEIGHT = 8
WIDTH = 1 << HEIGHT
HASH = 32
MAX_ENTRY = 65_535
MAX_LEVEL = 63
_PATH = re.compile(
    r"tile/(?P<level>entries|0|[1-9][0-9]?)/(?P<number>(?:x[0-9]{3}/)*[0-9]{3})"
    r"(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
)
#: Proven tiles that a reader caches, 8 kB each.
_REMEMBERED = 64


class Tile(NamedTuple):
    """One tile: `level` 0..63, or None for an entries bundle; `width` 1..256, 256 for a full one.

    The first node of a hash tile is (8 * level, 256 * number), the first leaf of a bundle
    256 * number.
    """

    level: int | None
    number: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Its path below the log's address: `tile/0/x001/234.p/5`, `tile/entries/000`."""
        groups = [f"{self.number % 1000:03}"]
        rest = self.number // 1000
        while rest:
            groups.insert(0, f"x{rest % 1000:03}")
            rest //= 1000
        level = "entries" if self.level is None else str(self.level)
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{level}/{'/'.join(groups)}{partial}"

    @classmethod
    def parse(cls, path: str) -> Tile:
        """Parse a path; raises E_FORMAT for everything but its canonical form."""
        match = _PATH.fullmatch(path) if len(path) <= 64 else None
        if match is None:
            raise DiaryError(Code.E_FORMAT, "this is not the path of a tile")
        level = None if match["level"] == "entries" else int(match["level"])
        number = int(match["number"].replace("x", "").replace("/", ""))
        tile = cls(level, number, int(match["width"] or WIDTH))
        too_large = (level or 0) > MAX_LEVEL or number > MAX_INT // WIDTH or tile.width > WIDTH
        if too_large or tile.path != path:
            raise DiaryError(Code.E_FORMAT, "this is not the path of a tile")
        return tile


def nodes_at(level: int, size: int) -> int:
    """The number of hashes in the tiles of a level for a tree of `size` leaves."""
    return size >> (HEIGHT * level)


def tile_at(level: int | None, number: int, size: int) -> Tile:
    """The tile in a tree of `size` leaves, with its width there. ValueError without one."""
    width = min(WIDTH, nodes_at(level or 0, size) - number * WIDTH)
    if number < 0 or width < 1:
        raise ValueError("the tree has no such tile")
    return Tile(level, number, width)


def entry_bundle(entries: Sequence[bytes]) -> bytes:
    """The bytes of an entries bundle. ValueError for an entry of over 65,535 bytes."""
    if any(len(entry) > MAX_ENTRY for entry in entries):
        raise ValueError("an entry is too long for a bundle")
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def parse_hash_tile(data: bytes, width: int) -> list[bytes]:
    """The hashes of a tile; raises E_FORMAT unless there are exactly `width`."""
    if len(data) != width * HASH:
        raise DiaryError(Code.E_FORMAT, "a tile of the log does not have its length")
    return [data[at : at + HASH] for at in range(0, len(data), HASH)]


def parse_bundle(data: bytes, width: int) -> list[bytes]:
    """The entries of a bundle; raises E_FORMAT unless there are exactly `width` and no more."""
    entries: list[bytes] = []
    at = 0
    while at < len(data):
        begin = at + 2
        at = begin + int.from_bytes(data[begin - 2 : begin], "big")
        entries.append(data[begin:at])
        if len(entries) > width:
            break
    if len(entries) != width or at != len(data):
        raise DiaryError(Code.E_FORMAT, "a bundle of the log's entries does not have its form")
    return entries


def longest(tile: Tile, entry: int = MAX_ENTRY) -> int:
    """The maximum bytes of the tile's file, with entries of at most `entry` bytes."""
    return tile.width * (HASH if tile.level is not None else 2 + entry)


class TileReader:
    """Reads one log's tree from its tiles, as of one checkpoint.

    `fetch(tile)` returns the bytes of a tile's file; its errors are raised to the caller. Raises
    E_FORMAT for a malformed file and E_INCLUSION for one that is not part of the checkpoint's tree.
    Every returned hash is proven against the checkpoint's root. The tree has at least one leaf.
    """

    def __init__(self, checkpoint: Checkpoint, fetch: Callable[[Tile], bytes]) -> None:
        if checkpoint.size < 1:
            raise ValueError("an empty tree has no tiles")
        self._checkpoint = checkpoint
        self._fetch = fetch
        self._edge: dict[Tile, list[bytes]] = {}
        self._known: OrderedDict[Tile, list[bytes]] = OrderedDict()

    def node(self, level: int, position: int) -> bytes:
        """A complete node of the tree: the `read` of `diary.log.merkle`."""
        above, height = divmod(level, HEIGHT)
        first = position << height
        hashes = self._proven(tile_at(above, first // WIDTH, self._checkpoint.size))
        at = first % WIDTH
        return _fold(hashes[at : at + (1 << height)])

    def inclusion(self, index: int) -> list[bytes]:
        """The inclusion proof of a leaf under the checkpoint."""
        return inclusion_proof(index, self._checkpoint.size, self.node)

    def consistency(self, old: int) -> list[bytes]:
        """The proof that the checkpoint's tree begins with some tree of `old` leaves.

        It always fits the checkpoint's root. If it does not fit the root of an older checkpoint,
        the two checkpoints contradict each other.
        """
        return consistency_proof(old, self._checkpoint.size, self.node)

    def entries(self, begin: int) -> Iterator[tuple[int, bytes]]:
        """Every leaf from index `begin` to the end, with its index; one bundle at a time."""
        size = self._checkpoint.size
        for number in range(begin // WIDTH, -(-size // WIDTH)):
            tile = tile_at(None, number, size)
            hashes = self._proven(tile_at(0, number, size))
            entries = parse_bundle(self._fetch(tile), tile.width)
            for at, (entry, value) in enumerate(zip(entries, hashes, strict=True)):
                if leaf_hash(entry) != value:
                    raise DiaryError(Code.E_INCLUSION, "an entry is not in the log's signed tree")
                if number * WIDTH + at >= begin:
                    yield number * WIDTH + at, entry

    def _proven(self, tile: Tile) -> list[bytes]:
        if not self._edge:
            self._edge = self._right_edge()
        found = self._edge.get(tile) or self._known.get(tile)
        if found is not None:
            return found
        # A full tile is one hash of the tile above it; the recursion ends at the edge's tiles.
        hashes = parse_hash_tile(self._fetch(tile), tile.width)
        above = HEIGHT * ((tile.level or 0) + 1)
        if _fold(hashes) != self.node(above, tile.number):
            raise _contradiction()
        self._known[tile] = hashes
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return hashes

    def _right_edge(self) -> dict[Tile, list[bytes]]:
        """The partial tiles, which together determine the root."""
        size = self._checkpoint.size
        edge: dict[Tile, list[bytes]] = {}
        level = 0
        while count := nodes_at(level, size):
            if count % WIDTH:
                tile = Tile(level, count // WIDTH, count % WIDTH)
                edge[tile] = parse_hash_tile(self._fetch(tile), tile.width)
            level += 1

        def read(node_level: int, position: int) -> bytes:
            above, height = divmod(node_level, HEIGHT)
            first = position << height
            at = first % WIDTH
            hashes = edge[tile_at(above, first // WIDTH, size)]
            return _fold(hashes[at : at + (1 << height)])

        if root(size, read) != self._checkpoint.root:
            raise _contradiction()
        return edge


def _fold(hashes: Sequence[bytes]) -> bytes:
    """The node above a power of two of hashes."""
    while len(hashes) > 1:
        hashes = [node_hash(hashes[n], hashes[n + 1]) for n in range(0, len(hashes), 2)]
    return hashes[0]


def _contradiction() -> DiaryError:
    return DiaryError(Code.E_INCLUSION, "a tile is not of the log's signed tree")
