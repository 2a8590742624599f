"""The lifecycle of a device's key: vouched for, signed out, lost and revoked."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from unittest import mock

import httpx
import pytest
from sqlalchemy import func, select

from diary.core.slots import DAY, SLOT
from diary.log.leaf import LeafType
from diary.log.receipt import open_receipt
from diary.objects.device_lifecycle import RetirementHead, Revoke, retire
from diary.objects.segment import parse
from marketplace.cli import main
from marketplace.contracts.queries import Contract
from marketplace.storage import schema
from tests.desktop_fixtures.waiting import wait_for
from tests.marketplace.engines import engines
from tests.marketplace.ingest.test_statements import refused
from tests.marketplace.later_statements import amended, deleted, retired, vouched
from tests.marketplace.live_marketplace import (
    START,
    UTC,
    LiveMarketplace,
    MovedClock,
    live_marketplace,
)
from tests.marketplace.simulated_device import SimulatedDevice, worked

FORM = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def other(
    marketplace: LiveMarketplace,
    device: SimulatedDevice,
    enrolled: Callable[[Contract], SimulatedDevice],
    contract: Contract,
) -> SimulatedDevice:
    """A second computer of the same person, enrolled later."""
    marketplace.clock.to(marketplace.clock.ms / 1000 + 1)
    device.sign_in()
    return enrolled(contract)


def finding_codes(device: SimulatedDevice, data: bytes) -> list[str]:
    return [finding["code"] for finding in device.send(data)["findings"]]


def revoke(marketplace: LiveMarketplace, device: SimulatedDevice) -> None:
    assert marketplace.deps.devices.revoke(device.key.kid, "lost")


def me(device: SimulatedDevice) -> dict[str, object]:
    found: dict[str, object] = device.call("GET", "/v1/me").json()
    return found


# Vouching


def test_a_second_device_works_unvouched_and_the_first_one_learns_it(
    marketplace: LiveMarketplace,
    device: SimulatedDevice,
    other: SimulatedDevice,
    contract: Contract,
) -> None:
    assert me(device)["unvouched"] == [
        {"kid": other.key.kid, "name": "Ana's laptop", "since": marketplace.clock.ms // 1000}
    ]
    assert me(device)["device"] == {
        "kid": device.key.kid, "name": "Ana's laptop", "vouched": True, "retired": False,
        "revoked": False,
    }  # fmt: skip
    alone = me(other)
    assert alone["unvouched"] == [], "it cannot vouch for itself"
    assert alone["device"]["vouched"] is False  # type: ignore[index]
    (data,) = worked(marketplace, other, contract.ctr, START)
    assert finding_codes(other, data) == []
    day = marketplace.day(contract.client, contract.ctr)
    assert day.totals.payable_s == 600
    assert day.badge.ok
    assert [(note.code, note.subject) for note in day.badge.notes] == [
        ("W_UNVOUCHED", other.key.kid)
    ]
    device.sign_in()
    answer = device.post_statement("vouches", vouched(device, other))
    assert (answer.status_code, answer.json()["findings"]) == (201, [])
    assert me(device)["unvouched"] == []
    assert marketplace.day(contract.client, contract.ctr).badge.notes == ()
    assert marketplace.deps.devices.of(device.sub)[1].vouched


def test_a_vouch_counts_from_an_earlier_device_that_counts_itself(
    marketplace: LiveMarketplace,
    device: SimulatedDevice,
    other: SimulatedDevice,
    enrolled: Callable[[Contract], SimulatedDevice],
    contract: Contract,
) -> None:
    third = enrolled(contract)
    assert refused(other.post_statement("vouches", vouched(other, device))) == (
        422,
        "E_KID_UNKNOWN",
    )
    assert refused(device.post_statement("vouches", vouched(device, device))) == (
        422,
        "E_KID_UNKNOWN",
    )
    answer = other.post_statement("vouches", vouched(other, third))
    assert answer.status_code == 201
    assert [(f["code"], f["subject"]) for f in answer.json()["findings"]] == [
        ("W_UNVOUCHED", third.key.kid)
    ]
    assert [s.vouched for s in marketplace.deps.devices.of(device.sub)] == [True, False, False]
    assert device.post_statement("vouches", vouched(device, other)).status_code == 201
    assert [s.vouched for s in marketplace.deps.devices.of(device.sub)] == [True, True, True]
    stranger = enrolled(marketplace.contract("Another"))
    device.sign_in()
    assert refused(device.post_statement("vouches", vouched(device, stranger))) == (
        422,
        "E_KID_UNKNOWN",
    )


def test_what_a_revoked_device_vouched_for_before_stays_vouched_for(
    marketplace: LiveMarketplace,
    device: SimulatedDevice,
    other: SimulatedDevice,
    enrolled: Callable[[Contract], SimulatedDevice],
    contract: Contract,
) -> None:
    third = enrolled(contract)
    late = vouched(device, third)
    assert device.post_statement("vouches", vouched(device, other)).status_code == 201
    revoke(marketplace, device)
    assert refused(other.post_statement("vouches", late)) == (422, "E_REVOKED")
    assert [s.vouched for s in marketplace.deps.devices.of(device.sub)] == [True, True, False]


# Revocation


def test_a_revoked_device_is_out_at_once_and_gets_no_token(
    marketplace: LiveMarketplace,
    device: SimulatedDevice,
    other: SimulatedDevice,
    contract: Contract,
) -> None:
    assert device.call("GET", "/v1/me").status_code == 200
    revoke(marketplace, device)
    for method, path in (("GET", "/v1/me"), ("GET", "/v1/contracts"), ("POST", "/v1/amends")):
        answer = device.call(method, path)
        assert refused(answer) == (401, "device_revoked")
        assert "DPoP" in answer.headers["www-authenticate"]
    asked = device.ask_token()
    assert refused(asked) == (401, "device_revoked")
    assert asked.json()["error"] == "invalid_client"
    assert other.call("GET", "/v1/me").status_code == 200
    assert not marketplace.deps.devices.revoke(device.key.kid, "again"), "once is enough"
    with marketplace.deps.store.read() as connection:
        row = connection.execute(select(schema.statement)).one()
    proof = other.http.get(f"/log/proof/{row.digest}").content
    logged = open_receipt(proof, [other.verifier], type=LeafType.REVOKE, object_digest=row.digest)
    assert logged.leaf.attrs == device.key.kid
    assert Revoke.parse(logged.object or b"") == Revoke(
        device.key.kid, marketplace.clock.ms // 1000, "lost"
    )


def test_what_a_revoked_device_sent_before_stays_and_what_comes_later_does_not_count(
    marketplace: LiveMarketplace,
    device: SimulatedDevice,
    other: SimulatedDevice,
    contract: Contract,
) -> None:
    before, after = worked(marketplace, device, contract.ctr, START, count=2)
    device.send(before)
    revoke(marketplace, device)
    other.sign_in()
    other.blobs |= device.blobs
    assert finding_codes(other, after) == ["E_REVOKED"]
    day = marketplace.day(contract.client, contract.ctr)
    assert (day.totals.payable_s, day.totals.unpaid_s) == (600, 600)
    assert [[f.code for f in slot.failing] for slot in day.slots] == [[], ["E_REVOKED"]]


def test_a_revoked_device_changes_and_deletes_nothing_any_more(
    marketplace: LiveMarketplace,
    device: SimulatedDevice,
    other: SimulatedDevice,
    contract: Contract,
) -> None:
    (data,) = worked(marketplace, device, contract.ctr, START)
    device.send(data)
    known = amended(device, data, "Before")
    assert device.post_statement("amends", known).status_code == 201
    revoke(marketplace, device)
    other.sign_in()
    statements = {
        "amends": amended(device, data, "After"),
        "tombstones": deleted(device, data, "shot_0", scope=["shot", "time"]),
        "retires": retired(device),
        "vouches": vouched(device, other),
    }
    for what, deed in statements.items():
        assert refused(other.post_statement(what, deed)) == (422, "E_REVOKED")
    again = other.post_statement("amends", known)
    assert again.status_code == 200, "what is in the log is answered for ever"
    (slot,) = marketplace.day(contract.client, contract.ctr).slots
    assert slot.memo == "Before"
    assert slot.picture is not None


# Signing out


def test_a_device_that_signs_out_empties_its_outbox_and_is_out_then(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract
) -> None:
    first, second = worked(marketplace, device, contract.ctr, START, count=2)
    device.send(first)
    assert device.post_statement("retires", retired(device)).status_code == 201
    assert me(device)["device"]["retired"] is True  # type: ignore[index]
    assert device.ask_token().status_code == 200, "one segment is on its way"
    shot = parse(second).pictures[0]
    for part in (shot.blob, shot.thumb):
        assert device.put_blob(device.blobs[part.sha256]).status_code == 201
    assert device.ask_token().status_code == 200, "its picture is here, and it is on its way"
    assert finding_codes(device, second) == []
    assert refused(device.ask_token()) == (401, "device_retired")
    assert marketplace.day(contract.client, contract.ctr).totals.payable_s == 1_200


def test_a_device_that_never_worked_may_sign_out_too(
    marketplace: LiveMarketplace, device: SimulatedDevice
) -> None:
    assert device.post_statement("retires", retired(device)).status_code == 201
    assert refused(device.ask_token()) == (401, "device_retired")
    assert marketplace.deps.devices.of(device.sub)[0].retired_s == marketplace.clock.ms // 1000


def test_the_heads_of_a_sign_out_save_what_is_sent_after_a_revocation(
    marketplace: LiveMarketplace,
    device: SimulatedDevice,
    other: SimulatedDevice,
    contract: Contract,
) -> None:
    made = worked(marketplace, device, contract.ctr, START, count=4)
    device.segments[contract.ctr].pop()
    assert device.post_statement("retires", retired(device)).status_code == 201
    revoke(marketplace, device)
    other.sign_in()
    other.blobs |= device.blobs
    first, second, head, beyond = made
    # In any order: a segment before the head is valid once the head is connected.
    ended = {"E_RETIRED", "E_REVOKED"}
    assert ended <= {*finding_codes(other, first)}
    assert ended.isdisjoint(finding_codes(other, head))
    assert ended.isdisjoint(finding_codes(other, second))
    assert ended <= {*finding_codes(other, beyond)}
    day = marketplace.day(contract.client, contract.ctr)
    assert [{f.code for f in slot.failing} for slot in day.slots] == [set(), set(), set(), ended]
    assert (day.totals.payable_s, day.totals.unpaid_s) == (1_800, 600)
    (row,) = marketplace.deps.review.home(marketplace.account(contract.client)).rows
    assert row.exceptions == 1


def test_a_sign_out_after_the_revocation_saves_nothing(
    marketplace: LiveMarketplace,
    device: SimulatedDevice,
    other: SimulatedDevice,
    contract: Contract,
) -> None:
    (data,) = worked(marketplace, device, contract.ctr, START)
    statements = retired(device)
    revoke(marketplace, device)
    other.sign_in()
    other.blobs |= device.blobs
    assert refused(other.post_statement("retires", statements)) == (422, "E_REVOKED")
    assert finding_codes(other, data) == ["E_REVOKED"]


def test_a_head_that_names_another_segment_saves_nothing(
    marketplace: LiveMarketplace,
    device: SimulatedDevice,
    other: SimulatedDevice,
    contract: Contract,
) -> None:
    first, second = worked(marketplace, device, contract.ctr, START, count=2)
    statements = retire(
        device.key, aud=device.aud, sub=device.sub, at=START,
        heads=[RetirementHead(contract.ctr, 0, parse(second).hash)], random=lambda n: b"r" * n,
    )  # fmt: skip
    assert device.post_statement("retires", statements).status_code == 201
    revoke(marketplace, device)
    other.sign_in()
    other.blobs |= device.blobs
    codes = [finding_codes(other, data) for data in (first, second)]
    assert codes == [["E_RETIRED", "E_REVOKED"]] * 2


def test_a_device_that_works_on_after_it_signed_out_is_not_paid_for_that(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract
) -> None:
    first, second, third = worked(marketplace, device, contract.ctr, START, count=3)
    device.send(first)
    device.segments[contract.ctr] = [first]
    assert device.post_statement("retires", retired(device)).status_code == 201
    assert finding_codes(device, third) == ["E_GAP", "E_RETIRED"]
    assert finding_codes(device, second) == ["E_RETIRED"]
    assert marketplace.day(contract.client, contract.ctr).totals.payable_s == 600
    # A further sign-out that names it repairs that, also in the list of findings.
    device.segments[contract.ctr] = [first, second, third]
    assert device.post_statement("retires", retired(device)).status_code == 201
    assert marketplace.day(contract.client, contract.ctr).totals.payable_s == 1_800
    home, client = marketplace.deps.review.home, marketplace.account(contract.client)
    # The list is written after the response.
    wait_for(lambda: home(client).rows[0].exceptions == 0, what="the list of what is wrong")


# The page


def test_the_freelancer_sees_the_devices_and_stops_one(
    marketplace: LiveMarketplace,
    device: SimulatedDevice,
    other: SimulatedDevice,
    contract: Contract,
) -> None:
    kid = other.key.kid
    with marketplace.browser(contract.freelancer) as browser:
        assert 'href="/devices"' in browser.get("/").text
        page = browser.get("/devices").text
        assert page.count("Ana&#39;s laptop") >= 2
        assert "No earlier device of yours has confirmed" in page
        assert "last seen" in page
        confirm = browser.get(f"/devices/{kid}/stop")
        assert "cannot be undone" in confirm.text
        assert me(other)["sub"] == contract.freelancer, "to look at it stops nothing"
        answer = browser.post(f"/devices/{kid}/stop", headers=FORM)
        assert (answer.status_code, answer.headers["location"]) == (303, "/devices")
        assert refused(other.call("GET", "/v1/me")) == (401, "device_revoked")
        assert "Stopped" in browser.get("/devices").text
        assert browser.get(f"/devices/{kid}/stop").headers["location"] == "/devices"
        assert browser.post(f"/devices/{kid}/stop", headers=FORM).status_code == 303
    with marketplace.deps.store.read() as connection:
        revokes = select(func.count()).where(schema.statement.c.type == "revoke")
        assert connection.execute(revokes).scalar() == 1
    assert device.call("GET", "/v1/me").status_code == 200


def test_only_its_owner_stops_a_device_and_only_from_the_same_site(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract
) -> None:
    path = f"/devices/{device.key.kid}/stop"
    stranger = marketplace.contract("Another")
    device.sign_in()

    def post(browser: httpx.Client, **headers: str) -> int:
        return browser.post(path, headers=headers).status_code

    with marketplace.browser(contract.freelancer) as browser:
        assert post(browser) == 403
        assert post(browser, **{"Sec-Fetch-Site": "cross-site"}) == 403
        assert post(browser, **{"Sec-Fetch-Site": "same-site"}) == 403
        assert post(browser, Origin="http://evil.example") == 403
        assert browser.get("/devices/nothing/stop").status_code == 404
        assert browser.post("/devices/nothing/stop", headers=FORM).status_code == 404
    for sub in (contract.client, stranger.freelancer, stranger.client):
        with marketplace.browser(sub) as browser:
            assert post(browser, **FORM) == 404
            assert browser.get(path).status_code == 404
    for sub in (contract.client, stranger.client):
        with marketplace.browser(sub) as browser:
            assert browser.get("/devices").status_code == 404
            assert 'href="/devices"' not in browser.get("/").text
    assert device.http.post(path, headers=FORM).status_code == 401
    assert device.http.get("/devices").status_code == 401
    assert device.call("GET", "/v1/me").status_code == 200


def test_a_hostile_name_of_a_device_is_read_not_run(
    marketplace: LiveMarketplace, new_device: Callable[[], SimulatedDevice], contract: Contract
) -> None:
    device = new_device()
    given = device.begin(marketplace.code(contract.freelancer))
    evil = "<script>alert(1)</script>"
    device.send_enrolment(given["session"], device.make_enrolment(given, name=evil))
    with marketplace.browser(contract.freelancer) as browser:
        for path in ("/devices", f"/devices/{device.key.kid}/stop"):
            page = browser.get(path).text
            assert evil not in page
            assert "&lt;script&gt;alert(1)" in page


# The operator's commands


def test_the_operator_lists_and_stops_devices_and_erases_parts_for_legal_reasons(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, clock = tmp_path / "data", MovedClock()

    def run(*arguments: str, status: int = 0) -> str:
        with mock.patch.dict(os.environ, engines.environment(folder)):
            assert main([arguments[0], "--data-dir", str(folder), *arguments[1:]]) == status
        statements = capsys.readouterr()
        return statements.err if status else statements.out

    with live_marketplace(folder, clock=clock) as marketplace:
        contract = marketplace.contract()
        device = SimulatedDevice(marketplace.url, marketplace.deps.clock.real_s)
        device.enrol(marketplace.code(contract.freelancer))
        (data,) = worked(marketplace, device, contract.ctr, START)
        device.send(data)
        device.http.close()
    kid = device.key.kid
    assert run("devices").split() == [kid, "Ana's", "laptop", "Ana", "Ruiz"]
    assert "stopped" in run("stop-device", kid)
    assert "already" in run("stop-device", kid)
    assert run("devices").rstrip().endswith("stopped")
    assert "No device" in run("stop-device", "A" * 43, status=2)
    assert "kid" in run("stop-device", "nothing", status=2)
    assert "erased" in run("erase", parse(data).hash, "memo", "shot")
    assert "has none" in run("erase", parse(data).hash, "memo")
    assert "segment" in run("erase", "nothing", "memo", status=2)
    clock.to(START + DAY)
    with live_marketplace(folder, clock=clock) as marketplace:
        day = marketplace.day(contract.client, contract.ctr)
        assert day.totals.payable_s == SLOT
        assert [slot.memo for slot in day.slots] == [None]
        again = replace(device, url=marketplace.url)
        assert refused(again.ask_token()) == (401, "device_revoked")
        again.http.close()
        detail = marketplace.deps.review.slot(
            marketplace.account(contract.client), contract.ctr, START, UTC
        )
        assert [d.by for d in detail.segments[0].deletions] == ["the marketplace"]
