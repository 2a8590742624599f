"""Bundles with a verifier's report of each, for `make_vectors.py`."""

from __future__ import annotations

import json
import zipfile

from diary.bundle.check import CheckOptions, check_bundle
from diary.bundle.reader import BundleFiles
from diary.cli.bundle_report import report_json
from tests.diary.weeks import full_world, rotated
from tests.diary.world import World
from tests.diary.zips import zipped


def files() -> dict[str, bytes]:
    """Each bundle and its report, by their names below the folder."""
    week, year = full_world(), rotated()
    honest = week.bundle()
    made: dict[str, bytes] = {}
    for name, world, held in (
        ("week", week, honest),
        ("two-logs", year, year.bundle()),
        ("changed", week, changed(honest)),
    ):
        made[f"bundles/{name}.zip"] = zipped(held, _the_same, method=zipfile.ZIP_STORED)
        made[f"bundles/{name}.json"] = report(world, held)
    return made


def changed(held: dict[str, bytes]) -> dict[str, bytes]:
    """A withheld memo, a changed picture, a missing beacon, and an unchanged manifest."""
    segment = min(name for name in held if name.startswith("segments/") and "sdjwt" in name)
    blob = min(name for name in held if name.startswith("blobs/"))
    beacon = max(name for name in held if name.startswith("beacons/") and "1795512000" in name)
    return {
        name: data.rpartition(b"~")[0].rpartition(b"~")[0] + b"~"
        if name == segment
        else data[::-1]
        if name == blob
        else data
        for name, data in held.items()
        if name != beacon
    }


def report(world: World, held: dict[str, bytes]) -> bytes:
    """With the oldest key, given from outside; details may differ and are left out."""
    key = world.shards()[0].signer.verifier
    reported = report_json(check_bundle(BundleFiles(held), CheckOptions(keys=(key,))))
    for finding in reported["findings"]:
        del finding["detail"]
    return (json.dumps(reported, indent=1, ensure_ascii=False) + "\n").encode()


def _the_same(info: zipfile.ZipInfo) -> None:
    """Bytes that do not depend on the system."""
    info.create_system = 3
