"""The stored totals of days and weeks always equal those computed by the ledger."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from dataclasses import asdict
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, update

from diary.bundle.check import CheckOptions, check_bundle
from diary.bundle.zip_reader import Archive
from diary.cli.bundle_report import report_json
from diary.core.day_bounds import LONGEST_DAY, DayBounds, day_bounds
from diary.core.slots import DAY, SLOT, WEEK, day_of, week_of
from diary.objects.segment import parse
from diary.objects.tombstone import tombstone
from diary.verification.credit import Totals
from marketplace.contracts.queries import Contract
from marketplace.records import credited_totals
from marketplace.storage import schema
from tests.marketplace.live_marketplace import START, LiveMarketplace
from tests.marketplace.simulated_device import SimulatedDevice, worked

Enrolled = Callable[[Contract], SimulatedDevice]
WEEK_BEGIN = week_of(START)
#: With days that begin in the histories' slots, at a quarter of an hour, and with Monday in UTC.
ZONES = ("UTC", "Asia/Kathmandu", "Pacific/Chatham", "America/Caracas", "Asia/Tokyo")


def stored(marketplace: LiveMarketplace, contract: Contract) -> dict[int, Totals]:
    """The stored totals of the week of START, by day."""
    with marketplace.deps.store.read() as connection:
        return credited_totals.days(connection, contract.ctr, WEEK_BEGIN, WEEK_BEGIN + WEEK)


def anew(marketplace: LiveMarketplace, contract: Contract) -> dict[int, Totals]:
    """The same from the signed bytes of the whole week, as the day pages compute them."""
    found = {}
    for day in range(WEEK_BEGIN, WEEK_BEGIN + WEEK, DAY):
        view = marketplace.day(contract.client, contract.ctr, day)
        if view.slots:
            answer = {name.removesuffix("_s"): value for name, value in asdict(view.totals).items()}
            found[day] = Totals(**{name: answer[name] for name in asdict(Totals())})
    return found


def paid_s(device: SimulatedDevice, contract: Contract, day: DayBounds) -> int:
    """The payable seconds of a day, as a device reads them."""
    params = {"day_from": day.begin_s, "day_to": day.end_s}
    listed = device.call("GET", "/v1/contracts", params=params).json()["contracts"]
    (answer,) = [each["day"] for each in listed if each["ctr"] == contract.ctr]
    assert answer["from"] == day.begin_s
    return int(answer["payable"])


def assert_one_figure(
    marketplace: LiveMarketplace,
    device: SimulatedDevice,
    contracts: list[Contract],
    zones: tuple[str, ...] = (),
) -> None:
    """Stored totals, day pages, home page and both interfaces agree; also the days of `zones`."""
    for contract in contracts:
        days = stored(marketplace, contract)
        assert days == anew(marketplace, contract)
        week = credited_totals.summed(days.values())
        today = days.get(day_of(marketplace.deps.clock.wall_s()), Totals())
        account = marketplace.account(contract.freelancer)
        row = next(r for r in marketplace.deps.review.home(account).rows if r.ctr == contract.ctr)
        assert (row.week_s, row.today_s) == (week.payable, today.payable)
        assert sum(row.days) == week.payable
        assert marketplace.day(contract.client, contract.ctr).totals.week_s == week.payable
        listed = device.call("GET", "/v1/contracts").json()["contracts"]
        (answer,) = [each for each in listed if each["ctr"] == contract.ctr]
        assert answer["week"] == {"from": WEEK_BEGIN, **asdict(week)}
        assert answer["day"]["payable"] == today.payable
        for name in zones:
            zone = ZoneInfo(name)
            date = dt.datetime.fromtimestamp(START, zone).date()
            shown = marketplace.deps.review.day(account, contract.ctr, date, zone).totals
            assert paid_s(device, contract, day_bounds(START, zone)) == shown.payable_s
        query = {"contract": contract.ctr, "from": START, "to": START + 1}
        diary = device.call("GET", "/v1/diary", params=query).json()
        assert diary["weeks"] == ([answer["week"]] if days else [])


def test_a_limit_shows_the_same_figure_everywhere_and_in_the_verifier(
    marketplace: LiveMarketplace, enrolled: Enrolled
) -> None:
    contract = marketplace.contract(limit_s=900, limit_rule="unpaid")
    device = enrolled(contract)
    for data in worked(marketplace, device, contract.ctr, START, count=3):
        device.send(data)
    assert_one_figure(marketplace, device, [contract])
    with marketplace.browser(contract.client) as browser:
        home = browser.get("/").text
        name = f"{dt.date(2026, 11, 18).isocalendar().year}-W47"
        bundle = browser.get(f"/v1/bundles/{contract.ctr}/{name}").content
    assert "0:15 over" in home
    opened = check_bundle(
        Archive(io.BytesIO(bundle)), CheckOptions(keys=[marketplace.deps.log.verifier])
    )
    (week,) = report_json(opened)["weeks"]
    assert week == {
        "from": WEEK_BEGIN,
        **asdict(credited_totals.summed(stored(marketplace, contract).values())),
    }
    assert (week["payable"], week["over_limit"]) == (900, 900)


@pytest.mark.parametrize(
    "params",
    [
        {"day_from": START},
        {"day_to": START},
        {"day_from": START, "day_to": START},
        {"day_from": START, "day_to": START - DAY},
        {"day_from": START, "day_to": START + LONGEST_DAY + 1},
        {"day_from": 0, "day_to": 2**53 - 1},
        {"day_from": -1, "day_to": DAY},
        {"day_from": "today", "day_to": DAY},
        {"day_from": 2**53, "day_to": 2**53 + DAY},
    ],
    ids=str,
)
def test_an_interval_that_is_no_day_is_refused(
    device: SimulatedDevice, params: dict[str, Any]
) -> None:
    answer = device.call("GET", "/v1/contracts", params=params)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


@pytest.mark.parametrize("begin", [0, START - 400 * DAY, START + 400 * DAY, 2**53 - 1 - DAY])
def test_a_day_without_time_has_empty_sums(
    device: SimulatedDevice, contract: Contract, begin: int
) -> None:
    assert paid_s(device, contract, DayBounds(begin, begin + DAY)) == 0


def test_the_part_of_the_day_before_the_week_is_counted(
    marketplace: LiveMarketplace, enrolled: Enrolled, contract: Contract
) -> None:
    monday = WEEK_BEGIN + WEEK
    marketplace.advance_to(monday - SLOT)
    device = enrolled(contract)
    for data in worked(marketplace, device, contract.ctr, monday - SLOT, count=2):
        device.send(data)
    day = day_bounds(monday, ZoneInfo("America/Caracas"))
    assert day.begin_s < monday < day.end_s
    params = {"day_from": day.begin_s, "day_to": day.end_s}
    (listed,) = device.call("GET", "/v1/contracts", params=params).json()["contracts"]
    assert (listed["day"]["payable"], listed["week"]["payable"]) == (2 * SLOT, SLOT)
    (run,) = listed["counted"]
    assert run["last"] - run["first"] == 1
    (listed,) = device.call("GET", "/v1/contracts").json()["contracts"]
    (run,) = listed["counted"]
    assert run["last"] == run["first"]


def test_gaps_of_another_device_do_not_crowd_out_what_a_device_reads(
    marketplace: LiveMarketplace,
    enrolled: Enrolled,
    contract: Contract,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(credited_totals, "_MOST_RUNS", 2)
    device, other = enrolled(contract), enrolled(contract)
    sent = worked(marketplace, device, contract.ctr, START, count=1)
    device.send(sent[0])
    other.fetch_beacon(START)
    other.sign_in()
    gaps = [other.work(contract.ctr, START, START + 60 * n, START + 60 * n + 60) for n in range(6)]
    for data in gaps[::2]:
        other.send(data)
    for each in (device, other):
        (listed,) = each.call("GET", "/v1/contracts").json()["contracts"]
        assert len(listed["counted"]) == 2
        assert listed["counted"][0]["kid"] == each.key.kid


def test_an_older_beacon_costs_pay_also_where_a_still_older_one_lies_between(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract
) -> None:
    first, second, *_ = worked(marketplace, device, contract.ctr, START, count=4)
    device.segments[contract.ctr] = [first, second]
    beacons = dict(device.beacons)
    made = []
    for number, own in ((2, 2), (3, 0), (4, 1)):
        slot = START + number * SLOT
        device.beacons = {s: file for s, file in beacons.items() if s == START + own * SLOT}
        made.append(device.work(contract.ctr, slot))
    marketplace.clock.to(START + 5 * SLOT + 3)
    device.sign_in()
    for data in (first, second, *made[1:]):
        device.send(data)
    # The newest beacon arrives last, and is earlier in time than the others.
    device.send(made[0])
    query = {"contract": contract.ctr, "from": START, "to": START + 5 * SLOT}
    answer = device.call("GET", "/v1/diary", params=query).json()["segments"]
    codes = {each["hash"]: [finding["code"] for finding in each["findings"]] for each in answer}
    wrong = ["E_BEACON_CHOICE" in codes[parse(data).hash] for data in (first, second, *made)]
    assert wrong == [False, False, False, True, True]
    assert_one_figure(marketplace, device, [contract])


class RandomHistory:
    """A freelancer with two computers and three contracts of two clients, at random."""

    def __init__(self, marketplace: LiveMarketplace, enrolled: Enrolled, seed: int) -> None:
        self.marketplace, self.random = marketplace, Random(seed)
        contracts = marketplace.deps.contracts
        shop = marketplace.contract("Shop", limit_s=2_000, limit_rule="unpaid")
        same: dict[str, Any] = {"freelancer": shop.freelancer, "client": shop.client}
        books = contracts.add_contract("Books", manual=False, **same)
        other = contracts.add_account("client", "Harbour Lines")
        harbour = contracts.add_contract("Timetable", freelancer=shop.freelancer, client=other)
        marketplace.clock.to(marketplace.clock.ms / 1000 + 2)
        self.contracts = [shop, books, harbour]
        self.desks = [enrolled(shop), enrolled(shop)]
        self.waiting: list[tuple[SimulatedDevice, bytes]] = []
        self.sent: list[str] = []

    def slot(self, slot: int) -> None:
        """Let each device do something in a slot."""
        self.marketplace.advance_to(slot)
        for device in self.desks:
            device.fetch_beacon(slot)
        self.marketplace.advance_to(slot + SLOT)
        self.marketplace.clock.to(slot + SLOT + 3)
        for device in self.desks:
            device.sign_in()
            self.record(device, slot)
        if self.random.random() < 0.3:
            shop = self.contracts[0]
            limit = self.random.choice([600, 1_500, None])
            self.marketplace.deps.contracts.set_terms(shop, limit_s=limit, limit_rule="unpaid")
        self.random.shuffle(self.waiting)
        while self.waiting and self.random.random() < 0.8:
            self.send(*self.waiting.pop())
        if self.sent and self.random.random() < 0.4:
            self.give_back(self.random.choice(self.sent))

    def record(self, device: SimulatedDevice, slot: int) -> None:
        contract = self.random.choice(self.contracts)
        first, last = sorted(self.random.sample(range(0, SLOT + 1, 60), 2))
        times = (slot + first, slot + last)
        kind = self.random.choice(["auto", "auto", "kept", "manual", "late picture"])
        if kind == "manual":
            data = device.manual(contract.ctr, slot, *times)
        elif kind == "kept":
            data = device.work(contract.ctr, slot, *times, kind="kept", note="On the phone")
        else:
            late_ms = 11_000 if kind == "late picture" else 500
            beacons = dict(device.beacons)
            if self.random.random() < 0.4:
                # A device that claims to be offline uses an older beacon.
                del device.beacons[slot]
            data = device.work(contract.ctr, slot, *times, late_ms=late_ms)
            device.beacons = beacons
        self.waiting.append((device, data))

    def send(self, device: SimulatedDevice, data: bytes) -> None:
        device.send(data)
        self.sent.append(parse(data).hash)

    def give_back(self, name: str) -> None:
        device = self.desks[0]
        statement = tombstone(
            device.key, segment=name, digests=[], scope=["time"], reason="", at=START
        )
        assert device.post_statement("tombstones", statement).status_code in (200, 201)


@pytest.mark.parametrize("seed", range(6))
def test_stored_sums_are_those_of_the_ledger_after_random_histories(
    marketplace: LiveMarketplace, enrolled: Enrolled, seed: int
) -> None:
    history = RandomHistory(marketplace, enrolled, seed)
    for number in range(8):
        history.slot(START + number * SLOT)
        assert_one_figure(marketplace, history.desks[0], history.contracts)
    for device, data in history.waiting:
        history.send(device, data)
    assert_one_figure(marketplace, history.desks[0], history.contracts, ZONES)
    # The start completes what a crash has left out.
    marketplace.deps.store.write(
        lambda c: (
            c.execute(update(schema.segment).values(checked=False, pays=None, client=None)),
            c.execute(delete(schema.finding)),
            c.execute(delete(schema.daily_total)),
        )
    ).result()
    marketplace.deps.checks.check_unchecked()
    assert_one_figure(marketplace, history.desks[0], history.contracts)
