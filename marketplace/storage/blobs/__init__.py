"""Pictures by their hash, in a folder or in an S3-compatible object store (ADR 0033)."""

from marketplace.storage.blobs.interface import Blobs, BlobsError, Keep, StoredBlob

__all__ = ["Blobs", "BlobsError", "Keep", "StoredBlob"]
