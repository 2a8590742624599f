"""A world as the files of a client's state folder."""

from __future__ import annotations

from pathlib import Path

from diary.formats.encoding import canonical, digest
from diary.log.receipt import Receipt
from diary.objects.segment import parse
from tests.diary.world import AUD, World


def files_of(world: World) -> dict[str, bytes]:
    """The files by their names below the folder, with forward slashes."""
    settings = {
        "v": 1,
        "url": "https://workdiary.localhost",
        "aud": AUD,
        "origin": world.log.origin,
        "vkey": world.log.signer.verifier.vkey,
        "name": "Ada",
        "demo": None,
    }
    files = {
        "marketplace.json": canonical(settings),
        "schema": b"1\n",
        "enrolment.jws": world.enrolment.data,
        "enrolment.tlog-proof": world.log.receipt(world.enrolled_at),
    }
    for at in world.terms_at:
        receipt = world.log.receipt(at)
        files[f"terms/{Receipt.parse(receipt).leaf.digest}.tlog-proof"] = receipt
    for slot, data in world.beacons.items():
        files[f"beacons/{slot}-{digest(data)}.tlog-proof"] = data
    for data in world.segments:
        sealed = parse(data)
        name = f"segments/{sealed.segment.ctr}/{sealed.segment.epoch}-{sealed.segment.seq}"
        files[f"{name}.sdjwt"] = data
        if sealed.hash in world.logged:
            files[f"{name}.tlog-proof"] = world.log.receipt(world.logged[sealed.hash])
    for folder, ending in (("retires", "sdjwt"), ("amends", "sdjwt"), ("tombstones", "jws")):
        for said, at in world.statements.get(folder, ()):
            if said is not None:
                name = f"{folder}/{digest(said.partition(b'~')[0])}"
                files[f"{name}.{ending}"] = said
                files[f"{name}.tlog-proof"] = world.log.receipt(at)
    for _, at in world.statements.get("keys", ()):
        receipt = world.log.receipt(at)
        files[f"keys/{Receipt.parse(receipt).leaf.digest}.tlog-proof"] = receipt
    files.update({f"blobs/{sha}": data for sha, data in world.blobs.items()})
    return files


def write(files: dict[str, bytes], root: Path) -> Path:
    """Write the files below `root`; returns it."""
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return root
