"""Storage: limits hold, and no foreign data is kept."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from diary.core.slots import DAY, SLOT
from diary.formats.encoding import digest
from diary.objects.segment import Segment, parse, random_id
from marketplace.contracts.queries import Contract
from marketplace.core.config import Bound, Quotas
from marketplace.erasure.retention import BATCH, ORPHAN_S
from marketplace.storage import schema
from tests.desktop_fixtures.waiting import wait_for
from tests.marketplace.later_statements import deleted
from tests.marketplace.live_marketplace import START, LiveMarketplace, live_marketplace
from tests.marketplace.records.stored_pictures import counted, recounted, stored
from tests.marketplace.simulated_device import SimulatedDevice, webp, worked

TEN_YEARS = 3_653 * DAY


def sealed_anew(device: SimulatedDevice, data: bytes, **changes: Any) -> bytes:
    """The last segment of a chain, sealed again with other fields."""
    sealed = parse(data)
    device.segments[sealed.segment.ctr].remove(data)
    body: Segment = replace(sealed.segment, **changes)
    return device.seal(body, "Elsewhere", sealed.minutes, list(sealed.pictures.values()))


def pictures_of(data: bytes) -> list[str]:
    return [
        part.sha256 for shot in parse(data).pictures.values() for part in (shot.blob, shot.thumb)
    ]


# Retention of files


def unknown_contract(_: LiveMarketplace, device: SimulatedDevice, data: bytes) -> bytes:
    return sealed_anew(device, data, ctr=random_id(secrets.token_bytes), seq=0)


def foreign_contract(marketplace: LiveMarketplace, device: SimulatedDevice, data: bytes) -> bytes:
    other = marketplace.contract("Somebody else's")
    marketplace.clock.to(marketplace.clock.ms / 1000 + 2)
    return sealed_anew(device, data, ctr=other.ctr, seq=0)


def unknown_terms(_: LiveMarketplace, device: SimulatedDevice, data: bytes) -> bytes:
    return sealed_anew(device, data, terms=digest(b"terms of nobody"))


def paused_terms(marketplace: LiveMarketplace, device: SimulatedDevice, data: bytes) -> bytes:
    with marketplace.deps.store.read() as connection:
        row = connection.execute(
            select(schema.contract).where(schema.contract.c.ctr == parse(data).segment.ctr)
        ).one()
    contract = Contract(row.ctr, row.title, row.freelancer, row.client)
    terms = marketplace.deps.contracts.set_terms(contract, state="paused")
    return sealed_anew(device, data, terms=terms.digest)


FAR = START + TEN_YEARS * 10 // SLOT * SLOT


def at(data: bytes, slot: int) -> dict[str, int]:
    moved = slot - parse(data).segment.slot
    body = parse(data).segment
    return {"slot": slot, "t0": body.t0 + moved, "t1": body.t1 + moved}


def unknown_and_far(marketplace: LiveMarketplace, device: SimulatedDevice, data: bytes) -> bytes:
    return sealed_anew(device, data, ctr=random_id(secrets.token_bytes), seq=0, **at(data, FAR))


@pytest.mark.parametrize(
    "make", [unknown_contract, foreign_contract, unknown_terms, paused_terms, unknown_and_far]
)
def test_what_no_active_contract_of_the_account_names_is_dropped_after_a_week(
    marketplace: LiveMarketplace,
    device: SimulatedDevice,
    contract: Contract,
    make: Callable[[LiveMarketplace, SimulatedDevice, bytes], bytes],
) -> None:
    (work,) = worked(marketplace, device, contract.ctr, START)
    data = make(marketplace, device, work)
    device.sign_in()
    device.send(data)
    assert stored(marketplace) == set(pictures_of(data)), "it waits for a segment that counts"
    marketplace.clock.to(marketplace.clock.ms / 1000 + ORPHAN_S)
    marketplace.deps.retention.run_once()
    assert len(stored(marketplace)) == 2
    marketplace.clock.to(marketplace.clock.ms / 1000 + 1)
    marketplace.deps.retention.run_once()
    assert stored(marketplace) == set()
    assert counted(marketplace) == recounted(marketplace) == {}


@pytest.mark.parametrize(
    "slot", [START, FAR, START - TEN_YEARS // SLOT * SLOT], ids=["now", "future", "past"]
)
def test_the_claimed_slot_neither_extends_nor_shortens_the_retention(
    marketplace: LiveMarketplace, slot: int
) -> None:
    contract = marketplace.contract(retention_days=30)
    device = SimulatedDevice(marketplace.url, marketplace.deps.clock.real_s)
    device.enrol(marketplace.code(contract.freelancer))
    (work,) = worked(marketplace, device, contract.ctr, START)
    data = sealed_anew(device, work, **at(work, slot))
    device.send(data)
    uploaded_s = marketplace.clock.ms // 1000
    marketplace.clock.to(uploaded_s + 30 * DAY - 1)
    marketplace.deps.retention.run_once()
    assert stored(marketplace) == set(pictures_of(data))
    marketplace.clock.to(uploaded_s + 30 * DAY)
    marketplace.deps.retention.run_once()
    assert stored(marketplace) == set()
    assert counted(marketplace) == recounted(marketplace) == {}
    device.http.close()


def test_work_from_before_the_end_of_a_contract_keeps_its_pictures(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract
) -> None:
    (data,) = worked(marketplace, device, contract.ctr, START)
    ended = marketplace.deps.contracts.set_terms(contract, state="ended")
    marketplace.clock.to(ended.from_s + DAY)
    device.sign_in()
    device.send(data)
    marketplace.clock.to(marketplace.clock.ms / 1000 + ORPHAN_S + 1)
    marketplace.deps.retention.run_once()
    assert stored(marketplace) == set(pictures_of(data))


def test_a_picture_that_another_account_sent_long_ago_waits_from_its_own_arrival(
    marketplace: LiveMarketplace,
    device: SimulatedDevice,
    enrolled: Callable[[Contract], SimulatedDevice],
) -> None:
    same = webp()
    other = enrolled(marketplace.contract("Another"))
    assert other.put_blob(same).status_code == 201
    marketplace.clock.to(marketplace.clock.ms / 1000 + ORPHAN_S - 60)
    device.sign_in()
    assert device.put_blob(same).status_code == 201
    marketplace.clock.to(marketplace.clock.ms / 1000 + 120)
    marketplace.deps.retention.run_once()
    device.sign_in()
    assert device.call("HEAD", f"/v1/blobs/{digest(same)}").status_code == 200
    marketplace.clock.to(marketplace.clock.ms / 1000 + ORPHAN_S)
    marketplace.deps.retention.run_once()
    assert stored(marketplace) == set()


def test_one_round_leaves_nothing_and_a_stopped_one_is_finished_by_the_next(
    tmp_path: Path,
) -> None:
    with live_marketplace(
        tmp_path / "data", quotas=Quotas(waiting=Bound(10_000, 1 << 30))
    ) as marketplace:
        contract = marketplace.contract()
        device = SimulatedDevice(marketplace.url, marketplace.deps.clock.real_s)
        device.enrol(marketplace.code(contract.freelancer))
        device.sign_in()
        for _ in range(2 * BATCH + 40):
            assert device.put_blob(webp(16, 10)).status_code == 201
        device.http.close()
        assert len(stored(marketplace)) == 2 * BATCH + 40
        marketplace.clock.to(marketplace.clock.ms / 1000 + ORPHAN_S + 1)
        forget = marketplace.deps.retention._eraser.forget
        calls: list[int] = []

        def stopping(sub: str, names: list[str]) -> None:
            forget(sub, names)
            calls.append(len(names))
            marketplace.deps.retention.stop()

        marketplace.deps.retention._eraser.forget = stopping  # type: ignore[method-assign,assignment]
        marketplace.deps.retention.run_once()
        assert calls == [BATCH]
        assert len(stored(marketplace)) == BATCH + 40
    clock = marketplace.clock
    with live_marketplace(tmp_path / "data", clock=clock) as marketplace:
        # The round of the start may still be erasing what this one leaves to it.
        marketplace.deps.retention.run_once()
        wait_for(lambda: stored(marketplace) == set(), what="all files to be erased")
        assert counted(marketplace) == recounted(marketplace) == {}


# Limits


@pytest.fixture
def small(
    tmp_path: Path,
) -> Iterator[Callable[[Quotas], tuple[LiveMarketplace, Contract, SimulatedDevice]]]:
    """A marketplace with small limits, a contract and an enrolled computer."""
    import contextlib

    with contextlib.ExitStack() as stack:

        def make(quotas: Quotas) -> tuple[LiveMarketplace, Contract, SimulatedDevice]:
            marketplace = stack.enter_context(live_marketplace(tmp_path / "small", quotas=quotas))
            contract = marketplace.contract()
            device = SimulatedDevice(marketplace.url, marketplace.deps.clock.real_s)
            stack.callback(device.http.close)
            device.enrol(marketplace.code(contract.freelancer))
            device.sign_in()
            return marketplace, contract, device

        yield make


def assert_full(answer: httpx.Response, limit: str) -> None:
    assert answer.status_code == 507, answer.text
    body = answer.json()
    assert (body["code"], body["limit"]) == ("quota", limit)
    assert "send it again later" in body["detail"]
    assert int(answer.headers["retry-after"]) > 0


Small = Callable[[Quotas], tuple[LiveMarketplace, Contract, SimulatedDevice]]


@pytest.mark.parametrize(
    ("quotas", "limit"),
    [
        (Quotas(waiting=Bound(3, 1 << 30)), "waiting"),
        (Quotas(account=Bound(3, 1 << 30)), "account"),
        (Quotas(waiting=Bound(100, 3 * len(webp(colour="red")) + 60)), "waiting"),
        (Quotas(account=Bound(100, 3 * len(webp(colour="red")) + 60)), "account"),
    ],
    ids=["waiting files", "account files", "waiting bytes", "account bytes"],
)
def test_a_picture_over_a_limit_is_refused_for_now_and_taken_when_there_is_room(
    small: Small, quotas: Quotas, limit: str
) -> None:
    marketplace, _, device = small(quotas)
    taken = []
    while (answer := device.put_blob(data := webp())).status_code == 201:
        taken.append(data)
        assert len(taken) <= 4
    assert_full(answer, limit)
    assert stored(marketplace) == {digest(one) for one in taken}
    assert device.put_blob(taken[0]).status_code == 200, "what is there needs no room"
    assert counted(marketplace) == recounted(marketplace)
    marketplace.clock.to(marketplace.clock.ms / 1000 + ORPHAN_S + 1)
    marketplace.deps.retention.run_once()
    device.sign_in()
    assert device.put_blob(data).status_code == 201


def test_a_segment_over_the_limit_of_its_contract_is_refused_for_now_and_nothing_is_lost(
    small: Small,
) -> None:
    marketplace, contract, device = small(Quotas(contract=Bound(2, 1 << 30)))
    first, second = worked(marketplace, device, contract.ctr, START, count=2)
    device.send(first)
    for sha in pictures_of(second):
        assert device.put_blob(device.blobs[sha]).status_code == 201
    assert_full(device.put_segment(second), "contract")
    assert device.http.get(f"/log/proof/{parse(second).hash}").status_code == 404, (
        "it is not logged"
    )
    assert device.put_segment(first).status_code == 200, "what is logged is answered as before"
    statement = deleted(device, first, "shot_0", scope=["shot", "time"])
    assert device.post_statement("tombstones", statement).status_code == 201
    answer = device.put_segment(second)
    assert (answer.status_code, answer.json()["findings"]) == (201, [])
    assert counted(marketplace) == recounted(marketplace)
    assert counted(marketplace)[contract.freelancer, contract.ctr][0] == 2


def test_a_full_contract_does_not_stop_another_one_or_another_account(small: Small) -> None:
    marketplace, contract, device = small(Quotas(contract=Bound(2, 1 << 30)))
    second = marketplace.deps.contracts.add_contract(
        "Second", freelancer=contract.freelancer, client=contract.client
    )
    marketplace.clock.to(marketplace.clock.ms / 1000 + 2)
    (one,) = worked(marketplace, device, contract.ctr, START)
    device.send(one)
    (full,) = worked(marketplace, device, contract.ctr, START + SLOT)
    for sha in pictures_of(full):
        device.put_blob(device.blobs[sha])
    assert_full(device.put_segment(full), "contract")
    (other,) = worked(marketplace, device, second.ctr, START + 2 * SLOT)
    device.send(other)
    assert counted(marketplace) == recounted(marketplace)


def test_a_month_offline_fits_into_the_usual_limits() -> None:
    files, usual = 30 * 144 * 3 * 2, Quotas()
    screens = 30 * 144 * 3 * (2 << 20)  # pictures of three large screens have about 2 MB
    for bound in (usual.contract, usual.account):
        assert files <= bound.files
        assert screens <= bound.bytes
    # Each of five devices has a batch of eight segments on its way.
    assert usual.waiting.files >= 5 * 8 * 3 * 2
    assert usual.waiting.bytes >= 5 * 8 * 3 * (2 << 20)


def test_work_without_a_picture_needs_no_storage(small: Small) -> None:
    marketplace, contract, device = small(
        Quotas(Bound(1, 1 << 20), Bound(1, 1 << 20), Bound(1, 1 << 20))
    )
    assert device.put_blob(webp()).status_code == 201
    marketplace.advance_to(START)
    device.fetch_beacon(START)
    data = device.manual(contract.ctr, START, START, START + 600)
    marketplace.clock.to(START + SLOT)
    device.sign_in()
    assert device.put_segment(data).status_code == 201


def test_uploads_at_the_same_time_share_one_limit(small: Small) -> None:
    marketplace, _, device = small(Quotas(waiting=Bound(5, 1 << 30)))
    made = [webp() for _ in range(20)]
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(device.put_blob, made))
    assert [a.status_code for a in answers].count(201) == 5
    assert {a.status_code for a in answers} == {201, 507}
    assert len(stored(marketplace)) == 5
    assert counted(marketplace) == recounted(marketplace)


def test_an_interrupted_upload_frees_its_reserved_space(small: Small) -> None:
    marketplace, _, device = small(Quotas(waiting=Bound(1, 1 << 30)))
    assert device.put_blob(webp(), digest(b"another")).status_code == 422
    assert device.put_blob(webp() + b"x").status_code == 422
    assert device.put_blob(webp()).status_code == 201
    assert counted(marketplace) == recounted(marketplace)


def test_a_late_picture_counts_for_the_contract_of_its_segment(small: Small) -> None:
    marketplace, contract, device = small(Quotas(waiting=Bound(0, 0), contract=Bound(1, 1 << 30)))
    (data,) = worked(marketplace, device, contract.ctr, START)
    assert device.put_segment(data).status_code == 201
    full, thumb = (device.blobs[sha] for sha in pictures_of(data))
    assert device.put_blob(full).status_code == 201
    assert_full(device.put_blob(thumb), "contract")
    assert counted(marketplace) == recounted(marketplace)
