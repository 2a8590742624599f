"""The JavaScript verifier reads the vectors' bundles as archives."""

from __future__ import annotations

import json
import zipfile

import pytest

from diary.formats.encoding import b64url_encode
from tests.js.engines import Engine
from tests.vectors.make_vectors import FOLDER


def test_odd_bundles_are_found_odd_in_the_same_way(engine: Engine) -> None:
    with zipfile.ZipFile(FOLDER / "bundles" / "week.zip") as archive:
        week = {name: b64url_encode(archive.read(name)) for name in archive.namelist()}
    for case in json.loads((FOLDER / "bundles" / "odd.json").read_bytes()):
        files = {n: data for n, data in week.items() if n not in case["without"]} | case["with"]
        answer = engine.ask("bundle", {"files": files, "asked": {"keys": case["keys"]}})
        report = answer.get("value")
        found = answer.get("error") or [
            [each[name] for name in ("kind", "subject", "code", "file")]
            for each in report["findings"]
        ]
        assert found == case["found"], case["name"]


@pytest.mark.parametrize("name", ["week", "two-logs", "changed"])
def test_the_report_is_the_one_beside_the_bundle(engine: Engine, name: str) -> None:
    expected = json.loads((FOLDER / "bundles" / f"{name}.json").read_bytes())
    data = (FOLDER / "bundles" / f"{name}.zip").read_bytes()
    given = {"data": b64url_encode(data), "asked": {"keys": expected["keys"]}}
    answer = engine.ask("archive", given)
    reported = answer["value"]
    for finding in reported["findings"]:
        del finding["detail"]
    assert reported == expected
