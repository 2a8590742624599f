"""The public log: C2SP tlog-tiles, tlog-policy, receipts, and the keys of the shards.

Each shard is a tiled log at `/log/<name>`; `/log` is the newest one. Full tiles never change and
are cached permanently; partial ones expire soon.
"""

from __future__ import annotations

import gzip
import re
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel
from sqlalchemy import Connection

from diary.core.findings import DiaryError
from diary.log.policy import PolicyLog, write_policy
from diary.log.tiles import WIDTH, Tile
from marketplace.api.dependencies import HashIn, ServicesIn
from marketplace.core.problems import ProblemError, declared
from marketplace.log import cosigned as log_cosigned
from marketplace.log import log, shards, tile_reader
from marketplace.log.shards import Shard

router = APIRouter(tags=["log"])

_TEXT: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/plain": {"schema": {"type": "string"}}}}
}
_BYTES: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/octet-stream": {"schema": {"type": "string"}}}}
}
_IMMUTABLE = {"Cache-Control": "public, max-age=31536000, immutable"}
_A_MINUTE = {"Cache-Control": "public, max-age=60"}

NameIn = Annotated[
    str, Path(description="The last part of a shard's origin: a year, or a year and a number.")
]
TileIn = Annotated[
    str,
    Path(description="`<L>/<N>[.p/<W>]` or `entries/<N>[.p/<W>]`, as C2SP tlog-tiles has it."),
]


class LogKeysOut(BaseModel):
    """The receipts of announcements and openings of shards, oldest first."""

    keys: list[str]


@router.get("/log/checkpoint", response_class=Response, responses={**_TEXT, **declared(404)})
def checkpoint(services: ServicesIn) -> Response:
    """The newest shard's signed checkpoint (C2SP tlog-checkpoint). It has the cosignatures of the
    witnesses as soon as they reach the quorum.
    """
    with services.store.read() as connection:
        return _checkpoint(connection, shards.newest(connection))


@router.get("/log/cosigned", response_class=Response, responses={**_TEXT, **declared(404)})
def cosigned(services: ServicesIn) -> Response:
    """The newest shard's largest checkpoint that reaches the quorum of the witnesses, with their
    cosignatures (C2SP tlog-cosignature).
    """
    with services.store.read() as connection:
        return _cosigned(connection, shards.newest(connection))


@router.get("/log/policy", response_class=Response, responses=_TEXT)
def policy(services: ServicesIn) -> Response:
    """The keys and addresses of all shards, oldest first, and the witnesses (C2SP tlog-policy)."""
    with services.store.read() as connection:
        present = shards.read(connection)
    base = f"{services.config.base_url}/log"
    logs = [PolicyLog(s.verifier, f"{base}/{s.name}") for s in present]
    return _text(write_policy(logs, services.config.witnesses))


@router.get("/log/keys")
def keys(services: ServicesIn) -> LogKeysOut:
    """The announcements of each shard's key, from which clients derive trust in newer keys."""
    with services.store.read() as connection:
        return LogKeysOut(keys=[proof.decode("utf-8") for proof in log.key_receipts(connection)])


@router.get("/log/proof/{sha}", response_class=Response, responses={**_TEXT, **declared(404, 422)})
def proof(services: ServicesIn, sha: HashIn) -> Response:
    """The tlog-proof of the first leaf of an object, by the object's SHA-256."""
    with services.store.read() as connection:
        index = log.find(connection, sha)
        found = None if index is None else log.receipts(connection, [index]).get(index)
    if found is None:
        raise ProblemError("object_unknown")
    return _text(found)


@router.get(
    "/log/tile/{path:path}",
    response_class=Response,
    responses={**_BYTES, **declared(404, 422)},
)
def newest_tile(services: ServicesIn, request: Request, path: TileIn) -> Response:
    """A tile of the newest shard."""
    with services.store.read() as connection:
        return _tile(connection, shards.newest(connection), path, request)


@router.get(
    "/log/{name}/checkpoint", response_class=Response, responses={**_TEXT, **declared(404, 422)}
)
def checkpoint_of(services: ServicesIn, name: NameIn) -> Response:
    """A shard's newest signed checkpoint; the final one of a closed shard."""
    with services.store.read() as connection:
        return _checkpoint(connection, _shard(connection, name))


@router.get(
    "/log/{name}/cosigned", response_class=Response, responses={**_TEXT, **declared(404, 422)}
)
def cosigned_of(services: ServicesIn, name: NameIn) -> Response:
    """A shard's largest checkpoint that reaches the quorum of the witnesses."""
    with services.store.read() as connection:
        return _cosigned(connection, _shard(connection, name))


@router.get(
    "/log/{name}/tile/{path:path}",
    response_class=Response,
    responses={**_BYTES, **declared(404, 422)},
)
def tile_of(services: ServicesIn, request: Request, name: NameIn, path: TileIn) -> Response:
    """A tile of a shard: hashes, or entries, which are the leaves' bytes."""
    with services.store.read() as connection:
        return _tile(connection, _shard(connection, name), path, request)


def _shard(connection: Connection, name: str) -> Shard:
    shard = shards.named(connection, name)
    if shard is None:
        raise ProblemError("log_unknown")
    return shard


def _checkpoint(connection: Connection, shard: Shard) -> Response:
    newest = log.checkpoint(connection, shard)
    if newest is None:
        raise ProblemError("log_empty")
    found = log_cosigned.cosigned(connection, shard)
    return _text(found[1] if found is not None and found[0] == newest[0] else newest[1])


def _cosigned(connection: Connection, shard: Shard) -> Response:
    found = log_cosigned.cosigned(connection, shard)
    if found is None:
        raise ProblemError("not_cosigned")
    return _text(found[1])


def _tile(connection: Connection, shard: Shard, path: str, request: Request) -> Response:
    try:
        tile = Tile.parse(f"tile/{path}")
    except DiaryError as error:
        raise ProblemError("tile_path") from error
    data = tile_reader.read(connection, shard, tile)
    if data is None:
        raise ProblemError("tile_unknown", "The log has no such tile yet.")
    headers = {**(_IMMUTABLE if tile.width == WIDTH else _A_MINUTE)}
    if tile.level is None:
        # Hashes do not compress; leaves do.
        headers["Vary"] = "Accept-Encoding"
        if _takes_gzip(request.headers.get("accept-encoding", "")):
            data = gzip.compress(data, mtime=0)
            headers["Content-Encoding"] = "gzip"
    return Response(data, media_type="application/octet-stream", headers=headers)


def _takes_gzip(accepted: str) -> bool:
    """Whether an Accept-Encoding contains gzip with a weight above zero."""
    for item in accepted.lower().split(","):
        name, _, weight = item.replace(" ", "").partition(";")
        if name == "gzip":
            return not re.fullmatch(r"q=0(\.0{0,3})?", weight)
    return False


def _text(data: bytes) -> Response:
    return Response(data, media_type="text/plain; charset=utf-8")
