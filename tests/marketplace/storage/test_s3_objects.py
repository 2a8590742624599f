"""Pictures as objects, on the library's store in memory. `s3/` has the tests with a real server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import obstore
import pytest
from obstore.store import MemoryStore

from diary.formats.encoding import digest
from marketplace.core.problems import ProblemError
from marketplace.storage.blobs import StoredBlob
from marketplace.storage.blobs.s3 import OWNER, S3Blobs
from tests.marketplace.simulated_device import webp

LIMIT = 1 << 20


@pytest.fixture
def blobs(tmp_path: Path) -> S3Blobs:
    return S3Blobs(MemoryStore(), tmp_path / "arriving")


def receive(blobs: S3Blobs, data: bytes, sha: str | None = None, limit: int = LIMIT) -> int:
    async def chunks() -> AsyncIterator[bytes]:
        yield data[:10]
        yield data[10:]

    def keep(store: Callable[[], None], _: StoredBlob) -> None:
        store()

    return asyncio.run(blobs.receive(sha or digest(data), chunks(), limit, keep)).size


def keys(blobs: S3Blobs) -> list[str]:
    return sorted(entry["path"] for entry in obstore.list(blobs.objects).collect())


def test_an_upload_becomes_an_object_under_its_hash(blobs: S3Blobs, tmp_path: Path) -> None:
    data = webp()
    sha = digest(data)
    assert not blobs.has(sha)
    assert (blobs.read(sha), blobs.pieces(sha)) == (None, None)
    assert receive(blobs, data) == len(data)
    assert keys(blobs) == [f"{sha[:2]}/{sha}"]
    assert blobs.has(sha)
    assert blobs.read(sha) == b"".join(blobs.pieces(sha) or ()) == data
    assert obstore.get(blobs.objects, keys(blobs)[0]).attributes == {"Content-Type": "image/webp"}
    assert list((tmp_path / "arriving").iterdir()) == []
    blobs.erase(sha)
    blobs.erase(sha)
    assert keys(blobs) == []


@pytest.mark.parametrize(
    ("code", "data", "sha", "limit"),
    [
        ("blob_hash", webp(), digest(b"another"), LIMIT),
        ("blob_format", b"no picture", digest(b"no picture"), LIMIT),
        ("too_large", webp(), None, 20),
    ],
    # Not the bytes of the picture, which differ in each worker.
    ids=["another hash", "no picture", "too large"],
)
def test_nothing_else_becomes_an_object(
    blobs: S3Blobs, tmp_path: Path, code: str, data: bytes, sha: str | None, limit: int
) -> None:
    with pytest.raises(ProblemError) as caught:
        receive(blobs, data, sha, limit)
    assert caught.value.code == code
    assert keys(blobs) == []
    assert list((tmp_path / "arriving").iterdir()) == []


def test_a_stored_object_is_replaced_only_if_its_bytes_changed(blobs: S3Blobs) -> None:
    data = webp()
    sha = digest(data)
    assert blobs.store(sha, data)
    before = obstore.head(blobs.objects, f"{sha[:2]}/{sha}")
    assert not blobs.store(sha, data)
    assert obstore.head(blobs.objects, f"{sha[:2]}/{sha}") == before
    obstore.put(blobs.objects, f"{sha[:2]}/{sha}", data[:-1])
    assert not blobs.store(sha, data)
    assert blobs.read(sha) == data


def test_objects_that_are_no_pictures_are_not_listed(blobs: S3Blobs) -> None:
    data = webp()
    sha = digest(data)
    blobs.store(sha, data)
    assert blobs.claim("a marketplace")
    for name in ("notes.txt", f"other/{sha}", f"xx/{sha}", f"{sha[:2]}/{sha}x", f"{sha}"):
        obstore.put(blobs.objects, name, b"not ours")
    assert list(blobs.names()) == [sha]


def test_a_prefix_belongs_to_the_marketplace_that_claimed_it(blobs: S3Blobs) -> None:
    assert blobs.claim("first")
    assert blobs.claim("first")
    assert not blobs.claim("second")
    assert bytes(obstore.get(blobs.objects, OWNER).bytes()) == b"first"
    assert not blobs.keeps_versions()
