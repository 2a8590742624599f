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

from diary.bundle.manifest import Manifest
from diary.cli.__main__ import main
from diary.cli.common import INVALID, UNUSABLE, VALID
from diary.formats.encoding import digest
from diary.log.leaf import LeafType
from diary.objects.beacon import Beacon
from marketplace.contracts.queries import Contract
from marketplace.log.log import LogEntry
from tests.marketplace.after import deleted, retired
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
    # They were fetched from the log, so that nobody's time is unpaid for their absence.
    assert files_of(told) == {("E_MANIFEST", "terms")}
    assert (told["totals"]["payable"], len(told["terms"])) == (1200, 1)


def test_newer_terms_that_are_kept_back_raise_no_pay_where_the_log_is_read(
    market: Stand, desk: Desk, contract: Contract, bundle: Callable[..., bytes],
    verify: Callable[..., Any], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """The contract ended; a client program went on by the terms that it had."""
    known = desk.contract(contract.ctr)
    monkeypatch.setattr(desk, "contract", lambda _ctr: known)
    ended = market.deps.people.set_terms(contract, state="ended")
    for data in worked(market, desk, contract.ctr, START + 1800, count=2):
        desk.send(data)
    whole = verify(bundle())
    assert (whole["totals"]["payable"], whole["totals"]["unpaid"]) == (1200, 1200)
    assert [each["state"] for each in whole["terms"]] == ["active", "ended"]
    without = bundle(f"terms/{ended.digest}")
    offline = verify(without, "--no-progress")
    assert (offline["exit"], offline["totals"]["payable"]) == (VALID, 2400)
    assert "terms" in offline["not_checked"]
    assert [each["state"] for each in offline["terms"]] == ["active"]
    told = verify(without)
    assert (told["exit"], told["totals"]) == (INVALID, whole["totals"])
    assert told["terms"] == whole["terms"]
    assert files_of(told) == {("E_MANIFEST", "terms"), ("E_TERMS", "segments")}


def test_terms_after_the_weeks_of_the_bundle_are_not_missed(
    market: Stand, contract: Contract, bundle: Callable[..., bytes], verify: Callable[..., Any]
) -> None:
    data = bundle()
    market.reach(START + 7 * 86_400)
    market.deps.people.set_terms(contract, limit_s=3_600)
    assert verify(data)["findings"] == []


def test_a_retirement_that_is_kept_back(
    desk: Desk, bundle: Callable[..., bytes], verify: Callable[..., Any]
) -> None:
    data = bundle()
    headers = {"Content-Type": "application/sd-jwt"}
    last = retired(desk)
    assert desk.call("POST", "/v1/retires", content=last, headers=headers).status_code == 201
    assert files_of(verify(data)) == {("E_MANIFEST", "retires")}


def test_other_segments_of_the_log_may_be_forks_or_other_contracts(
    market: Stand, bundle: Callable[..., bytes], verify: Callable[..., Any],
    enrolled: Callable[[Contract], Desk],
) -> None:  # fmt: skip
    data = bundle()
    another = market.contract("Another")
    other = enrolled(another)
    for each in worked(market, other, another.ctr, START + 3600):
        other.send(each)
    assert verify(data)["not_checked"] == ["forks", "other_contracts"]


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
    assert "of the kind tombstone, which name no contract: 1" in capsys.readouterr().out


def test_a_second_beacon_for_a_slot_is_the_logs_fault(
    market: Stand, bundle: Callable[..., bytes], verify: Callable[..., Any]
) -> None:
    data = bundle()
    slot = START + 4 * 600
    market.reach(slot)
    other = Beacon(slot, b"x" * 32).data()
    entry = LogEntry(LeafType.BEACON, digest(other), attrs=str(slot), object=other)
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
