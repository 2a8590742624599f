"""The worker: handshake before uploads, contracts and beacons up to date, prompt end."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING

import pytest

from diary.formats.ed25519 import SigningKey
from diary.formats.encoding import b64url_encode, digest
from diary.log.leaf import Leaf, LeafType
from diary.log.signed_note import NoteSigner
from tests.desktop_fixtures.waiting import wait_for
from tests.diary.world import Log
from tests.tracker.machine import Clocks
from tests.uploader import proxy as faults
from tests.uploader.proxy import FaultProxy, Silence
from tests.uploader.worker_state import codes, worker_of
from tracker.recording.state.session_clock import SessionClock
from uploader.account.membership import Membership
from uploader.api.client import DeviceCredentials, MarketplaceClient
from uploader.api.transport import ServerClockObserver, Transport
from uploader.errors import Problem, StoreError
from uploader.worker.status import UploadStatus
from uploader.worker.worker import UploadWorker, WorkerTiming

if TYPE_CHECKING:
    from tests.uploader.client_under_test import ClientUnderTest

    Pair = tuple[ClientUnderTest, FaultProxy]


# Handshake


def test_nothing_is_sent_before_the_marketplace_was_greeted(at_work: Pair) -> None:
    client, proxy = at_work
    made = client.many(2)
    client.restart()
    proxy.requests.clear()
    proxy.applies = lambda exchange: exchange.path == "/v1/me"
    proxy.plan.append(faults.trouble(500))
    worker = client.start_worker()
    pause = worker.step()
    assert not [path for method, path in proxy.requests if method == "PUT"]
    assert worker.status.problem == "server_trouble"
    client.watch.wait(pause)
    client.drain()
    client.assert_all_arrived_once(made)


def test_a_changed_log_key_stops_everything_and_is_reported(at_work: Pair) -> None:
    client, proxy = at_work
    made = client.many(2)
    client.restart()
    assert client.member is not None
    vkey = client.member.vkey
    other = NoteSigner(client.member.origin, SigningKey.generate()).verifier.vkey
    proxy.applies = lambda exchange: "well-known" in exchange.path
    proxy.always = faults.mangled(lambda b: b.replace(vkey.encode(), other.encode()))
    worker = client.start_worker()
    proxy.requests.clear()
    for _ in range(5):
        worker.step()
    # The new key is not announced: the log is asked for an announcement, and nothing is sent.
    assert [path for _, path in proxy.requests] == ["/.well-known/workdiary", "/log/keys"]
    assert (worker.status.problem, worker.status.waiting) == ("log_key_changed", 2)
    assert not worker.status.offline
    proxy.always = None
    worker.wake()
    client.drain()
    client.assert_all_arrived_once(made)


def test_a_log_key_that_changes_in_mid_run_is_found_out_by_the_first_receipt(
    at_work: Pair,
) -> None:
    client, proxy = at_work
    worker = worker_of(client)
    assert client.member is not None
    new = NoteSigner(client.member.origin, SigningKey.generate())
    vkey = client.member.vkey.encode()

    def swap(body: bytes) -> bytes:
        body = body.replace(vkey, new.verifier.vkey.encode())
        if b'"receipt"' not in body:
            return body
        log = Log(origin=new.name)
        log.signer = new
        log.append(Leaf(LeafType.SEGMENT, digest(b"x"), client.clock.ms, "13"))
        return json.dumps({**json.loads(body), "receipt": log.receipt(0).decode()}).encode()

    proxy.always = faults.mangled(swap)
    client.many(3, pictures=0)
    for _ in range(4):
        client.watch.wait(worker.step())
    assert worker.status.problem == "log_key_changed"
    assert len(proxy.puts("segments")) <= 3
    assert worker.status.waiting == 3


def test_a_worker_without_an_enrolment_cannot_be(newcomer: Pair) -> None:
    client, _ = newcomer
    member = Membership(client.marketplace.url, "workdiary.localhost", "o", "v", None)
    with pytest.raises(StoreError) as caught:
        UploadWorker(
            client.outbox, client.client, member, WorkerTiming(client.now_ms), SigningKey.generate()
        )
    assert caught.value.code is Problem.NOT_ENROLLED


# The marketplace's heads of this device


def test_a_marketplace_that_lost_receipted_leaves_is_reported(at_work: Pair) -> None:
    client, proxy = at_work
    made = client.many(2, pictures=0)
    client.drain()
    client.restart()

    def forgets(body: bytes) -> bytes:
        return json.dumps({**json.loads(body), "heads": []}).encode()

    proxy.applies = lambda exchange: exchange.path == "/v1/me"
    proxy.always = faults.mangled(forgets)
    worker = client.start_worker()
    worker.step()
    assert codes(client) == [Problem.SERVER_BEHIND]
    assert client.outbox.head(client.contract.ctr).seq == len(made)


def test_a_lost_answer_is_not_taken_for_a_backup(at_work: Pair) -> None:
    """The marketplace has one more than we have receipts for, under the same hash."""
    client, proxy = at_work
    made = client.many(2, pictures=0)
    proxy.applies = lambda exchange: exchange.path.startswith("/v1/segments/")
    proxy.always = faults.reply_lost
    worker_of(client).step()
    proxy.always = None
    client.restart()
    client.drain()
    client.assert_all_arrived_once(made)
    assert codes(client) == []


# Contracts and terms


def test_contracts_are_known_after_the_first_turn_and_offline_after_a_restart(
    at_work: Pair,
) -> None:
    client, proxy = at_work
    (contract,) = client.outbox.contracts()
    assert (contract.ctr, contract.title, contract.client) == (
        client.contract.ctr,
        "Acme shop rebuild",
        "Acme",
    )
    assert contract.terms.digest == contract.terms_hash
    proxy.always = faults.reset_at_once
    client.restart()
    assert client.outbox.contracts() == (contract,)


def test_a_change_of_contracts_is_reported_once(at_work: Pair) -> None:
    client, _ = at_work
    client.close()
    client.restart()
    calls: list[int] = []
    worker = client.start_worker(on_contracts=lambda: calls.append(1))
    worker.step()
    assert calls == []
    client.marketplace.deps.contracts.add_contract(
        "Second", freelancer=client.contract.freelancer, client=client.contract.client
    )
    client.clock.to(client.clock.ms / 1000 + 2)
    worker.refresh()
    worker.step()
    assert calls == [1]
    assert {contract.title for contract in client.outbox.contracts()} == {
        "Acme shop rebuild",
        "Second",
    }


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "",
        lambda text: text[:-2],
        lambda text: text.replace("extra ", "extra A"),
        lambda text: "c2sp.org/tlog-proof@v1\n",
    ],
)
def test_wrong_terms_are_refused_and_those_known_before_stay(
    at_work: Pair,
    change: object,
) -> None:
    client, proxy = at_work
    known = client.outbox.contracts()

    def swap(body: bytes) -> bytes:
        answer = json.loads(body)
        for contract in answer["contracts"]:
            contract["terms"] = change(contract["terms"])  # type: ignore[operator]
        return json.dumps(answer).encode()

    proxy.applies = lambda exchange: exchange.path.startswith("/v1/contracts")
    proxy.always = faults.mangled(swap)
    worker = worker_of(client)
    worker.refresh()
    worker.step()
    assert codes(client) == [Problem.WRONG_TERMS]
    assert client.outbox.contracts() == known


def test_terms_of_another_contract_are_refused(at_work: Pair) -> None:
    client, proxy = at_work
    other = b64url_encode(b"another contract")

    def swap(body: bytes) -> bytes:
        return body.replace(client.contract.ctr.encode(), other.encode())

    proxy.applies = lambda exchange: exchange.path.startswith("/v1/contracts")
    proxy.always = faults.mangled(swap)
    worker = worker_of(client)
    worker.refresh()
    worker.step()
    assert codes(client) == [Problem.WRONG_TERMS]
    assert client.outbox.contracts() == ()


# Jitter


def test_uploads_are_spread_by_the_marketplaces_jitter(at_work: Pair) -> None:
    client, proxy = at_work
    client.restart()
    proxy.applies = lambda exchange: "well-known" in exchange.path
    proxy.always = faults.mangled(lambda body: body.replace(b'"jitter_s":0', b'"jitter_s":200'))
    worker = client.start_worker()
    worker.step()
    made = client.many(3)
    pause = worker.step()
    assert 0 < pause <= 200
    assert proxy.puts("segments") == []
    client.watch.wait(pause)
    client.drain()
    client.assert_all_arrived_once(made)


# Threads


def _until(worker: UploadWorker, what: str, condition: object) -> None:
    wait_for(lambda: condition(worker.status), what=what)  # type: ignore[operator]


def test_the_threads_carry_a_sealed_segment_out_by_themselves(at_work: Pair) -> None:
    client, proxy = at_work
    heard: list[UploadStatus] = []
    worker = client.start_worker(on_status=heard.append)
    worker.start()
    made = client.many(3)
    wait_for(lambda: len(client.stored()) == 3, what="the segments")
    wait_for(lambda: client.outbox.queue.counts().waiting == 0, what="the receipts")
    client.assert_all_arrived_once(made)
    proxy.always = faults.captive_portal
    more = client.many(1)
    worker.wake()
    _until(worker, "the outage", lambda status: status.offline and status.waiting == 1)
    proxy.always = None
    client.watch.now += 3600
    worker.wake()
    _until(worker, "the end of the outage", lambda s: not s.offline and s.waiting == 0)
    client.assert_all_arrived_once([*made, *more])
    assert heard[-1] == worker.status
    assert any(status.problem == "captive_portal" for status in heard)


def test_closing_does_not_wait_for_a_dead_connection(at_work: Pair) -> None:
    client, proxy = at_work
    proxy.applies = lambda exchange: exchange.method == "PUT"
    silence = Silence()
    proxy.always = silence
    made = client.many(1)
    worker = worker_of(client)
    worker.start()
    wait_for(lambda: any(method == "PUT" for method, _ in proxy.requests), what="an upload")
    ended = threading.Event()

    def close() -> None:
        worker.close(0.05)
        ended.set()

    closing = threading.Thread(target=close)
    closing.start()
    assert ended.wait(30)  # the connection itself would last 60
    silence.let.set()
    closing.join(30)
    client.worker = None
    proxy.always = None
    client.restart()
    client.drain()
    client.assert_all_arrived_once(made)


def test_a_wrong_time_of_the_marketplace_is_a_fact_as_long_as_it_lasts(at_work: Pair) -> None:
    client, proxy = at_work
    assert client.member is not None
    clock = Clocks()
    clock.wall = client.clock.ms
    session = SessionClock(clock)
    session.observe(clock.wall, clock.up)
    times = ServerClockObserver(
        clock.uptime_ms, session.observe, real_s=lambda: client.clock.ms / 1000
    )
    device = DeviceCredentials(client.keys.kid, client.keys.auth)
    direct = MarketplaceClient(client.marketplace.url, Transport(times), device)
    timing = WorkerTiming(
        client.now_ms, monotonic=client.watch, time_refused=lambda: session.marketplace_refused
    )
    worker = UploadWorker(client.outbox, direct, client.member, timing, client.keys.signing)
    wrong = [Problem.WRONG_SERVER_TIME]
    for value, facts in (
        (str(clock.wall + 7_200_000), wrong),
        (str(clock.wall), []),
        (str(2**53 - 1), wrong),
        ("soon", wrong),
        (str(clock.wall + 299_000), []),
    ):
        proxy.always = faults.with_header("Workdiary-Time", value)
        client.watch.wait(61)
        worker.step()
        assert [fact.code for fact in worker.status.facts] == facts
        assert worker.status.problem is None
    worker.close()


@pytest.mark.expected_logs("a turn of an upload thread failed")
def test_a_defect_is_reported_and_does_not_kill_the_thread(
    at_work: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, _ = at_work
    worker = worker_of(client)
    met = threading.Event()

    def defect() -> float:
        met.set()
        raise ZeroDivisionError

    monkeypatch.setattr(worker._session, "step", defect)
    worker.start()
    assert met.wait(30)
    monkeypatch.undo()
    made = client.many(1)
    worker.wake()
    wait_for(lambda: len(client.stored()) == 1, what="the segment")
    wait_for(lambda: client.outbox.queue.counts().waiting == 0, what="its receipt")
    client.assert_all_arrived_once(made)


def test_times_of_the_marketplace_reach_the_session_clock(at_work: Pair) -> None:
    client, _ = at_work
    assert client.observed
    assert all(server - up == 1_794_000_000_000 for server, up in client.observed)
