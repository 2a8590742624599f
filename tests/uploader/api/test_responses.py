"""Each shown field of a response is bounded where it is parsed."""

from __future__ import annotations

import copy
from datetime import timedelta, timezone
from typing import Any

import pytest

from diary.core.findings import DiaryError
from ui.presenters.formatting import date, time_of_day
from uploader.api import responses

SHA = "A" * 43
ID = "a" * 22
ME = {
    "sub": ID,
    "name": "Ana Ruiz",
    "device": {"kid": SHA, "name": "desk", "vouched": True, "retired": False, "revoked": False},
    "heads": [{"ctr": ID, "seq": 3, "h": SHA}],
    "unvouched": [{"kid": SHA, "name": "laptop", "since": 1_795_510_800}],
}
SEGMENT = {
    "receipt": "proof",
    "findings": [{"subject": SHA, "code": "E_FORK", "detail": "another one"}],
    "head": {"ctr": ID, "seq": 4, "h": SHA},
}
KNOWN = {
    "v": 1,
    "aud": "demo.workdiary.localhost",
    "log": {"origin": "demo.workdiary.localhost/log/2026", "vkey": "x"},
    "rules": "1",
    "jitter_s": 0,
    "demo": {"speed": 20, "origin_ms": 1_795_510_800_000},
    "endpoints": dict.fromkeys(
        ("token", "devices", "me", "contracts", "beacons", "blobs", "segments"),
        "http://127.0.0.1:1/x",
    ),
}
GRANT = {"sub": ID, "name": "Ana", "nonce": "n", "week0": 1_795_392_000, "session": "s"}
PAGE = {
    "statements": [{"type": "amend", "segment": SHA, "kid": SHA, "data": "x", "receipt": "proof"}],
    "signers": {SHA: "x"},
    "next": 3,
    "more": False,
}
READERS: dict[str, tuple[Any, dict[str, Any]]] = {
    "me": (responses.me, ME),
    "segment": (lambda obj: responses.segment(obj, created=True), SEGMENT),
    "known": (responses.well_known, KNOWN),
    "grant": (responses.grant, GRANT),
    "statements": (responses.statements, PAGE),
}
HUGE = 2**53 - 1


@pytest.mark.parametrize("name", READERS)
def test_an_honest_answer_is_read(name: str) -> None:
    read, obj = READERS[name]
    assert read(copy.deepcopy(obj)) is not None


@pytest.mark.parametrize(
    ("name", "path", "value"),
    [
        ("me", "name", "x" * 201),
        ("me", "device.name", "x" * 201),
        ("me", "unvouched.0.name", "x" * 201),
        ("me", "unvouched.0.since", HUGE),
        ("me", "unvouched.0.since", -1),
        ("me", "unvouched", [ME["unvouched"][0]] * 1001),  # type: ignore[index]
        ("me", "heads", [ME["heads"][0]] * 1001),  # type: ignore[index]
        ("me", "heads.0.seq", -1),
        ("me", "heads.0.h", "x"),
        ("segment", "findings.0.subject", "x" * 513),
        ("segment", "findings.0.code", "x" * 65),
        ("segment", "findings.0.detail", "x" * 2001),
        ("segment", "findings", [SEGMENT["findings"][0]] * 1001),  # type: ignore[index]
        ("segment", "head.ctr", "../../x"),
        ("segment", "head", []),
        ("known", "demo.origin_ms", HUGE),
        ("known", "demo.origin_ms", -1),
        ("known", "demo.speed", 601),
        ("known", "jitter_s", 301),
        ("grant", "name", "x" * 201),
        ("grant", "week0", HUGE),
        ("statements", "statements.0.type", "revoke"),
        ("statements", "statements.0.data", "x" * 65_537),
        ("statements", "statements", [PAGE["statements"][0]] * 1001),  # type: ignore[index]
        ("statements", "next", -2),
    ],
)
def test_a_field_out_of_its_bounds_is_refused(name: str, path: str, value: Any) -> None:
    read, obj = READERS[name]
    changed = copy.deepcopy(obj)
    at: Any = changed
    *parents, last = path.split(".")
    for step in parents:
        at = at[int(step)] if step.isdigit() else at[step]
    at[last] = value
    with pytest.raises(DiaryError):
        read(changed)


def test_what_is_shown_can_be_written_in_every_zone() -> None:
    for hours in (-12, 0, 14):
        zone = timezone(timedelta(hours=hours))
        assert date(responses.LATEST_S, zone)
        assert time_of_day(responses.LATEST_S * 1000, zone)
