"""ZIP archives from outside: honest, damaged and malicious."""

from __future__ import annotations

import io
import stat
import struct
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import pytest

from diary.bundle.check import CheckOptions, check_bundle
from diary.bundle.layout import MANIFEST, MAX_FILES, MAX_MANIFEST, POLICY
from diary.bundle.manifest import Manifest
from diary.bundle.writer import write
from diary.bundle.zip_reader import MAX_DIRECTORY, Archive, ArchiveError
from diary.core.findings import Code, DiaryError
from diary.formats.encoding import b64url_encode, digest
from diary.verification.evidence import BlobFacts
from tests.diary.world import World
from tests.diary.zips import built, central, deflated, entry, patched, zipped

BLOB = f"blobs/{b64url_encode(bytes(32))}"


def make_world() -> World:
    world = World()
    world.day(2)
    return world


WORLD = make_world()
FILES = WORLD.bundle()
KEY = WORLD.log.signer.verifier


def opened(data: bytes) -> Archive:
    return Archive(io.BytesIO(data))


def reported(archive: Archive) -> dict[str, str]:
    """The archive's records of its entries, by name."""
    assert {(f.kind, f.code) for f in archive.findings} <= {("bundle", Code.E_MANIFEST)}
    return {finding.subject: finding.detail for finding in archive.findings}


def test_an_honest_archive_reads_as_it_was_written() -> None:
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        archive = opened(zipped(FILES, method=method))
        assert archive.names() == sorted(FILES)
        assert archive.findings == []
        for name, data in FILES.items():
            assert archive.length(name) == len(data)
            assert archive.read(name) == data
            assert archive.facts(name) == BlobFacts(len(data), digest(data))


def test_what_we_write_can_be_read() -> None:
    about = Manifest.parse(FILES[MANIFEST])
    data = b"".join(write(sorted(FILES.items()), about))
    archive = opened(data)
    assert {name: archive.read(name) for name in archive.names()} == FILES
    assert data == b"".join(write(sorted(FILES.items()), about))
    with zipfile.ZipFile(io.BytesIO(data)) as other:
        assert other.testzip() is None


@pytest.mark.parametrize("data", [b"", b"x", b"PK\x05\x06", b"PK\x03\x04" + bytes(100)])
def test_invalid_archive(data: bytes) -> None:
    with pytest.raises(ArchiveError, match="not a whole ZIP"):
        opened(data)


def test_a_truncated_archive_is_none() -> None:
    whole = zipped(FILES)
    for size in range(0, len(whole), 997):
        with pytest.raises(ArchiveError):
            opened(whole[:size])


@pytest.mark.parametrize(
    "name",
    [
        "/etc/passwd",
        "../manifest.json",
        "a/../../manifest.json",
        "./manifest.json",
        "blobs/../manifest.json",
        "blobs//" + BLOB[6:],
        "blobs\\" + BLOB[6:],
        "C:\\manifest.json",
        "blobs/",
        "",
        " ",
        "Manifest.json",
        "manifest.json ",
        "manifest.json\n",
        "m\u0430nifest.json",  # a Cyrillic letter
        "man\u200bifest.json",
        "manifest\uff0ejson",
        BLOB + "/x",
        BLOB + ".webp",
        "x/" * 30_000 + "x",
        "\u202emanifest.json",
        "CON",
        "blobs/\u212a" + BLOB[7:],  # the Kelvin sign, which some functions fold to k
    ],
)
def test_names_that_no_bundle_has(name: str) -> None:
    data = zipped({**FILES, name: b"x"})
    result = check_bundle(opened(data), CheckOptions(keys=(KEY,)))
    (finding,) = result.findings
    assert (finding.kind, finding.subject, finding.code) == ("bundle", name, Code.E_MANIFEST)
    assert result.report.segments


def test_a_name_with_a_nul_is_not_the_name_before_it() -> None:
    name = f"{MANIFEST}\0.txt"
    files = {**FILES, name: FILES[MANIFEST]}
    archive = opened(zipped(files))
    assert reported(archive) == {name: "the name is not plain"}
    files.pop(MANIFEST)
    result = check_bundle(opened(zipped(files)), CheckOptions(keys=(KEY,)))
    assert (MANIFEST, Code.E_MANIFEST) in {(f.subject, f.code) for f in result.findings}


def test_a_name_that_appears_twice() -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = zipped([*FILES.items(), (POLICY, b"another")])
    archive = opened(data)
    assert reported(archive) == {POLICY: "two entries have this name"}
    assert POLICY not in archive.names()


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFDIR, stat.S_IFIFO, stat.S_IFCHR])
def test_other_file_types(kind: int) -> None:
    def edit(info: zipfile.ZipInfo) -> None:
        if info.filename == POLICY:
            info.external_attr = (kind | 0o777) << 16

    assert reported(opened(zipped(FILES, edit))) == {POLICY: "this is not a regular file"}


@pytest.mark.parametrize("flag", [0x1, 0x40])
def test_encrypted_entries(flag: int) -> None:
    data = patched(zipped(FILES), POLICY, 8, struct.pack("<H", flag))
    assert reported(opened(data)) == {POLICY: "the file is encrypted"}


def test_other_compression_methods() -> None:
    for method in (zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2, 99):
        data = patched(zipped(FILES), POLICY, 10, struct.pack("<H", method))
        assert POLICY in reported(opened(data))


def unreadable(data: bytes, name: str = POLICY) -> str:
    """Why a file of the archive cannot be read."""
    archive = opened(data)
    assert archive.findings == []
    with pytest.raises(DiaryError) as refusal:
        archive.read(name)
    with pytest.raises(DiaryError):
        archive.facts(name)
    assert refusal.value.code is Code.E_MANIFEST
    return refusal.value.detail


def with_policy(**changes: Any) -> bytes:
    """The bundle as an archive in which the policy's entry has these properties."""
    others = [entry(name, data) for name, data in FILES.items() if name != POLICY]
    return built([*others, entry(POLICY, FILES[POLICY], **changes)])


def test_a_wrong_check_sum() -> None:
    assert unreadable(with_policy(crc=1)) == "the file cannot be unpacked"


def test_a_false_length() -> None:
    size = len(FILES[POLICY])
    for length in (size - 1, size + 1):
        told_of = unreadable(with_policy(length=length))
        assert told_of == "the file does not have the length that it claims"


def test_a_header_that_differs_from_the_list() -> None:
    told_of = unreadable(patched(zipped(FILES), POLICY, 16, b"\0\0\0\0"))
    assert told_of == "the file differs from its entry in the list of files"


def test_an_entry_with_another_offset() -> None:
    data = zipped(FILES)
    other = struct.unpack("<I", data[(at := central(data, MANIFEST)) + 42 : at + 46])[0]
    for offset in (other, 7, len(data), 2**32 - 2):
        with pytest.raises(ArchiveError, match="before, between or after"):
            opened(patched(data, POLICY, 42, struct.pack("<I", offset)))


def test_a_bomb_is_refused_by_its_claim() -> None:
    claims = zipped({f"blobs/{digest(bytes([n]))}": bytes(20_000_000) for n in range(4)})
    assert len(claims) < 100_000
    with pytest.raises(ArchiveError, match="far more than a bundle"):
        opened(claims)


def test_a_bomb_is_refused_by_the_bytes_that_come_out() -> None:
    # It claims 10 bytes and unpacks to 15 million.
    data = with_policy(deflated=True, length=10, packed=deflated(bytes(15_000_000)))
    tracemalloc.start()
    unreadable(data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2_000_000


def test_a_file_longer_than_its_kind_is_not_read() -> None:
    result = check_bundle(
        opened(zipped({**FILES, POLICY: bytes(70_000)})), CheckOptions(keys=(KEY,))
    )
    told_of = {(f.subject, f.code, f.detail) for f in result.findings}
    detail = "the file is longer than its kind may be"
    assert (POLICY, Code.E_MANIFEST, detail) in told_of
    archive = opened(zipped({**FILES, POLICY: bytes(70_000)}))
    with pytest.raises(DiaryError, match="longer than its kind"):
        archive.read(POLICY)


def test_a_huge_manifest_is_not_read() -> None:
    files = {**FILES, MANIFEST: FILES[MANIFEST] + b" " * MAX_MANIFEST}
    result = check_bundle(opened(zipped(files)), CheckOptions(keys=(KEY,)))
    assert MANIFEST in {finding.subject for finding in result.findings}


def test_the_same_bytes_cannot_be_claimed_twice() -> None:
    first = entry(BLOB, WORLD.webp(1000))
    size = 30 + len(BLOB) + len(first.packed)
    again = entry(f"blobs/{digest(b'2')}", WORLD.webp(1000), packed=b"", shift=-size)
    again.claimed = len(first.packed)
    with pytest.raises(ArchiveError, match="before, between or after"):
        opened(built([first, again]))


def test_more_files_than_a_bundle_has() -> None:
    many = zipped({f"{n:x}": b"" for n in range(MAX_FILES + 1)}, method=zipfile.ZIP_STORED)
    with pytest.raises(ArchiveError, match="more files"):
        opened(many)


def test_a_list_of_entries_too_long_to_be_read() -> None:
    data = zipped({f"{n:x}" * 1000: b"" for n in range(3000)}, method=zipfile.ZIP_STORED)
    assert len(data) > MAX_DIRECTORY * 3 // 2
    with pytest.raises(ArchiveError, match="more files"):
        opened(data)


def test_no_byte_of_an_archive_can_be_turned_into_a_crash() -> None:
    whole = zipped({name: data for name, data in FILES.items() if not name.startswith("blobs/")})
    for place in range(0, len(whole), max(1, len(whole) // 400)):
        broken = bytearray(whole)
        broken[place] ^= 0x55
        try:
            archive = opened(bytes(broken))
        except ArchiveError:
            continue
        for name in archive.names():
            try:
                data = archive.read(name)
            except DiaryError:
                continue
            assert data == FILES.get(name, data)


def test_pictures_are_never_held(tmp_path: Path) -> None:
    """The memory of a check is independent of the size of the pictures."""
    path = tmp_path / "bundle.zip"
    large = [WORLD.random(32) * (10_000_000 // 32) for _ in range(6)]
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in FILES.items():
            archive.writestr(name, data)
        for data in large:
            archive.writestr(f"blobs/{digest(data)}", data)
    del large, data
    tracemalloc.start()
    with path.open("rb") as file:
        result = check_bundle(Archive(file), CheckOptions(keys=(KEY,)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert {finding.code for finding in result.findings} == {Code.E_MANIFEST}
    assert len(result.findings) == 6
    assert peak < 4_000_000


def test_what_cannot_be_unpacked_is_named_and_counts_as_absent() -> None:
    beacon = max(name for name in FILES if name.startswith("beacons/"))
    blob = min(name for name in FILES if name.startswith("blobs/"))
    data = zipped(FILES)
    for name in (POLICY, MANIFEST, blob, beacon):
        broken = patched(data, name, 14, b"\0\0")
        result = check_bundle(opened(broken), CheckOptions(keys=(KEY,)))
        told_of = {(f.subject, f.detail) for f in result.findings}
        told_so = (name, "the file differs from its entry in the list of files") in told_of
        assert told_so or name in (POLICY, MANIFEST)
        assert name in {f.subject for f in result.findings}
        assert result.report.segments
    with pytest.raises(DiaryError):
        check_bundle(opened(patched(data, POLICY, 16, b"\0\0\0\0")), CheckOptions())
