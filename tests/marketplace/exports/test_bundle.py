"""Bundles of a real marketplace over HTTP: valid, complete, and without other data."""

from __future__ import annotations

import gc
import io
import tracemalloc
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import replace

import httpx
import pytest
from sqlalchemy import update

from diary.bundle.check import CheckedBundle, CheckOptions, check_bundle
from diary.bundle.layout import PAGE, parse_name
from diary.bundle.manifest import Manifest
from diary.bundle.zip_reader import Archive
from diary.cli.bundle_report import NOT_CHECKED, report_json
from diary.core.findings import Code
from diary.core.slots import SLOT, WEEK, week_of
from diary.formats.encoding import b64url_encode, digest
from diary.log.leaf import LeafType
from diary.log.signed_note import NoteVerifier
from diary.objects.device_lifecycle import parse_retire
from diary.objects.segment import parse
from marketplace.contracts.queries import Contract
from marketplace.devices.registry import statement_row
from marketplace.log.log import LogEntry, Row
from marketplace.storage import schema
from tests.marketplace.later_statements import amended, deleted, retired, vouched
from tests.marketplace.live_marketplace import AUD, START, LiveMarketplace
from tests.marketplace.simulated_device import SimulatedDevice, webp, worked
from tests.marketplace.stored_bytes import replace_bytes

WEEK_NAME = "2026-W47"
UTC_DAY = "2026-11-18"


def path_of(ctr: str, week: str = WEEK_NAME) -> str:
    return f"/v1/bundles/{ctr}/{week}"


def fetched(device: SimulatedDevice, ctr: str, week: str = WEEK_NAME, **params: str) -> bytes:
    answer = device.call("GET", path_of(ctr, week), params=params)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"].endswith(f'-{week}.zip"')
    return answer.content


def opened(data: bytes, *keys: NoteVerifier, **asked: object) -> CheckedBundle:
    archive = Archive(io.BytesIO(data))
    assert archive.findings == []
    return check_bundle(archive, CheckOptions(keys=keys, **asked))  # type: ignore[arg-type]


def names(data: bytes) -> set[str]:
    return set(zipfile.ZipFile(io.BytesIO(data)).namelist())


def folders(data: bytes) -> set[str]:
    return {name.partition("/")[0] for name in names(data)}


def codes_of(result: CheckedBundle) -> set[str]:
    return {finding.code.value for finding in result.findings}


@pytest.fixture
def sent(marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract) -> list[bytes]:
    """Three stored slots of work."""
    made = worked(marketplace, device, contract.ctr, START, count=3)
    for data in made:
        device.send(data)
    return made


def test_a_bundle_verifies_by_the_key_from_outside(
    device: SimulatedDevice, contract: Contract, sent: list[bytes]
) -> None:
    data = fetched(device, contract.ctr)
    result = opened(
        data,
        device.verifier,
        ctr=contract.ctr,
        sub=contract.freelancer,
        first=week_of(START),
        end=week_of(START) + WEEK,
    )
    assert result.findings == ()
    report = report_json(result)
    assert (report["aud"], report["label"], report["totals"]["payable"]) == (
        AUD,
        "outside-key",
        1800,
    )
    assert [s["hash"] for s in report["segments"]] == [parse(each).hash for each in sent]
    assert [s["assurance"] for s in report["segments"]] == ["A", "A", "A"]
    assert {"devices", "terms", "beacons", "segments", "blobs", "policy.txt", PAGE} <= folders(data)
    assert all(parse_name(name) for name in names(data))
    assert opened(data).valid


def test_only_the_newest_checkpoint_need_be_believed(
    device: SimulatedDevice, contract: Contract, sent: list[bytes]
) -> None:
    """Receipts are renewed, so that few signatures must be checked; beacons stay unchanged."""
    files = zipfile.ZipFile(io.BytesIO(fetched(device, contract.ctr)))
    notes = {
        files.read(name).partition(b"\n\n")[2]
        for name in files.namelist()
        if name.endswith(".tlog-proof") and not name.startswith("beacons/")
    }
    assert notes == {files.read("checkpoint/2026")}
    for data in sent:
        reference = parse(data).segment.bcn
        assert reference is not None
        kept = files.read(f"beacons/{reference.slot}-{reference.h}.tlog-proof")
        assert digest(kept) == reference.h


def test_the_client_fetches_it_in_the_browser(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract, sent: list[bytes]
) -> None:
    with marketplace.browser(contract.client) as browser:
        answer = browser.get(path_of(contract.ctr))
        assert answer.status_code == 200
        assert opened(answer.content, device.verifier).findings == ()
        page = browser.get(f"/contracts/{contract.ctr}/days/{UTC_DAY}").text
        assert f'href="{path_of(contract.ctr)}"' in page
    assert len(sent) == 3


def test_other_accounts_do_not_get_it(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract, sent: list[bytes],
    enrolled: Callable[[Contract], SimulatedDevice],
) -> None:  # fmt: skip
    stranger = marketplace.contract("Another")
    other = enrolled(stranger)
    assert other.call("GET", path_of(contract.ctr)).status_code == 404
    assert httpx.get(marketplace.url + path_of(contract.ctr), trust_env=False).status_code == 401
    with marketplace.browser(stranger.client) as browser:
        assert browser.get(path_of(contract.ctr)).status_code == 404
    assert device.call("GET", path_of(b64url_encode(bytes(16)))).status_code == 404
    assert len(sent) == 3


@pytest.mark.parametrize("week", ["0000-W01", "1969-W02", "2027-W53"])
def test_a_week_that_does_not_exist_is_not_found(
    device: SimulatedDevice, contract: Contract, week: str
) -> None:
    answer = device.call("GET", path_of(contract.ctr, week))
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("week", ["2026-W54", "2026-47", "2026-W7", "W47", "2026-w47"])
def test_invalid_week(device: SimulatedDevice, contract: Contract, week: str) -> None:
    assert device.call("GET", path_of(contract.ctr, week)).status_code == 422


def test_a_future_week_is_not_found(device: SimulatedDevice, contract: Contract) -> None:
    assert device.call("GET", path_of(contract.ctr, "2026-W48")).status_code == 404


def test_a_week_without_time_is_valid_and_empty(
    device: SimulatedDevice, contract: Contract
) -> None:
    result = opened(fetched(device, contract.ctr, "2026-W46"), device.verifier)
    assert result.findings == ()
    assert report_json(result)["segments"] == []


def test_without_pictures(device: SimulatedDevice, contract: Contract, sent: list[bytes]) -> None:
    data = fetched(device, contract.ctr, pictures="0")
    assert "blobs" not in folders(data)
    result = opened(data, device.verifier)
    assert result.findings == ()
    assert report_json(result)["not_checked"] == sorted([*NOT_CHECKED, "pictures"])
    assert device.call("GET", path_of(contract.ctr), params={"pictures": "x"}).status_code == 422
    assert len(sent) == 3


def test_weeks_are_distinguished(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract
) -> None:
    made = []
    for begin in (START, START + WEEK):
        made += worked(marketplace, device, contract.ctr, begin)
        device.send(made[-1])
    for week, data in zip(("2026-W47", "2026-W48"), made, strict=True):
        result = opened(fetched(device, contract.ctr, week), device.verifier)
        assert result.findings == ()
        assert list(result.report.segments) == [parse(data).hash]


def test_it_holds_later_statements(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract, sent: list[bytes],
    enrolled: Callable[[Contract], SimulatedDevice],
) -> None:  # fmt: skip
    second = enrolled(contract)
    for route, body, kind in (
        ("vouches", vouched(device, second), "jose"),
        ("amends", amended(second, sent[0], "Better words"), "sd-jwt"),
        ("tombstones", deleted(device, sent[1], "memo", scope=["memo"]), "jose"),
        (
            "tombstones",
            deleted(device, sent[2], "shot_0", scope=["shot", "time"]),
            "jose",
        ),
        ("retires", retired(device), "sd-jwt"),
    ):
        headers = {"Content-Type": f"application/{kind}"}
        answer = second.call("POST", f"/v1/{route}", content=body, headers=headers)
        assert answer.status_code == 201, answer.text
    marketplace.deps.devices.revoke(device.key.kid, "lost")
    data = fetched(second, contract.ctr)
    assert {"vouches", "retires", "revokes", "amends", "tombstones"} <= folders(data)
    result = opened(data, device.verifier)
    assert codes_of(result) == {"N_DELETED"}
    report = report_json(result)
    assert [s["memo"] for s in report["segments"]] == [
        "Better words", None, "Checkout: address form",
    ]  # fmt: skip
    assert report["totals"]["payable"] == 1200
    assert report["totals"]["given_back"] == 600
    gone = parse(sent[2]).pictures[0]
    assert f"blobs/{gone.blob.sha256}" not in names(data)
    assert b"address form" not in zipfile.ZipFile(io.BytesIO(data)).read(
        f"segments/{device.key.kid}/{parse(sent[1]).hash}.sdjwt"
    )
    assert [listed["vouched"] for listed in report["devices"]] == [True, True]


def test_a_statement_that_was_logged_after_the_lock_is_no_finding(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract, sent: list[bytes]
) -> None:
    """It is refused on arrival; here it was being logged while the week locked."""
    marketplace.clock.to(week_of(START) + WEEK + 43_200 + 1)
    device.sign_in()
    for kind, data in (
        (LeafType.AMEND, amended(device, sent[0], "Too late")),
        (LeafType.TOMBSTONE, deleted(device, sent[1], scope=["time"])),
    ):
        name, subject = digest(data.partition(b"~")[0]), parse(sent[0]).hash
        if kind is LeafType.TOMBSTONE:
            subject = parse(sent[1]).hash

        def rows(
            index: int, _rt: int, kind: LeafType = kind, name: str = name,
            subject: str = subject, data: bytes = data,
        ) -> list[Row]:  # fmt: skip
            return [
                statement_row(kind, name, index, subject=subject, kid=device.key.kid, data=data)
            ]

        marketplace.deps.log.append(LogEntry(kind, name, rows=rows)).result()
    data = fetched(device, contract.ctr)
    assert not {"amends", "tombstones"} & folders(data)
    assert opened(data, device.verifier).findings == ()


def test_a_second_device_without_a_vouch(
    marketplace: LiveMarketplace,
    device: SimulatedDevice,
    contract: Contract,
    enrolled: Callable[[Contract], SimulatedDevice],
) -> None:
    second = enrolled(contract)
    (data,) = worked(marketplace, second, contract.ctr, START)
    second.send(data)
    assert codes_of(opened(fetched(second, contract.ctr), device.verifier)) == {"W_UNVOUCHED"}


def test_a_retirement_reveals_nothing_of_other_contracts(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract, sent: list[bytes]
) -> None:
    other = marketplace.deps.contracts.add_contract(
        "Other", freelancer=contract.freelancer, client=contract.client
    )
    marketplace.clock.to(marketplace.clock.ms / 1000 + 2)
    device.send(worked(marketplace, device, other.ctr, START + 3 * SLOT)[0])
    answer = device.call(
        "POST", "/v1/retires", content=retired(device),
        headers={"Content-Type": "application/sd-jwt"},
    )  # fmt: skip
    assert answer.status_code == 201, answer.text
    data = fetched(device, contract.ctr)
    files = zipfile.ZipFile(io.BytesIO(data))
    (name,) = (n for n in files.namelist() if n.startswith("retires/") and n.endswith("sdjwt"))
    assert [head.ctr for head in parse_retire(files.read(name)).heads] == [contract.ctr]
    assert all(other.ctr.encode() not in files.read(name) for name in files.namelist())
    assert opened(data, device.verifier).findings == ()
    assert len(sent) == 3


def test_late_work_of_a_retired_device_is_shown_up_to_its_last(
    marketplace: LiveMarketplace,
    device: SimulatedDevice,
    contract: Contract,
    enrolled: Callable[[Contract], SimulatedDevice],
) -> None:
    """A device signed out with a full outbox and was revoked; another device uploads the rest."""
    made = worked(marketplace, device, contract.ctr, START)
    made += worked(marketplace, device, contract.ctr, START + WEEK)
    last = retired(device)
    second = enrolled(contract)
    headers = {"Content-Type": "application/sd-jwt"}
    assert second.call("POST", "/v1/retires", content=last, headers=headers).status_code == 201
    marketplace.deps.devices.revoke(device.key.kid, "lost")
    second.blobs |= device.blobs
    for data in made:
        second.send(data)
    result = opened(fetched(second, contract.ctr), device.verifier)
    assert codes_of(result) == {"W_LATE"}
    report = report_json(result)
    assert (report["from"], report["to"]) == (week_of(START), week_of(START) + 2 * WEEK)
    assert [week["payable"] for week in report["weeks"]] == [600, 600]
    alone = report_json(opened(fetched(second, contract.ctr, "2026-W48"), device.verifier))
    assert (alone["from"], alone["totals"]["payable"]) == (week_of(START) + WEEK, 600)


def test_it_is_of_one_instant(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract, sent: list[bytes]
) -> None:
    """Data that arrives during a download is not partly included."""
    client = marketplace.account(contract.client)
    pieces = marketplace.deps.bundles.make(client, contract.ctr, week_of(START), images=True)
    data = next(pieces)
    for late in worked(marketplace, device, contract.ctr, START + 3 * SLOT, count=2):
        device.send(late)
    data += b"".join(pieces)
    result = opened(data, device.verifier)
    assert result.findings == ()
    assert len(result.report.segments) == len(sent)


def test_a_client_that_disconnects_before_the_first_byte_leaves_nothing_open(
    marketplace: LiveMarketplace, contract: Contract, sent: list[bytes]
) -> None:
    client = marketplace.account(contract.client)
    pieces = marketplace.deps.bundles.make(client, contract.ctr, week_of(START), images=True)
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always", ResourceWarning)
        del pieces
        gc.collect()
    assert [str(each.message) for each in warned] == []


def test_a_picture_that_is_erased_meanwhile_is_left_out(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract, sent: list[bytes]
) -> None:
    client = marketplace.account(contract.client)
    pieces = marketplace.deps.bundles.make(client, contract.ctr, week_of(START), images=True)
    sha = parse(sent[0]).pictures[0].blob.sha256
    marketplace.deps.blobs.erase(sha)
    result = opened(b"".join(pieces), device.verifier)
    assert codes_of(result) == {"W_BLOB_MISSING"}


def test_what_was_changed_in_storage_is_named(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract, sent: list[bytes]
) -> None:
    sealed = parse(sent[0])
    sha = sealed.pictures[0].blob.sha256
    replace_bytes(marketplace.deps.blobs, sha, webp())
    result = opened(fetched(device, contract.ctr), device.verifier)
    assert {(f.code, result.file_of(f)) for f in result.findings} == {
        (Code.E_SHOT_HASH, f"blobs/{sha}"),
        (Code.E_MANIFEST, f"blobs/{sha}"),
    }
    broken = sent[1][:-30] + b"A" * 29 + b"~"
    columns = schema.segment.c
    statement = update(schema.segment).where(columns.hash == parse(sent[1]).hash)
    marketplace.deps.store.write(lambda c: c.execute(statement.values(data=broken))).result()
    beacons = update(schema.beacon).values(file=b"x")
    marketplace.deps.store.write(lambda c: c.execute(beacons)).result()
    found = codes_of(opened(fetched(device, contract.ctr), device.verifier))
    assert {"E_SHOT_HASH", "E_DISC_UNMATCHED", "E_BEACON"} <= found


def test_a_log_of_several_shards(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract, sent: list[bytes]
) -> None:
    marketplace.deps.log.rotate()
    for slot in (START + 4 * SLOT, START + 5 * SLOT):
        marketplace.advance_to(slot)
        device.beacons[slot] = device.http.get(f"/v1/beacons/{slot}").content
        device.sign_in()
        late = device.work(contract.ctr, slot)
        marketplace.advance_to(slot + SLOT)
        marketplace.clock.to(slot + SLOT + 3)
        device.sign_in()
        for blob in device.blobs.values():
            device.put_blob(blob)
        assert device.put_segment(late).status_code == 201
    data = fetched(device, contract.ctr)
    assert {"checkpoint/2026", "checkpoint/2026-2"} <= names(data)
    result = opened(data, device.verifier)
    assert result.findings == ()
    assert len(result.report.segments) == len(sent) + 2
    places = report_json(result)["chains"][0]["index"]
    assert [place[0] for place in places] == ["2026", "2026-2"]


def test_the_memory_does_not_grow_with_the_pictures(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract, sent: list[bytes]
) -> None:
    large = {sha: bytes(6_000_000) for sha in device.blobs}
    for sha, data in large.items():
        replace_bytes(marketplace.deps.blobs, sha, data)
    del large, data
    client = marketplace.account(contract.client)
    tracemalloc.start()
    length = 0
    for piece in marketplace.deps.bundles.make(client, contract.ctr, week_of(START), images=True):
        length += len(piece)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert length > 6 * 6_000_000
    assert peak < 6_000_000
    assert len(sent) == 3


def test_the_same_record_gives_the_same_files(
    device: SimulatedDevice, contract: Contract, sent: list[bytes]
) -> None:
    first, second = (zipfile.ZipFile(io.BytesIO(fetched(device, contract.ctr))) for _ in range(2))
    assert first.namelist() == second.namelist()
    about = [Manifest.parse(each.read("manifest.json")) for each in (first, second)]
    assert replace(about[0], made=0) == replace(about[1], made=0)
    assert len(sent) == 3
