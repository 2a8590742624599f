"""Store the files of the generated pictures, whom they belong to, and the ends of the chains."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from marketplace.records.quota import WAITING
from marketplace.seed.bulk import BulkWriter
from marketplace.seed.people import Freelancer
from marketplace.seed.pictures import HEIGHT, THUMB_HEIGHT, THUMB_WIDTH, WIDTH, SeedPicture
from marketplace.storage import schema
from system.files import fsync_dir, private_dir, write_private


def store_files(
    writer: BulkWriter,
    blobs: Path,
    at: int,
    pictures: list[SeedPicture],
    freelancers: list[Freelancer],
) -> int:
    """Store the files that segments name in the folder `blobs`, with their rows and owners, and the
    ends of the chains. They arrived at `at` (Unix s). Returns the number of files.
    """
    named = {sha for each in freelancers for sha in each.named}
    sizes = {}
    for each in pictures:
        for data, blob, shape in (
            (each.full, each.blob, (WIDTH, HEIGHT)),
            (each.thumb, each.thumb_blob, (THUMB_WIDTH, THUMB_HEIGHT)),
        ):
            if blob.sha256 not in named:
                continue
            sizes[blob.sha256] = blob.bytes
            write_private(private_dir(blobs / blob.sha256[:2]) / blob.sha256, data)
            stored = {
                "sha256": blob.sha256, "size": blob.bytes, "mime": blob.mime, "stored_s": at,
                "width": shape[0], "height": shape[1],
            }  # fmt: skip
            writer.add(schema.blob, stored)
    fsync_dir(blobs)
    for person in freelancers:
        _store_ownership(writer, person, sizes, at)
    return len(sizes)


def _store_ownership(
    writer: BulkWriter, person: Freelancer, sizes: dict[str, int], at: int
) -> None:
    files: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for sha, ctr in person.named.items():
        owner = {"sha256": sha, "sub": person.sub, "stored_s": at, "ctr": ctr}
        writer.add(schema.blob_owner, owner)
        files[ctr] += 1
        total[ctr] += sizes[sha]
    if files:
        files[WAITING], total[WAITING] = 0, 0
    for ctr, number in files.items():
        usage = {"sub": person.sub, "ctr": ctr, "files": number, "bytes": total[ctr]}
        writer.add(schema.storage_usage, usage)
    for computer in person.computers:
        for ctr, chain in computer.chains.items():
            head = {
                "kid": computer.key.kid,
                "ctr": ctr,
                "seq": chain.seq - 1,
                "hash": chain.prev,
            }
            writer.add(schema.device_head, head)
