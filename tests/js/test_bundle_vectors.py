"""The bundles among the vectors, read as archives by the verifier in JavaScript."""

from __future__ import annotations

import json

import pytest

from diary.encoding import b64u
from tests.js.engines import Engine
from tests.vectors.make_vectors import FOLDER


@pytest.mark.parametrize("name", ["week", "two-logs", "changed"])
def test_the_report_is_the_one_beside_the_bundle(engine: Engine, name: str) -> None:
    expected = json.loads((FOLDER / "bundles" / f"{name}.json").read_bytes())
    data = (FOLDER / "bundles" / f"{name}.zip").read_bytes()
    given = {"data": b64u(data), "asked": {"keys": expected["keys"]}}
    answer = engine.ask("archive", given)
    told = answer["value"]
    for finding in told["findings"]:
        del finding["detail"]
    assert told == expected
