"""Several segments in one request (`POST /v1/segments`, `docs/protocol.md` section 12)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from diary.formats import json_fields
from uploader.api.client import MarketplaceClient
from uploader.api.responses import SegmentResponse, read, segment

#: Segments, and bytes of their SD-JWTs, in one request. The marketplace takes 1,048,576 bytes with
#: the hashes and the JSON around them.
MAX_SEGMENTS, MAX_BYTES = 64, 1_000_000


@dataclass(frozen=True)
class SegmentUpload:
    """A segment to upload; see `MarketplaceClient.put_segment`."""

    digest: str
    sdjwt: bytes
    parts: int = 0


def put_segments(
    client: MarketplaceClient, uploads: Sequence[SegmentUpload]
) -> list[SegmentResponse]:
    """Upload sealed segments of one chain in its order, each as `MarketplaceClient.put_segment`.
    Returns the responses to those before the first refused one; later ones were not tried.
    """
    entries = [
        {"sha": each.digest, "data": each.sdjwt.decode("ascii"), "parts": each.parts}
        for each in uploads
    ]
    answer = client.expect(
        "POST",
        f"{client.base_url}/v1/segments",
        200,
        body=json.dumps({"segments": entries}).encode("ascii"),
        mime="application/json",
    )
    return read(answer, lambda obj: _accepted(obj, uploads))


def _accepted(obj: dict[str, Any], uploads: Sequence[SegmentUpload]) -> list[SegmentResponse]:
    entries = obj.get("segments")
    if not isinstance(entries, list) or len(entries) != len(uploads):
        raise json_fields.bad("segments")
    found = []
    for upload, entry in zip(uploads, entries, strict=True):
        if not isinstance(entry, dict) or json_fields.b64(entry, "sha", 32) != upload.digest:
            raise json_fields.bad("sha")
        answer = entry.get("accepted")
        if answer is None:
            break
        if not isinstance(answer, dict):
            raise json_fields.bad("accepted")
        found.append(segment(answer, created=entry.get("created") is True))
    return found
