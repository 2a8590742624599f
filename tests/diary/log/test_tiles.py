"""Tiles: their names, their bytes, and a reader that proves each."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diary.core.findings import Code, DiaryError
from diary.log import merkle
from diary.log.checkpoint import Checkpoint
from diary.log.tiles import (
    MAX_ENTRY,
    WIDTH,
    Tile,
    TileReader,
    entry_bundle,
    longest,
    nodes_at,
    parse_bundle,
    parse_hash_tile,
    tile_at,
)
from tests.diary.hash_tiles import hash_tile


class Tiled:
    """A log served as tiles, with a count of fetches."""

    def __init__(self, size: int) -> None:
        self.entries = [b"entry %d" % n for n in range(size)]
        self.nodes: dict[tuple[int, int], bytes] = {}
        for index, entry in enumerate(self.entries):
            made = merkle.new_nodes(index, merkle.leaf_hash(entry), self.read)
            self.nodes.update({(level, position): value for level, position, value in made})
        self.fetched: list[str] = []

    def read(self, level: int, position: int) -> bytes:
        return self.nodes[level, position]

    def checkpoint(self, size: int) -> Checkpoint:
        return Checkpoint("log", size, merkle.root(size, self.read))

    def fetch(self, tile: Tile) -> bytes:
        self.fetched.append(tile.path)
        if tile.level is None:
            first = tile.number * WIDTH
            return entry_bundle(self.entries[first : first + tile.width])
        return hash_tile(tile, self.read)

    def reader(self, size: int, fetch: Callable[[Tile], bytes] | None = None) -> TileReader:
        self.fetched = []
        return TileReader(self.checkpoint(size), fetch or self.fetch)


#: Two full tiles and a part of level 1's second one: 256 * 256 leaves would take long.
TILED = Tiled(1_300)


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0), "tile/0/000"),
        (Tile(0, 0, 1), "tile/0/000.p/1"),
        (Tile(3, 999, 255), "tile/3/999.p/255"),
        (Tile(63, 1000), "tile/63/x001/000"),
        (Tile(0, 1_234_067), "tile/0/x001/x234/067"),
        (Tile(None, 0, 10), "tile/entries/000.p/10"),
        (Tile(None, 1_234_067), "tile/entries/x001/x234/067"),
    ],
)
def test_paths_are_those_of_the_specification(tile: Tile, path: str) -> None:
    assert tile.path == path
    assert Tile.parse(path) == tile


@given(
    st.one_of(st.none(), st.integers(0, 63)),
    st.integers(0, (2**53 - 1) // WIDTH),
    st.integers(1, WIDTH),
)
def test_every_tile_has_its_path(level: int | None, index: int, width: int) -> None:
    tile = Tile(level, index, width)
    assert Tile.parse(tile.path) == tile
    assert re.fullmatch(r"tile/(entries|\d+)(/x\d{3})*/\d{3}(\.p/\d+)?", tile.path)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile/0",
        "tile/0/0",
        "tile/0/00",
        "tile/0/0000",
        "tile/00/000",
        "tile/01/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/0/x000/000",  # a leading group of zeros
        "tile/0/001/000",  # no x
        "tile/0/x001",  # an x at the end
        "tile/0/000.p/0",
        "tile/0/000.p/00",
        "tile/0/000.p/01",
        "tile/0/000.p/256",
        "tile/0/000.p/257",
        "tile/0/000.p/",
        "tile/0/000.p",
        "tile/0/000/",
        "/tile/0/000",
        "tile/entries/0",
        "tile/Entries/000",
        "tile/0/٠٠٠",
        "tile/0/000\n",
        "tile/0/x999/x999/x999/x999/x999/999",
        "tile/0/" + "x001/" * 40 + "000",
    ],
)
def test_other_paths_are_refused(path: str) -> None:
    with pytest.raises(DiaryError) as raised:
        Tile.parse(path)
    assert raised.value.code is Code.E_FORMAT


@given(st.text(max_size=40))
def test_no_text_makes_the_reading_of_a_path_raise_anything_else(text: str) -> None:
    try:
        tile = Tile.parse("tile/" + text)
    except DiaryError:
        return
    assert tile.path == "tile/" + text


def test_the_specifications_own_example() -> None:
    # A tree of 70,000: 273 full tiles and one of 112, one full and one of 17, one of 1.
    size = 70_000
    assert [nodes_at(level, size) for level in range(4)] == [70_000, 273, 1, 0]
    assert tile_at(0, 272, size) == Tile(0, 272)
    assert tile_at(0, 273, size) == Tile(0, 273, 112)
    assert tile_at(1, 0, size) == Tile(1, 0)
    assert tile_at(1, 1, size) == Tile(1, 1, 17)
    assert tile_at(2, 0, size) == Tile(2, 0, 1)
    assert tile_at(None, 273, size) == Tile(None, 273, 112)
    for level, index in ((0, 274), (1, 2), (2, 1), (3, 0), (0, -1)):
        with pytest.raises(ValueError, match="no such tile"):
            tile_at(level, index, size)
    assert tile_at(1, 0, 256) == Tile(1, 0, 1)


def test_how_long_a_tile_may_be() -> None:
    assert longest(Tile(0, 0)) == 8192
    assert longest(Tile(1, 0, 3)) == 96
    assert longest(Tile(None, 0, 2), 300) == 604
    assert longest(Tile(None, 0, 1)) == 2 + MAX_ENTRY


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_a_bundle_gives_back_its_entries(entries: list[bytes]) -> None:
    data = entry_bundle(entries)
    assert parse_bundle(data, len(entries)) == entries
    for width in (len(entries) - 1, len(entries) + 1):
        with pytest.raises(DiaryError):
            parse_bundle(data, width)
    for changed in (data + b"\0", data[:-1], data + b"\0\0"):
        if changed != data:
            with pytest.raises(DiaryError):
                parse_bundle(changed, len(entries))


def test_a_bundle_counts_two_bytes_of_length_big_endian() -> None:
    assert entry_bundle([b"ab", b""]) == b"\0\2ab\0\0"
    longest_one = bytes(MAX_ENTRY)
    assert parse_bundle(entry_bundle([longest_one]), 1) == [longest_one]
    with pytest.raises(ValueError, match="too long"):
        entry_bundle([bytes(MAX_ENTRY + 1)])


@given(st.binary(max_size=200), st.integers(0, WIDTH))
def test_random_bytes_as_a_bundle_raise_only_diary_errors(data: bytes, width: int) -> None:
    try:
        entries = parse_bundle(data, width)
    except DiaryError:
        return
    assert entry_bundle(entries) == data


@pytest.mark.parametrize("length", [0, 31, 32, 63, 65, 96])
def test_a_hash_tile_has_its_length(length: int) -> None:
    with pytest.raises(DiaryError) as raised:
        parse_hash_tile(bytes(length), 2)
    assert raised.value.code is Code.E_FORMAT
    assert parse_hash_tile(b"a" * 32 + b"b" * 32, 2) == [b"a" * 32, b"b" * 32]


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 511, 512, 513, 700, 1_024, 1_300])
def test_the_whole_tree_is_read_from_tiles(size: int) -> None:
    reader = TILED.reader(size)
    assert list(reader.entries(0)) == list(enumerate(TILED.entries[:size]))
    top = TILED.checkpoint(size).root
    for index in {0, 1, size // 2, size - 1} & set(range(size)):
        proof = reader.inclusion(index)
        leaf = merkle.leaf_hash(TILED.entries[index])
        assert merkle.verify_inclusion(leaf, index, size, proof, top)
    for old in {1, 2, 200, 256, 300, size // 2, size - 1, size} & set(range(1, size + 1)):
        proof = reader.consistency(old)
        assert proof == merkle.consistency_proof(old, size, TILED.read)
        assert merkle.verify_consistency(old, size, proof, TILED.checkpoint(old).root, top)
    assert {Tile.parse(path).path for path in TILED.fetched} == set(TILED.fetched)


def test_entries_begin_at_the_given_index() -> None:
    assert list(TILED.reader(600).entries(510)) == [(n, TILED.entries[n]) for n in range(510, 600)]
    assert TILED.fetched == [
        "tile/0/002.p/88",
        "tile/1/000.p/2",
        "tile/0/001",
        "tile/entries/001",
        "tile/entries/002.p/88",
    ]
    assert list(TILED.reader(600).entries(600)) == []


def test_a_consistency_proof_takes_few_tiles() -> None:
    TILED.reader(1_300).consistency(1_290)
    assert len(TILED.fetched) == 2
    TILED.reader(1_300).consistency(700)
    assert len(TILED.fetched) == 3


def test_only_so_many_tiles_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("diary.log.tiles._REMEMBERED", 2)
    reader = TILED.reader(1_300)
    for index in (0, 300, 600, 600, 0):
        reader.node(0, index)
    assert TILED.fetched[2:] == ["tile/0/000", "tile/0/001", "tile/0/002", "tile/0/000"]


def test_an_empty_tree_has_no_tiles() -> None:
    with pytest.raises(ValueError, match="empty"):
        TileReader(Checkpoint("log", 0, merkle.EMPTY_ROOT), TILED.fetch)


def changing(wanted: str, change: Callable[[bytes], bytes]) -> Callable[[Tile], bytes]:
    def fetch(tile: Tile) -> bytes:
        data = TILED.fetch(tile)
        return change(data) if tile.path == wanted else data

    return fetch


PATHS = ["tile/0/000", "tile/0/001", "tile/0/005.p/20", "tile/1/000.p/5"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("at", [0, 31, -1])
def test_a_changed_tile_is_not_believed(path: str, at: int) -> None:
    def flip(data: bytes) -> bytes:
        changed = bytearray(data)
        changed[at] ^= 1
        return bytes(changed)

    reader = TILED.reader(1_300, changing(path, flip))
    with pytest.raises(DiaryError) as raised:
        list(reader.entries(0))
    assert raised.value.code is Code.E_INCLUSION


@pytest.mark.parametrize("path", [*PATHS, "tile/entries/000", "tile/entries/005.p/20"])
@pytest.mark.parametrize(
    "change", [lambda data: b"", lambda data: data[:-1], lambda data: data + b"\0", lambda _: b"<"]
)
def test_a_tile_of_another_length_is_not_believed(
    path: str, change: Callable[[bytes], bytes]
) -> None:
    with pytest.raises(DiaryError) as raised:
        list(TILED.reader(1_300, changing(path, change)).entries(0))
    assert raised.value.code is Code.E_FORMAT


@pytest.mark.parametrize("path", ["tile/entries/000", "tile/entries/005.p/20"])
def test_a_changed_entry_is_not_believed(path: str) -> None:
    def swap(data: bytes) -> bytes:
        return data.replace(b"entry", b"Entry", 1)

    with pytest.raises(DiaryError) as raised:
        list(TILED.reader(1_300, changing(path, swap)).entries(0))
    assert raised.value.code is Code.E_INCLUSION


def test_a_proof_out_of_another_log_does_not_fit_the_older_root() -> None:
    other = Tiled(300)
    other.entries[7] = b"another"
    forged = Tiled(0)
    forged.entries = other.entries
    for index, entry in enumerate(forged.entries):
        made = merkle.new_nodes(index, merkle.leaf_hash(entry), forged.read)
        forged.nodes.update({(level, position): value for level, position, value in made})
    new = forged.checkpoint(300)
    proof = forged.reader(300).consistency(200)
    good, seen = forged.checkpoint(200).root, TILED.checkpoint(200).root
    assert merkle.verify_consistency(200, 300, proof, good, new.root)
    assert not merkle.verify_consistency(200, 300, proof, seen, new.root)


@given(st.sampled_from([256, 300, 600]), st.binary(max_size=100))
def test_random_bytes_in_tiles_are_refused(size: int, data: bytes) -> None:
    with pytest.raises(DiaryError):
        list(TILED.reader(size, lambda tile: data).entries(0))
