"""`workdiary-verify BUNDLE.zip --log URL` detects objects that an exporter left out."""

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
from tests.marketplace.later_statements import deleted, retired
from tests.marketplace.live_marketplace import START, LiveMarketplace
from tests.marketplace.simulated_device import SimulatedDevice, worked

WEEK = "2026-W47"


@pytest.fixture
def bundle(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract
) -> Callable[..., bytes]:
    """Fetches the week's bundle, without files whose names begin with one of these."""
    for data in worked(marketplace, device, contract.ctr, START, count=2):
        device.send(data)

    def fetch(*without: str) -> bytes:
        device.sign_in()
        answer = device.call("GET", f"/v1/bundles/{contract.ctr}/{WEEK}")
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
    marketplace: LiveMarketplace,
    device: SimulatedDevice,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> Callable[..., Any]:
    """Runs the command with the log; returns the JSON and the exit code."""

    def run(data: bytes, *options: str) -> Any:
        path = tmp_path / "week.zip"
        path.write_bytes(data)
        asked = options or ("--log", marketplace.url)
        code = main([str(path), "--key", device.verifier.vkey, *asked, "--json"])
        return {**json.loads(capsys.readouterr().out), "exit": code}

    return run


def files_of(report: Any) -> set[tuple[str, str]]:
    return {(finding["code"], finding["file"].partition("/")[0]) for finding in report["findings"]}


def test_an_honest_bundle_keeps_nothing_back(
    bundle: Callable[..., bytes], verify: Callable[..., Any]
) -> None:
    report = verify(bundle())
    assert (report["exit"], report["findings"], report["not_checked"]) == (VALID, [], [])


def test_a_revocation_that_is_kept_back(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract,
    bundle: Callable[..., bytes], verify: Callable[..., Any],
    enrolled: Callable[[Contract], SimulatedDevice],
) -> None:  # fmt: skip
    data = bundle()
    marketplace.deps.devices.revoke(device.key.kid, "lost")
    report = verify(data)
    assert report["exit"] == INVALID
    assert files_of(report) == {("E_MANIFEST", "revokes")}
    # A device without a part in the bundle need not be reported.
    other = enrolled(contract)
    marketplace.deps.devices.revoke(other.key.kid, "lost")
    assert len(verify(data)["findings"]) == 1


def test_terms_that_are_kept_back(
    marketplace: LiveMarketplace,
    contract: Contract,
    bundle: Callable[..., bytes],
    verify: Callable[..., Any],
) -> None:
    marketplace.contract("Another")
    data = bundle()
    assert verify(data)["findings"] == []
    report = verify(bundle("terms/"))
    # They were fetched from the log, so that no time is unpaid because of their absence.
    assert files_of(report) == {("E_MANIFEST", "terms")}
    assert (report["totals"]["payable"], len(report["terms"])) == (1200, 1)


def test_newer_terms_that_are_kept_back_raise_no_pay_where_the_log_is_read(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract,
    bundle: Callable[..., bytes], verify: Callable[..., Any], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """The contract ended; a client continued under the terms that it had."""
    known = device.contract(contract.ctr)
    monkeypatch.setattr(device, "contract", lambda _ctr: known)
    ended = marketplace.deps.contracts.set_terms(contract, state="ended")
    for data in worked(marketplace, device, contract.ctr, START + 1800, count=2):
        device.send(data)
    whole = verify(bundle())
    assert (whole["totals"]["payable"], whole["totals"]["unpaid"]) == (1200, 1200)
    assert [each["state"] for each in whole["terms"]] == ["active", "ended"]
    without = bundle(f"terms/{ended.digest}")
    offline = verify(without, "--no-progress")
    assert (offline["exit"], offline["totals"]["payable"]) == (VALID, 2400)
    assert "terms" in offline["not_checked"]
    assert [each["state"] for each in offline["terms"]] == ["active"]
    report = verify(without)
    assert (report["exit"], report["totals"]) == (INVALID, whole["totals"])
    assert report["terms"] == whole["terms"]
    assert files_of(report) == {("E_MANIFEST", "terms"), ("E_TERMS", "segments")}


def test_terms_after_the_weeks_of_the_bundle_are_not_missed(
    marketplace: LiveMarketplace,
    contract: Contract,
    bundle: Callable[..., bytes],
    verify: Callable[..., Any],
) -> None:
    data = bundle()
    marketplace.advance_to(START + 7 * 86_400)
    marketplace.deps.contracts.set_terms(contract, limit_s=3_600)
    assert verify(data)["findings"] == []


def test_a_retirement_that_is_kept_back(
    device: SimulatedDevice, bundle: Callable[..., bytes], verify: Callable[..., Any]
) -> None:
    data = bundle()
    headers = {"Content-Type": "application/sd-jwt"}
    last = retired(device)
    assert device.call("POST", "/v1/retires", content=last, headers=headers).status_code == 201
    assert files_of(verify(data)) == {("E_MANIFEST", "retires")}


def test_other_segments_of_the_log_may_be_forks_or_other_contracts(
    marketplace: LiveMarketplace, bundle: Callable[..., bytes], verify: Callable[..., Any],
    enrolled: Callable[[Contract], SimulatedDevice],
) -> None:  # fmt: skip
    data = bundle()
    another = marketplace.contract("Another")
    other = enrolled(another)
    for each in worked(marketplace, other, another.ctr, START + 3600):
        other.send(each)
    assert verify(data)["not_checked"] == ["forks", "other_contracts"]


def test_deletions_that_are_kept_back_can_only_be_counted(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract,
    bundle: Callable[..., bytes], verify: Callable[..., Any],
    tmp_path: Path, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    body = deleted(device, device.segments[contract.ctr][0], "memo", scope=["memo"])
    headers = {"Content-Type": "application/jose"}
    assert device.call("POST", "/v1/tombstones", content=body, headers=headers).status_code == 201
    assert verify(bundle())["not_checked"] == []
    report = verify(bundle("tombstones/"))
    assert report["not_checked"] == ["tombstones"]
    assert main([str(tmp_path / "week.zip"), "--log", marketplace.url]) == VALID
    text = capsys.readouterr().out
    assert "Compared with the log: its terms" in text
    assert "of the kind tombstone, which name no contract: 1" in text


def test_a_second_beacon_for_a_slot_is_the_logs_fault(
    marketplace: LiveMarketplace, bundle: Callable[..., bytes], verify: Callable[..., Any]
) -> None:
    data = bundle()
    slot = START + 4 * 600
    marketplace.advance_to(slot)
    other = Beacon(slot, b"x" * 32).data()
    entry = LogEntry(LeafType.BEACON, digest(other), attrs=str(slot), object=other)
    marketplace.deps.log.append(entry).result()
    report = verify(data)
    assert [finding["code"] for finding in report["findings"]] == ["E_BEACON"]
    assert report["findings"][0]["kind"] == "log"


def test_a_log_is_read_across_a_change_of_its_key(
    marketplace: LiveMarketplace,
    device: SimulatedDevice,
    bundle: Callable[..., bytes],
    verify: Callable[..., Any],
) -> None:
    data = bundle()
    marketplace.deps.log.rotate()
    assert verify(data)["findings"] == []
    marketplace.deps.devices.revoke(device.key.kid, "lost")
    assert files_of(verify(data)) == {("E_MANIFEST", "revokes")}


def test_another_log_at_the_address(
    bundle: Callable[..., bytes], verify: Callable[..., Any]
) -> None:
    data = bundle()
    for url, code in (("http://127.0.0.1:9", "unreachable"), ("ftp://x", "url"), ("", "url")):
        report = verify(data, "--log", url)
        assert (report["exit"], report["code"]) == (UNUSABLE, code)
