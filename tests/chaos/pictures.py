"""The check of the pictures after the disturbances."""

from __future__ import annotations

from dataclasses import dataclass

import obstore
from sqlalchemy import select

from diary.formats.encoding import digest
from marketplace.core.clock import system_ms
from marketplace.http.services import Services
from marketplace.ingest.picture_uploads import COMPLETE_S
from marketplace.storage import schema
from marketplace.storage.blobs.s3 import OWNER, S3Blobs
from tests.marketplace.shared_processes import SharedMarketplace


@dataclass(frozen=True)
class Swept:
    """Objects that the database did not know: before the sweep and after it."""

    before: int
    after: int
    #: Unfinished uploads of programs, before and after.
    uploads_before: int
    uploads_after: int


def check_pictures(market: SharedMarketplace, confirmed: dict[str, bytes]) -> Swept:
    """Require that each confirmed picture is stored byte by byte, sweep, and require it again.

    The processes must have ended: the clock of the sweep is that of a later hour, in which no
    upload can be completed any more.
    """

    def later_ms() -> int:
        return system_ms() + 3 * COMPLETE_S * 1000

    with market.opened(later_ms) as services:
        _require_stored(services, confirmed)
        before, uploads_before = _unknown(services)
        services.retention.run_once()
        after, uploads_after = _unknown(services)
        _require_stored(services, confirmed)
        assert _unfinished_parts(services) == 0
    return Swept(len(before), len(after), len(uploads_before), len(uploads_after))


def _require_stored(services: Services, confirmed: dict[str, bytes]) -> None:
    with services.store.read() as connection:
        rows = set(connection.execute(select(schema.blob.c.sha256)).scalars())
        owned = set(connection.execute(select(schema.blob_owner.c.sha256)).scalars())
    for sha, data in confirmed.items():
        assert sha in rows & owned, "a confirmed picture has no row"
        stored = services.blobs.read(sha)
        assert stored == data, "a confirmed picture is lost"
        assert digest(stored) == sha
    for sha in rows:
        assert services.blobs.has(sha), "a row has no picture"


def _unknown(services: Services) -> tuple[set[str], set[str]]:
    """The objects of pictures without a row, and of uploads."""
    blobs = services.blobs
    assert isinstance(blobs, S3Blobs)
    found = {entry["path"] for entry in obstore.list(blobs.objects).collect()}
    uploads = blobs.uploads()
    with services.store.read() as connection:
        known = set(connection.execute(select(schema.blob.c.sha256)).scalars())
    names = {f"{sha[:2]}/{sha}" for sha in known}
    assert OWNER in found
    return found - uploads - names - {OWNER}, uploads


def _unfinished_parts(services: Services) -> int:
    """The number of uploads in parts that were begun and not completed; no list has them."""
    import botocore.session

    settings = services.config.s3
    assert settings is not None
    client = botocore.session.Session().create_client(
        "s3", region_name=settings.region, endpoint_url=settings.endpoint
    )
    return len(client.list_multipart_uploads(Bucket=settings.bucket).get("Uploads", ()))
