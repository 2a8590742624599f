"""Changes the stored bytes of pictures, as a fault of the storage or an intruder would."""

from __future__ import annotations

import obstore

from marketplace.storage.blobs import Blobs
from marketplace.storage.blobs.folder import FolderBlobs
from marketplace.storage.blobs.s3 import S3Blobs


def replace_bytes(blobs: Blobs, sha: str, data: bytes) -> None:
    """Store bytes under a hash that need not be theirs."""
    if isinstance(blobs, FolderBlobs):
        path = blobs.path(sha)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    else:
        assert isinstance(blobs, S3Blobs)
        obstore.put(blobs.objects, f"{sha[:2]}/{sha}", data)
