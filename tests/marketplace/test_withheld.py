"""`workdiary-verify BUNDLE.zip --log URL`: what an exporter keeps back shows in the log."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from diary.__main__ import main
from diary.command.common import INVALID, UNUSABLE, VALID
from diary.encoding import digest
from diary.leaf import LeafType
from diary.manifest import Manifest
from diary.objects import Beacon
from marketplace.log import Entry
from marketplace.people import Contract
from tests.marketplace.after import deleted
from tests.marketplace.desk import Desk, worked
from tests.marketplace.stand import START, Stand

WEEK = "2026-W47"


@pytest.fixture
def bundle(market: Stand, desk: Desk, contract: Contract) -> Callable[..., bytes]:
    """Fetches the week's bundle; without the files whose names begin so, as if it had none."""
    for data in worked(market, desk, contract.ctr, START, count=2):
        desk.send(data)

    def fetch(*without: str) -> bytes:
        desk.sign_in()
        answer = desk.call("GET", f"/v1/bundles/{contract.ctr}/{WEEK}")
        source = zipfile.ZipFile(io.BytesIO(answer.content))
        files = {
            name: source.read(name)
            for name in source.namelist()
            if not name.startswith(without or ("\0",))
        }
        about = Manifest.parse(files.pop("manifest.json"))
        files["manifest.json"] = replace(
            about, files={name: digest(data) for name, data in files.items()}
        ).data()
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as target:
            for name, data in files.items():
                target.writestr(name, data)
        return buffer.getvalue()

    return fetch


@pytest.fixture
def verify(
    market: Stand, desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Any]:
    """Runs the command with the log; the JSON and the exit code."""

    def run(data: bytes, *options: str) -> Any:
        path = tmp_path / "week.zip"
        path.write_bytes(data)
        asked = options or ("--log", market.url)
        code = main([str(path), "--key", desk.verifier.vkey, *asked, "--json"])
        return {**json.loads(capsys.readouterr().out), "exit": code}

    return run


def files_of(told: Any) -> set[tuple[str, str]]:
    return {(finding["code"], finding["file"].partition("/")[0]) for finding in told["findings"]}


def test_an_honest_bundle_keeps_nothing_back(
    bundle: Callable[..., bytes], verify: Callable[..., Any]
) -> None:
    told = verify(bundle())
    assert (told["exit"], told["findings"], told["not_checked"]) == (VALID, [], [])


def test_a_revocation_that_is_kept_back(
    market: Stand, desk: Desk, contract: Contract, bundle: Callable[..., bytes],
    verify: Callable[..., Any], enrolled: Callable[[Contract], Desk],
) -> None:  # fmt: skip
    data = bundle()
    market.deps.devices.revoke(desk.key.kid, "lost")
    told = verify(data)
    assert told["exit"] == INVALID
    assert files_of(told) == {("E_MANIFEST", "revokes")}
    # Of a device that has no part in it nobody need tell.
    other = enrolled(contract)
    market.deps.devices.revoke(other.key.kid, "lost")
    assert len(verify(data)["findings"]) == 1


def test_terms_that_are_kept_back(
    market: Stand, contract: Contract, bundle: Callable[..., bytes], verify: Callable[..., Any]
) -> None:
    market.contract("Another")
    data = bundle()
    assert verify(data)["findings"] == []
    told = verify(bundle("terms/"))
    assert {("E_MANIFEST", "terms"), ("E_TERMS", "segments")} <= files_of(told)


def test_deletions_that_are_kept_back_can_only_be_counted(
    market: Stand, desk: Desk, contract: Contract, bundle: Callable[..., bytes],
    verify: Callable[..., Any], tmp_path: Path, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    body = deleted(desk, desk.segments[contract.ctr][0], "memo", scope=["memo"])
    headers = {"Content-Type": "application/jose"}
    assert desk.call("POST", "/v1/tombstones", content=body, headers=headers).status_code == 201
    assert verify(bundle())["not_checked"] == []
    told = verify(bundle("tombstones/"))
    assert told["not_checked"] == ["tombstones"]
    assert main([str(tmp_path / "week.zip"), "--log", market.url]) == VALID
    assert "The log holds 1 deletion more" in capsys.readouterr().out


def test_a_second_beacon_for_a_slot_is_the_logs_fault(
    market: Stand, bundle: Callable[..., bytes], verify: Callable[..., Any]
) -> None:
    data = bundle()
    slot = START + 4 * 600
    market.reach(slot)
    other = Beacon(slot, b"x" * 32).data()
    entry = Entry(LeafType.BEACON, digest(other), attrs=str(slot), object=other)
    market.deps.log.append(entry).result()
    told = verify(data)
    assert [finding["code"] for finding in told["findings"]] == ["E_BEACON"]
    assert told["findings"][0]["kind"] == "log"


def test_a_log_that_changed_its_key_is_read_on(
    market: Stand, desk: Desk, bundle: Callable[..., bytes], verify: Callable[..., Any]
) -> None:
    data = bundle()
    market.deps.log.rotate()
    assert verify(data)["findings"] == []
    market.deps.devices.revoke(desk.key.kid, "lost")
    assert files_of(verify(data)) == {("E_MANIFEST", "revokes")}


def test_another_log_at_the_address(
    bundle: Callable[..., bytes], verify: Callable[..., Any]
) -> None:
    data = bundle()
    for url, code in (("http://127.0.0.1:9", "unreachable"), ("ftp://x", "url"), ("", "url")):
        told = verify(data, "--log", url)
        assert (told["exit"], told["code"]) == (UNUSABLE, code)
