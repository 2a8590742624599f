"""Joining: whatever the network loses, a device joins once, with proofs only."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest

from diary.core.slots import DAY, WEEK
from diary.formats.ed25519 import SigningKey
from diary.formats.encoding import b64url_encode
from diary.log.leaf import LeafType
from diary.log.receipt import Receipt
from diary.log.signed_note import NoteSigner
from diary.objects.enrolment import parse_enrolment
from tests.marketplace.live_marketplace import AUD
from tests.uploader import proxy as faults
from tests.uploader.client_under_test import ClientUnderTest, MemoryKeyring
from tests.uploader.proxy import Exchange, FaultProxy
from tracker.recording.state.session_clock import SessionClock
from uploader.account import membership as memberships
from uploader.account.device_keys import DeviceKeyStore
from uploader.account.join import CodeLogin, Joining
from uploader.account.keyring import find_keyring
from uploader.api.client import MarketplaceClient
from uploader.api.transport import ServerClockObserver, Transport
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

    Pair = tuple[ClientUnderTest, FaultProxy]


def devices_in_log(client: ClientUnderTest) -> int:
    """The number of enrolments in the marketplace's log."""
    from sqlalchemy import func, select

    from marketplace.storage import schema

    with client.marketplace.deps.store.read() as connection:
        query = select(func.count()).select_from(schema.device)
        return int(connection.execute(query).scalar() or 0)


def items_of(client: ClientUnderTest) -> dict[tuple[str, str], str]:
    """The contents of the client's keyring."""
    assert isinstance(client.keyring, MemoryKeyring)
    return client.keyring.items


def on_devices(exchange: Exchange) -> bool:
    return exchange.path == "/v1/devices"


def test_a_code_makes_a_member_whose_enrolment_is_in_the_log(newcomer: Pair) -> None:
    client, _ = newcomer
    member = client.join()
    assert member.joined
    assert member.enrolment is not None
    assert (member.aud, member.enrolment.sub) == (AUD, client.contract.freelancer)
    assert (member.enrolment.name, member.name) == ("Ana's laptop", "Ana Ruiz")
    assert member.enrolment.auth_jwk == client.keys.auth.jwk
    receipt = Receipt.parse((client.root / "enrolment.tlog-proof").read_bytes())
    assert (receipt.leaf.type, receipt.leaf.attrs) == (LeafType.DEVICE, client.keys.kid)
    assert receipt.leaf.digest == member.enrolment.digest
    # The first beacon arrived with it, so that recording can start without another request.
    assert client.outbox.beacon(client.clock.ms // 1000) is not None
    assert not (client.root / "joining.json").exists()
    assert client.outbox.head(client.contract.ctr).prev == member.enrolment.digest


def test_joining_again_asks_for_no_code(newcomer: Pair) -> None:
    client, _ = newcomer
    member = client.join()
    assert client.joining().join(CodeLogin("never used"), "Ana's laptop") == member


def test_a_membership_is_known_without_a_network(newcomer: Pair) -> None:
    client, proxy = newcomer
    member = client.join()
    proxy.always = faults.reset_at_once
    client.restart()
    assert memberships.load(client.folder) == member
    assert memberships.find(client.base, client.marketplace.url + "/") == AUD
    assert memberships.find(client.base, "https://other.example") is None
    assert memberships.find(client.base / "nowhere", client.marketplace.url) is None


def test_a_wrong_code_changes_nothing(newcomer: Pair) -> None:
    client, _ = newcomer
    with pytest.raises(RefusedError) as caught:
        client.join("wrong")
    assert caught.value.code is Problem.CODE_INVALID
    assert not items_of(client)
    assert not (client.root / "enrolment.jws").exists()
    assert client.join().joined


def test_a_code_works_once(newcomer: Pair, tmp_path: Path) -> None:
    client, _ = newcomer
    code = client.marketplace.code(client.contract.freelancer)
    client.join(code)
    other = ClientUnderTest(tmp_path / "other", client.marketplace, client.contract)
    with pytest.raises(RefusedError) as caught:
        other.join(f" {code}\n")
    assert caught.value.code is Problem.CODE_INVALID
    other.close()


def test_a_code_does_not_show_in_texts() -> None:
    assert "s3cret" not in f"{CodeLogin('s3cret')!r} {CodeLogin('s3cret')}"


def test_spaces_around_a_code_are_ignored(newcomer: Pair) -> None:
    client, _ = newcomer
    assert client.join(f"  {client.marketplace.code(client.contract.freelancer)}\n").joined


def test_the_keys_live_in_the_systems_keyring(newcomer: Pair, service: SecretService) -> None:
    client, _ = newcomer
    client.keyring = find_keyring()
    member = client.join()
    client.restart()
    assert member.enrolment is not None
    assert client.keys.kid == member.enrolment.kid
    assert client.client.me().kid == client.keys.kid
    for path in client.root.rglob("*"):
        if path.is_file():
            assert b64url_encode(client.keys.seed).encode() not in path.read_bytes()
            assert client.keys.auth.secret.encode() not in path.read_bytes()


# Network losses


@pytest.mark.parametrize(
    "fault",
    [
        *faults.NETWORK,
        *faults.JSON_ONLY,
        faults.trouble(503, Retry_After="2"),
        faults.trouble(429, Retry_After="3"),
    ],
    ids=lambda fault: getattr(fault, "__qualname__", "fault"),
)
def test_after_a_network_fault_the_same_bytes_are_sent_again(
    newcomer: Pair, fault: faults.Fault
) -> None:
    client, proxy = newcomer
    proxy.applies = on_devices
    proxy.plan.extend([fault, fault])
    assert client.join().joined
    sent = {seen.body for seen in proxy.seen if seen.path == "/v1/devices"}
    assert len(sent) == 1
    assert devices_in_log(client) == 1
    assert len(client.watch.waits) == 2


def test_the_retry_delay_of_the_server_is_waited(newcomer: Pair) -> None:
    client, proxy = newcomer
    proxy.applies = on_devices
    proxy.plan.append(faults.trouble(503, Retry_After="5"))
    client.join()
    assert client.watch.waits[0] >= 5


def test_joining_fails_within_minutes(newcomer: Pair) -> None:
    client, proxy = newcomer
    proxy.always = faults.trouble(503, Retry_After="120")
    with pytest.raises(NetworkError) as caught:
        client.join()
    assert caught.value.code is Problem.SERVER_BUSY
    assert client.watch.waits == []


def test_a_network_without_a_route_is_reported_after_five_tries(newcomer: Pair) -> None:
    client, proxy = newcomer
    proxy.always = faults.captive_portal
    with pytest.raises(NetworkError, match="sign in to the network"):
        client.join()
    assert len(proxy.requests) == 5


def _break_off(client: ClientUnderTest, proxy: FaultProxy, fault: faults.Fault) -> str:
    """Let the first attempt end at the enrolment; returns the kid that it created."""
    proxy.applies = on_devices
    proxy.always = fault
    with pytest.raises(UploaderError):
        client.join()
    proxy.always = None
    kid = parse_enrolment((client.root / "enrolment.jws").read_bytes()).kid
    # Keys and enrolment were stored before anything was sent.
    assert DeviceKeyStore(client.keyring).load(AUD, kid).kid == kid
    return kid


@pytest.mark.parametrize("fault", [faults.reset_at_once, faults.reply_lost])
def test_the_program_may_end_in_between(newcomer: Pair, fault: faults.Fault) -> None:
    client, proxy = newcomer
    kid = _break_off(client, proxy, fault)
    client.restart()
    member = client.join("needs no code")
    assert member.enrolment is not None
    assert member.enrolment.kid == kid
    assert devices_in_log(client) == 1


def test_a_lost_answer_is_found_in_the_log_when_the_session_is_over(newcomer: Pair) -> None:
    client, proxy = newcomer
    kid = _break_off(client, proxy, faults.reply_lost)
    client.clock.to(client.clock.ms / 1000 + 3600)
    member = client.join("needs no code")
    assert member.enrolment is not None
    assert member.enrolment.kid == kid
    assert devices_in_log(client) == 1


def test_a_session_that_is_over_needs_a_new_code_and_new_keys(newcomer: Pair) -> None:
    client, proxy = newcomer
    kid = _break_off(client, proxy, faults.reset_at_once)
    client.clock.to(client.clock.ms / 1000 + 3600)
    with pytest.raises(RefusedError) as caught:
        client.join("wrong")
    assert caught.value.code is Problem.CODE_INVALID
    member = client.join()
    assert member.enrolment is not None
    assert member.enrolment.kid != kid
    assert devices_in_log(client) == 1
    assert not [item for _, item in items_of(client) if item.startswith(kid)]


def test_keys_lost_in_between_are_made_again(newcomer: Pair) -> None:
    client, proxy = newcomer
    kid = _break_off(client, proxy, faults.reset_at_once)
    items_of(client).clear()
    member = client.join()
    assert member.enrolment is not None
    assert member.enrolment.kid != kid


def test_a_refused_enrolment_has_advice(newcomer: Pair) -> None:
    client, proxy = newcomer
    proxy.applies = on_devices
    text = json.dumps({"status": 422, "code": "enrolment_mismatch", "detail": "no"}).encode()
    proxy.always = lambda exchange: exchange.answer(422, text, "application/problem+json")
    with pytest.raises(RefusedError, match="Get a new code") as caught:
        client.join()
    assert caught.value.code is Problem.ENROLMENT_REFUSED
    proxy.always = None
    assert client.join().joined


class Broken:
    """A keyring that fails."""

    def get_password(self, *_: str) -> None:
        raise RuntimeError("no bus")

    set_password = delete_password = get_password


def test_nothing_is_sent_before_the_keys_are_kept(newcomer: Pair) -> None:
    client, proxy = newcomer
    client.keyring = Broken()
    with pytest.raises(KeysError) as caught:
        client.join()
    assert caught.value.code is Problem.KEYRING_FAILED
    assert not any(path == "/v1/devices" for _, path in proxy.requests)
    assert not (client.root / "enrolment.jws").exists()


# Other servers


def test_a_receipt_that_proves_something_else_is_no_receipt(newcomer: Pair) -> None:
    client, proxy = newcomer
    proxy.applies = on_devices

    def swap(body: bytes) -> bytes:
        answer = json.loads(body)
        return json.dumps({**answer, "receipt": answer["beacon"]}).encode()

    proxy.always = faults.mangled(swap)
    with pytest.raises(ProofError) as caught:
        client.join()
    assert caught.value.code is Problem.WRONG_RECEIPT
    assert not (client.root / "enrolment.tlog-proof").exists()
    proxy.always = None
    assert client.join().joined
    assert devices_in_log(client) == 1


def test_a_bad_first_beacon_does_not_prevent_joining(newcomer: Pair) -> None:
    client, proxy = newcomer
    proxy.applies = on_devices
    proxy.always = faults.mangled(lambda b: b.replace(b'"beacon":"c2sp', b'"beacon":"x2sp'))
    assert client.join().joined
    assert client.outbox.beacon(client.clock.ms // 1000) is None


def test_the_first_log_key_is_pinned(newcomer: Pair) -> None:
    client, proxy = newcomer
    member = client.join()
    other = NoteSigner(member.origin, SigningKey.generate()).verifier.vkey
    proxy.applies = lambda exchange: "well-known" in exchange.path
    proxy.always = faults.mangled(lambda b: b.replace(member.vkey.encode(), other.encode()))
    with pytest.raises(ProofError, match="pinned when you joined") as caught:
        client.joining().join(CodeLogin("x"), "Ana's laptop")
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
    client, proxy = newcomer
    proxy.applies = lambda exchange: "well-known" in exchange.path
    proxy.always = faults.mangled(lambda body: body.replace(old, new))
    with pytest.raises(ProofError) as caught:
        client.join()
    assert caught.value.code is Problem.WRONG_MARKETPLACE
    assert not (client.root / "marketplace.json").exists()


def test_another_marketplace_at_the_address_is_noticed(newcomer: Pair) -> None:
    client, _ = newcomer
    member = client.join()
    known = client.client.well_known()
    memberships.check_pinned(member, known)
    for change in ({"aud": "other.example"}, {"lapse": object()}):
        with pytest.raises(ProofError) as caught:
            memberships.check_pinned(member, replace(known, **change))
        assert caught.value.code is Problem.WRONG_MARKETPLACE


def test_a_damaged_membership_is_reported(newcomer: Pair) -> None:
    client, _ = newcomer
    client.join()
    (client.root / "marketplace.json").write_bytes(b'{"v":1}')
    with pytest.raises(StoreError) as caught:
        memberships.load(client.folder)
    assert caught.value.code is Problem.FILE_DAMAGED


# A wrong clock


@dataclass
class WrongClock:
    """The clock of a computer that is `off_ms` away from that of the marketplace."""

    client: ClientUnderTest
    off_ms: int
    boot: str = "boot"

    def wall_ms(self) -> int:
        return self.client.clock.ms + self.off_ms

    def uptime_ms(self) -> int:
        return self.client.clock.ms - 1_794_000_000_000

    def awake_ms(self) -> int:
        return self.uptime_ms()


@pytest.mark.parametrize("off_s", [-3 * DAY, -7_200, 7_200, 3 * DAY])
def test_a_computer_whose_clock_is_wrong_joins_and_is_offered_the_marketplaces_time(
    newcomer: Pair, off_s: int
) -> None:
    client, _ = newcomer
    clock = WrongClock(client, off_s * 1000)
    session = SessionClock(clock)
    times = ServerClockObserver(clock.uptime_ms, session.observe, lambda: clock.wall_ms() / 1000)
    public = MarketplaceClient(client.marketplace.url, Transport(times, client.limits))
    joining = Joining(
        client.folder,
        client.outbox,
        public,
        DeviceKeyStore(client.keyring),
        now_ms=session.now_ms,
        wait=client.watch.wait,
        random=client.dice.random,
        prove=session.prove,
    )
    code = client.marketplace.code(client.contract.freelancer)
    member = joining.join(CodeLogin(code), "Ana's laptop")
    public.close()
    assert member.joined
    doubt = session.doubt(running=False)
    assert doubt is not None
    assert doubt.code == ("clock_ahead_of_market" if off_s > 0 else "clock_behind_market")
    assert doubt.choice
    assert abs(doubt.off_s - abs(off_s)) <= 2
    session.accept()
    assert session.doubt(running=False) is None
    assert abs(session.now_ms() - client.clock.ms) <= 2_000


def test_an_enrolment_logged_before_its_first_week_is_refused(newcomer: Pair) -> None:
    client, _ = newcomer
    member = client.join()
    assert member.enrolment is not None
    receipt = (client.root / "enrolment.tlog-proof").read_bytes()
    later = replace(member.enrolment, week0=member.enrolment.week0 + 2 * WEEK)
    with pytest.raises(ProofError) as caught:
        client.joining()._verifier(member).device(receipt, later)
    assert caught.value.code is Problem.WRONG_TIME


# Lost keys


def test_a_computer_that_lost_its_keys_joins_again_beside_its_old_work(newcomer: Pair) -> None:
    client, _ = newcomer
    first = client.join()
    client.fetch_what_work_needs()
    old = client.many(2, pictures=0)
    items_of(client).clear()
    client.restart_without_keys()
    with pytest.raises(KeysError, match="Join again"):
        client.signed_in()
    second = client.join(replace_key=True)
    assert first.enrolment is not None
    assert second.enrolment is not None
    assert second.enrolment.replaces == first.enrolment.kid
    former = client.root / "former" / f"{first.enrolment.kid}.jws"
    assert former.read_bytes() == first.enrolment.data
    head = client.outbox.head(client.contract.ctr)
    assert (head.epoch, head.seq, head.prev) == (1, 0, second.enrolment.digest)
    client.fetch_what_work_needs()
    new = client.many(2, pictures=0)
    client.drain()
    # The old device's work, signed by the old key, is still uploaded.
    client.assert_all_arrived_once([*old, *new])
    client.restart()
    assert client.outbox.incidents() == ()
