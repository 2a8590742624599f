"""The list of marketplaces is what the state folders hold."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from uploader.account.marketplaces import KnownMarketplace, list_marketplaces


def add(base: Path, name: str, data: bytes | None = None, *, joined: bool = True) -> Path:
    folder = base / name
    folder.mkdir(parents=True)
    pinned = {"aud": name, "url": f"https://{name}"}
    (folder / "marketplace.json").write_bytes(json.dumps(pinned).encode() if data is None else data)
    if joined:
        (folder / "enrolment.jws").write_bytes(b"e")
        (folder / "enrolment.tlog-proof").write_bytes(b"p")
    return folder


def test_each_state_folder_is_a_marketplace(tmp_path: Path) -> None:
    add(tmp_path, "b.example")
    add(tmp_path, "a.example", joined=False)
    (tmp_path / "logs").mkdir()
    assert list_marketplaces(tmp_path) == (
        KnownMarketplace("a.example", "https://a.example", False),
        KnownMarketplace("b.example", "https://b.example", True),
    )


@pytest.mark.parametrize("missing", ["enrolment.jws", "enrolment.tlog-proof"])
def test_an_enrolment_counts_once_it_is_in_the_log(tmp_path: Path, missing: str) -> None:
    (add(tmp_path, "a.example") / missing).unlink()
    assert [each.signed_in for each in list_marketplaces(tmp_path)] == [False]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"7",
        b"\xff",
        b"[" * 50_000,
        b'{"aud": "a.example"}',
        b'{"aud": 7, "url": "https://a.example"}',
        b'{"aud": "../a", "url": "https://a.example"}',
        b'{"aud": "a.example", "url": ["https://a.example"]}',
        b'{"aud": "a.example", "url": "https://a.example"}' + b" " * 70_000,
    ],
)
def test_a_damaged_folder_is_left_out(tmp_path: Path, data: bytes) -> None:
    add(tmp_path, "a.example", data)
    add(tmp_path, "b.example")
    assert [each.aud for each in list_marketplaces(tmp_path)] == ["b.example"]


def test_a_folder_in_place_of_the_file_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.example" / "marketplace.json").mkdir(parents=True)
    assert list_marketplaces(tmp_path) == ()


def test_a_base_folder_that_does_not_exist_has_none(tmp_path: Path) -> None:
    assert list_marketplaces(tmp_path / "nowhere") == ()
