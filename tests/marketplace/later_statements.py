"""Later statements of a computer, for tests: signed and ready to be sent."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from pathlib import Path

from diary.core.vocabulary import Scope
from diary.objects.amendment import amend
from diary.objects.device_lifecycle import RetirementHead, retire, vouch
from diary.objects.segment import parse
from diary.objects.tombstone import tombstone
from tests.marketplace.blob_place import objects_of
from tests.marketplace.engines import engines
from tests.marketplace.simulated_device import SimulatedDevice

AT = 1_795_000_000


def digest_of(data: bytes, name: str) -> str:
    """The digest of a disclosure of a segment."""
    return next(d.digest for d in parse(data).sdjwt.disclosures if d.name == name)


def deleted(
    device: SimulatedDevice,
    data: bytes,
    *names: str,
    scope: Sequence[Scope],
    reason: str = "deleted",
) -> bytes:
    """A tombstone for parts of a segment."""
    return tombstone(
        device.key, segment=parse(data).hash, digests=[digest_of(data, name) for name in names],
        scope=scope, reason=reason, at=AT,
    )  # fmt: skip


def amended(device: SimulatedDevice, data: bytes, memo: str, at: int = AT) -> bytes:
    """Another memo for a segment."""
    return amend(
        device.key, aud=device.aud, segment=parse(data).hash, at=at, memo=memo,
        random=secrets.token_bytes,
    )  # fmt: skip


def vouched(device: SimulatedDevice, other: SimulatedDevice) -> bytes:
    """A vouch of the first computer for the other."""
    return vouch(device.key, aud=device.aud, sub=device.sub, kid=other.key.kid)


def retired(device: SimulatedDevice, *, at: int = AT) -> bytes:
    """A retirement with the heads of all chains."""
    heads = [
        RetirementHead(ctr, len(chain) - 1, parse(chain[-1]).hash)
        for ctr, chain in device.segments.items()
        if chain
    ]
    return retire(
        device.key, aud=device.aud, sub=device.sub, at=at, heads=heads, random=secrets.token_bytes
    )


def found_in(folder: Path, secret: bytes) -> list[str]:
    """The files below a data folder, the objects of its store and the tables of its database that
    contain these bytes.
    """

    def files() -> Iterator[str]:
        for path in folder.rglob("*"):
            if path.is_file() and secret in path.read_bytes():
                yield str(path)
        for name, data in objects_of(folder):
            if secret in data:
                yield name

    return sorted([*files(), *engines.tables_with(folder, secret)])
