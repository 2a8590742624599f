"""Joining: whatever is lost on the way, a device joins once, and only what is proven counts."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from diary.formats.ed25519 import SigningKey
from diary.formats.encoding import b64url_encode
from diary.log.leaf import LeafType
from diary.log.receipt import Receipt
from diary.log.signed_note import NoteSigner
from diary.objects.enrolment import parse_enrolment
from tests.marketplace.stand import AUD
from tests.uploader import proxy as faults
from tests.uploader.office import Office, Pocket
from tests.uploader.proxy import Exchange, FaultProxy
from uploader.account import membership as memberships
from uploader.account.device_keys import DeviceKeyStore
from uploader.account.join import CodeLogin
from uploader.account.keyring import find_keyring
from uploader.errors import (
    KeysError,
    NetworkError,
    Problem,
    ProofError,
    RefusedError,
    StoreError,
    UploaderError,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tests.uploader.secret_service import SecretService

    Pair = tuple[Office, FaultProxy]


def devices_in_log(office: Office) -> int:
    """How many enrolments the marketplace's log holds."""
    from sqlalchemy import func, select

    from marketplace.storage import schema

    with office.market.deps.store.read() as connection:
        query = select(func.count()).select_from(schema.device)
        return int(connection.execute(query).scalar() or 0)


def items_of(office: Office) -> dict[tuple[str, str], str]:
    """What the office's keyring holds."""
    assert isinstance(office.pocket, Pocket)
    return office.pocket.items


def on_devices(exchange: Exchange) -> bool:
    return exchange.path == "/v1/devices"


def test_a_code_makes_a_member_whose_enrolment_is_in_the_log(newcomer: Pair) -> None:
    office, _ = newcomer
    member = office.join()
    assert member.joined
    assert member.enrolment is not None
    assert (member.aud, member.enrolment.sub) == (AUD, office.contract.freelancer)
    assert (member.enrolment.name, member.name) == ("Ana's laptop", "Ana Ruiz")
    assert member.enrolment.auth_jwk == office.keys.auth.jwk
    receipt = Receipt.parse((office.root / "enrolment.tlog-proof").read_bytes())
    assert (receipt.leaf.type, receipt.leaf.attrs) == (LeafType.DEVICE, office.keys.kid)
    assert receipt.leaf.digest == member.enrolment.digest
    # The first beacon came with it, so that work can begin without another request.
    assert office.outbox.beacon(office.clock.ms // 1000) is not None
    assert not (office.root / "joining.json").exists()
    assert office.outbox.head(office.contract.ctr).prev == member.enrolment.digest


def test_joining_again_asks_for_no_code(newcomer: Pair) -> None:
    office, _ = newcomer
    member = office.join()
    assert office.joining().join(CodeLogin("never used"), "Ana's laptop") == member


def test_a_membership_is_known_without_a_network(newcomer: Pair) -> None:
    office, proxy = newcomer
    member = office.join()
    proxy.always = faults.reset_at_once
    office.restart()
    assert memberships.load(office.folder) == member
    assert memberships.find(office.base, office.market.url + "/") == AUD
    assert memberships.find(office.base, "https://other.example") is None
    assert memberships.find(office.base / "nowhere", office.market.url) is None


def test_a_wrong_code_changes_nothing(newcomer: Pair) -> None:
    office, _ = newcomer
    with pytest.raises(RefusedError) as caught:
        office.join("wrong")
    assert caught.value.code is Problem.CODE_INVALID
    assert not items_of(office)
    assert not (office.root / "enrolment.jws").exists()
    assert office.join().joined


def test_a_code_works_once(newcomer: Pair, tmp_path: Path) -> None:
    office, _ = newcomer
    code = office.market.code(office.contract.freelancer)
    office.join(code)
    other = Office(tmp_path / "other", office.market, office.contract)
    with pytest.raises(RefusedError) as caught:
        other.join(f" {code}\n")
    assert caught.value.code is Problem.CODE_INVALID
    other.close()


def test_a_code_does_not_show_in_texts() -> None:
    assert "s3cret" not in f"{CodeLogin('s3cret')!r} {CodeLogin('s3cret')}"


def test_spaces_around_a_code_do_no_harm(newcomer: Pair) -> None:
    office, _ = newcomer
    assert office.join(f"  {office.market.code(office.contract.freelancer)}\n").joined


def test_the_keys_live_in_the_systems_keyring(newcomer: Pair, service: SecretService) -> None:
    office, _ = newcomer
    office.pocket = find_keyring()
    member = office.join()
    office.restart()
    assert member.enrolment is not None
    assert office.keys.kid == member.enrolment.kid
    assert office.client.me().kid == office.keys.kid
    for path in office.root.rglob("*"):
        if path.is_file():
            assert b64url_encode(office.keys.seed).encode() not in path.read_bytes()
            assert office.keys.auth.secret.encode() not in path.read_bytes()


# Lost on the way


@pytest.mark.parametrize(
    "fault",
    [
        faults.reset_at_once,
        faults.reset_in_the_body,
        faults.reply_lost,
        faults.hung_up,
        faults.cut_short,
        faults.cut_short_without_length,
        faults.trouble(500),
        faults.trouble(502),
        faults.trouble(503, Retry_After="2"),
        faults.trouble(429, Retry_After="3"),
        faults.captive_portal,
        faults.redirected("https://elsewhere.example/"),
        faults.redirected("{here}"),
        faults.huge,
        faults.garbage,
        faults.not_json,
        faults.other_shape,
    ],
    ids=lambda fault: getattr(fault, "__qualname__", "fault"),
)
def test_a_fault_on_the_way_is_tried_again_with_the_same_bytes(
    newcomer: Pair, fault: faults.Fault
) -> None:
    office, proxy = newcomer
    proxy.applies = on_devices
    proxy.plan.extend([fault, fault])
    assert office.join().joined
    sent = {seen.body for seen in proxy.seen if seen.path == "/v1/devices"}
    assert len(sent) == 1
    assert devices_in_log(office) == 1
    assert len(office.watch.waits) == 2


def test_a_server_that_asks_for_patience_gets_it(newcomer: Pair) -> None:
    office, proxy = newcomer
    proxy.applies = on_devices
    proxy.plan.append(faults.trouble(503, Retry_After="5"))
    office.join()
    assert office.watch.waits[0] >= 5


def test_nobody_is_kept_waiting_for_minutes(newcomer: Pair) -> None:
    office, proxy = newcomer
    proxy.always = faults.trouble(503, Retry_After="120")
    with pytest.raises(NetworkError) as caught:
        office.join()
    assert caught.value.code is Problem.SERVER_BUSY
    assert office.watch.waits == []


def test_a_line_that_stays_down_is_said_after_a_few_tries(newcomer: Pair) -> None:
    office, proxy = newcomer
    proxy.always = faults.captive_portal
    with pytest.raises(NetworkError, match="sign in to the network"):
        office.join()
    assert len(proxy.requests) == 5


def _break_off(office: Office, proxy: FaultProxy, fault: faults.Fault) -> str:
    """Let the first try end at the enrolment; returns the kid that it made."""
    proxy.applies = on_devices
    proxy.always = fault
    with pytest.raises(UploaderError):
        office.join()
    proxy.always = None
    kid = parse_enrolment((office.root / "enrolment.jws").read_bytes()).kid
    # Keys and enrolment were kept before anything was sent.
    assert DeviceKeyStore(office.pocket).load(AUD, kid).kid == kid
    return kid


@pytest.mark.parametrize("fault", [faults.reset_at_once, faults.reply_lost])
def test_the_program_may_end_in_between(newcomer: Pair, fault: faults.Fault) -> None:
    office, proxy = newcomer
    kid = _break_off(office, proxy, fault)
    office.restart()
    member = office.join("needs no code")
    assert member.enrolment is not None
    assert member.enrolment.kid == kid
    assert devices_in_log(office) == 1


def test_a_lost_answer_is_found_in_the_log_when_the_session_is_over(newcomer: Pair) -> None:
    office, proxy = newcomer
    kid = _break_off(office, proxy, faults.reply_lost)
    office.clock.to(office.clock.ms / 1000 + 3600)
    member = office.join("needs no code")
    assert member.enrolment is not None
    assert member.enrolment.kid == kid
    assert devices_in_log(office) == 1


def test_a_session_that_is_over_needs_a_new_code_and_new_keys(newcomer: Pair) -> None:
    office, proxy = newcomer
    kid = _break_off(office, proxy, faults.reset_at_once)
    office.clock.to(office.clock.ms / 1000 + 3600)
    with pytest.raises(RefusedError) as caught:
        office.join("wrong")
    assert caught.value.code is Problem.CODE_INVALID
    member = office.join()
    assert member.enrolment is not None
    assert member.enrolment.kid != kid
    assert devices_in_log(office) == 1
    assert not [item for _, item in items_of(office) if item.startswith(kid)]


def test_keys_that_are_gone_in_between_are_made_anew(newcomer: Pair) -> None:
    office, proxy = newcomer
    kid = _break_off(office, proxy, faults.reset_at_once)
    items_of(office).clear()
    member = office.join()
    assert member.enrolment is not None
    assert member.enrolment.kid != kid


def test_a_refused_enrolment_says_what_to_do(newcomer: Pair) -> None:
    office, proxy = newcomer
    proxy.applies = on_devices
    text = json.dumps({"status": 422, "code": "enrolment_mismatch", "detail": "no"}).encode()
    proxy.always = lambda exchange: exchange.answer(422, text, "application/problem+json")
    with pytest.raises(RefusedError, match="Ask for a new code") as caught:
        office.join()
    assert caught.value.code is Problem.ENROLMENT_REFUSED
    proxy.always = None
    assert office.join().joined


class Broken:
    """A keyring that fails."""

    def get_password(self, *_: str) -> None:
        raise RuntimeError("no bus")

    set_password = delete_password = get_password


def test_nothing_is_sent_before_the_keys_are_kept(newcomer: Pair) -> None:
    office, proxy = newcomer
    office.pocket = Broken()
    with pytest.raises(KeysError) as caught:
        office.join()
    assert caught.value.code is Problem.KEYRING_FAILED
    assert not any(path == "/v1/devices" for _, path in proxy.requests)
    assert not (office.root / "enrolment.jws").exists()


# Who answers


def test_a_receipt_that_proves_something_else_is_no_receipt(newcomer: Pair) -> None:
    office, proxy = newcomer
    proxy.applies = on_devices

    def swap(body: bytes) -> bytes:
        answer = json.loads(body)
        return json.dumps({**answer, "receipt": answer["beacon"]}).encode()

    proxy.always = faults.mangled(swap)
    with pytest.raises(ProofError) as caught:
        office.join()
    assert caught.value.code is Problem.WRONG_RECEIPT
    assert not (office.root / "enrolment.tlog-proof").exists()
    proxy.always = None
    assert office.join().joined
    assert devices_in_log(office) == 1


def test_a_bad_first_beacon_does_not_keep_anybody_out(newcomer: Pair) -> None:
    office, proxy = newcomer
    proxy.applies = on_devices
    proxy.always = faults.mangled(lambda b: b.replace(b'"beacon":"c2sp', b'"beacon":"x2sp'))
    assert office.join().joined
    assert office.outbox.beacon(office.clock.ms // 1000) is None


def test_the_first_log_key_is_pinned(newcomer: Pair) -> None:
    office, proxy = newcomer
    member = office.join()
    other = NoteSigner(member.origin, SigningKey.generate()).verifier.vkey
    proxy.applies = lambda exchange: "well-known" in exchange.path
    proxy.always = faults.mangled(lambda b: b.replace(member.vkey.encode(), other.encode()))
    with pytest.raises(ProofError, match="pinned when you joined") as caught:
        office.joining().join(CodeLogin("x"), "Ana's laptop")
    assert caught.value.code is Problem.LOG_KEY_CHANGED


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"origin":"workdiary', b'"origin":"another'),
        (b'"vkey":"workdiary', b'"vkey":"another'),
        (b'"vkey":"workdiary.localhost/log/2026+', b'"vkey":"workdiary.localhost/log/2026+0'),
        (b'"aud":"workdiary', b'"aud":"another'),
        (b'"demo":null', b'"demo":{"speed":60,"origin_ms":1795000000000}'),
    ],
)
def test_a_marketplace_whose_names_do_not_fit_is_not_joined(
    newcomer: Pair, old: bytes, new: bytes
) -> None:
    office, proxy = newcomer
    proxy.applies = lambda exchange: "well-known" in exchange.path
    proxy.always = faults.mangled(lambda body: body.replace(old, new))
    with pytest.raises(ProofError) as caught:
        office.join()
    assert caught.value.code is Problem.WRONG_MARKETPLACE
    assert not (office.root / "marketplace.json").exists()


def test_another_marketplace_at_the_address_is_noticed(newcomer: Pair) -> None:
    office, _ = newcomer
    member = office.join()
    known = office.client.well_known()
    memberships.check_pinned(member, known)
    for change in ({"aud": "other.example"}, {"lapse": object()}):
        with pytest.raises(ProofError) as caught:
            memberships.check_pinned(member, replace(known, **change))
        assert caught.value.code is Problem.WRONG_MARKETPLACE


def test_a_damaged_membership_is_said(newcomer: Pair) -> None:
    office, _ = newcomer
    office.join()
    (office.root / "marketplace.json").write_bytes(b'{"v":1}')
    with pytest.raises(StoreError) as caught:
        memberships.load(office.folder)
    assert caught.value.code is Problem.FILE_DAMAGED


# Keys that are gone


def test_a_computer_whose_keys_are_gone_joins_anew_beside_its_old_work(newcomer: Pair) -> None:
    office, _ = newcomer
    first = office.join()
    office.fetch_what_work_needs()
    old = office.many(2, pictures=0)
    items_of(office).clear()
    office.restart_without_keys()
    with pytest.raises(KeysError, match="Join again"):
        office.signed_in()
    second = office.join(anew=True)
    assert first.enrolment is not None
    assert second.enrolment is not None
    assert second.enrolment.replaces == first.enrolment.kid
    former = office.root / "former" / f"{first.enrolment.kid}.jws"
    assert former.read_bytes() == first.enrolment.data
    head = office.outbox.head(office.contract.ctr)
    assert (head.epoch, head.seq, head.prev) == (1, 0, second.enrolment.digest)
    office.fetch_what_work_needs()
    new = office.many(2, pictures=0)
    office.drain()
    # The old device's work still goes out, signed by the old key.
    office.assert_all_arrived_once([*old, *new])
    office.restart()
    assert office.outbox.incidents() == ()
