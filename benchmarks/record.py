"""The record: sealing a segment, and checking a week of segments."""

from __future__ import annotations

import hashlib
import os
import secrets
import sqlite3
import tempfile
from pathlib import Path

from benchmarks.measure import Figure, compare
from diary.core.slots import DAY, SLOT
from diary.formats.ed25519 import verify
from diary.objects.segment import parse
from diary.verification.check import check
from tests.diary.world import START, World

SEGMENTS_A_DAY = 48


def seal_one_segment() -> Figure:
    """Build, sign, chain and durably write one segment with a picture, as the client does."""
    world = World()
    world.add_beacon(START)
    message = secrets.token_bytes(3_000)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        base = sqlite3.connect(folder / "reference.sqlite", isolation_level=None)
        base.execute("PRAGMA journal_mode=WAL")
        base.execute("PRAGMA synchronous=FULL")
        base.execute("CREATE TABLE t (data BLOB)")

        def ours() -> None:
            data = world.work(START)
            world.segments.clear()
            _write_durably(folder / "segment", data)

        def reference() -> None:
            base.execute("INSERT INTO t VALUES (?)", (message,))
            world.key.sign(message)

        taken = compare(ours, reference)
        base.close()
    return Figure(
        "seal one segment",
        "build, sign, chain, fsync",
        *taken,
        "one SQLite FULL commit and one Ed25519 signature",
        2.0,
    )


def check_a_week() -> Figure:
    """Check a 40-hour week with its proofs, picture times and the hashes of its pictures."""
    # Pictures of a usual size: 450 to 900 kB an hour, six pictures an hour.
    world = World(picture_bytes=100_000)
    for day in range(5):
        for number in range(SEGMENTS_A_DAY):
            world.log_segment(world.work(START + day * DAY + number * SLOT))
    evidence = world.evidence(**world.history())
    signed = [parse(data).sdjwt.jws for data in world.segments]
    blobs = list(world.blobs.values())
    checkpoint = world.log.signer.key.sign(b"x" * 120)

    def ours() -> None:
        findings = check(evidence).findings
        if findings:
            raise AssertionError(findings[:3])

    def reference() -> None:
        for jws in signed:
            verify(world.key.public, jws.signature, jws.data[: jws.data.rindex(b".")])
        # Each beacon has a separate signed checkpoint; the receipts share the newest one.
        for _ in range(len(world.beacons) + 2):
            verify(world.log.signer.key.public, checkpoint, b"x" * 120)
        for data in blobs:
            hashlib.sha256(data).digest()

    return Figure(
        "check a 40-hour week",
        f"{len(signed)} segments, proofs, picture times, {len(blobs)} blobs",
        *compare(ours, reference),
        "its Ed25519 verifications and SHA-256 alone",
        2.0,
    )


def figures() -> list[Figure]:
    """All figures of this module."""
    return [seal_one_segment(), check_a_week()]


def _write_durably(path: Path, data: bytes) -> None:
    temporary = path.with_suffix(".new")
    with temporary.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    descriptor = os.open(path.parent, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
