"""The data of the review pages: access, credited seconds, marks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from diary.core.slots import DAY, SLOT
from diary.core.vocabulary import PictureReason
from diary.objects.picture import Masks
from diary.objects.segment import parse
from marketplace.accounts import one_time_codes
from marketplace.accounts.model import SESSION_S
from marketplace.contracts.queries import Contract
from marketplace.core.problems import ProblemError
from marketplace.storage import schema
from tests.marketplace.live_marketplace import START, UTC, LiveMarketplace
from tests.marketplace.simulated_device import SimulatedDevice, worked


def marks(marketplace: LiveMarketplace, contract: Contract) -> list[list[str]]:
    slots = marketplace.day(contract.client, contract.ctr).slots
    return [[mark.code for mark in slot.marks] for slot in slots]


def send_all(device: SimulatedDevice, segments: list[bytes]) -> None:
    for data in segments:
        device.send(data)


# Access


def test_only_the_two_people_of_a_contract_see_it(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract
) -> None:
    send_all(device, worked(marketplace, device, contract.ctr, START))
    name = parse(device.segments[contract.ctr][0]).hash
    other = marketplace.contract("Another")
    review = marketplace.deps.review
    for sub in (contract.client, contract.freelancer):
        account = marketplace.account(sub)
        assert [row.ctr for row in review.home(account).rows] == [contract.ctr]
        assert len(marketplace.day(sub, contract.ctr).slots) == 1
        assert review.picture(account, name, 0).mime == "image/webp"
    for sub in (other.client, other.freelancer):
        stranger = marketplace.account(sub)
        assert [row.ctr for row in review.home(stranger).rows] == [other.ctr]
        for ask in (
            lambda s=stranger: review.day(s, contract.ctr, None, UTC),
            lambda s=stranger: review.slot(s, contract.ctr, START, UTC),
            lambda s=stranger: review.picture(s, name, 0),
            lambda s=stranger: review.thumb(s, name, 0),
            lambda s=stranger: review.diary(s, contract.ctr, 0, 1),
            lambda s=stranger: review.person_zone(s, contract.ctr),
        ):
            with pytest.raises(ProblemError) as refusal:
                ask()
            assert (refusal.value.status, refusal.value.code) == (404, "not_found")


def test_what_does_not_exist_answers_like_what_is_not_yours(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract
) -> None:
    send_all(device, worked(marketplace, device, contract.ctr, START))
    name = parse(device.segments[contract.ctr][0]).hash
    client = marketplace.account(contract.client)
    review = marketplace.deps.review
    for ask in (
        lambda: review.day(client, "c" * 22, None, UTC),
        lambda: review.slot(client, contract.ctr, START + SLOT, UTC),
        lambda: review.slot(client, contract.ctr, START + 1, UTC),
        lambda: review.slot(client, contract.ctr, 2**52, UTC),
        lambda: review.picture(client, "x" * 43, 0),
        lambda: review.picture(client, name, 1),
        lambda: review.picture(client, name, -1),
        lambda: review.day(client, contract.ctr, dt.date.max, UTC),
    ):
        with pytest.raises(ProblemError) as refusal:
            ask()
        assert refusal.value.status == 404


def test_every_view_of_a_picture_is_recorded(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract
) -> None:
    send_all(device, worked(marketplace, device, contract.ctr, START))
    name = parse(device.segments[contract.ctr][0]).hash
    with marketplace.browser(contract.client) as browser:
        picture = browser.get(f"/pictures/{name}/0")
        assert browser.get(f"/pictures/{name}/0").content == picture.content
        thumb = browser.get(f"/thumbs/{name}/0")
    shot = parse(device.segments[contract.ctr][0]).pictures[0]
    assert picture.content == device.blobs[shot.blob.sha256]
    assert thumb.content == device.blobs[shot.thumb.sha256]
    with marketplace.deps.store.read() as connection:
        views = connection.execute(select(schema.picture_view)).all()
    assert [(v.segment, v.picture, v.sub, v.at_ms, v.size) for v in views] == [
        (name, 0, contract.client, marketplace.clock.ms, kind) for kind in ("full", "full", "thumb")
    ]


def test_without_a_session_there_is_nothing_to_see(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract
) -> None:
    send_all(device, worked(marketplace, device, contract.ctr, START))
    name = parse(device.segments[contract.ctr][0]).hash
    for path in (
        f"/contracts/{contract.ctr}/days/2026-11-18",
        f"/contracts/{contract.ctr}/slots/{START}",
        f"/pictures/{name}/0",
        f"/thumbs/{name}/0",
    ):
        answer = device.http.get(path, headers={"Accept": "application/json"})
        assert (answer.status_code, answer.json()["code"]) == (401, "sign_in_needed")


def test_a_link_signs_in_once_and_a_session_ends(
    marketplace: LiveMarketplace, contract: Contract
) -> None:
    signin = marketplace.deps.sign_in
    code = marketplace.code(contract.client, "signin")
    person = signin.peek(code)
    assert person is not None
    assert (person.sub, person.role, person.name) == (contract.client, "client", "Acme")
    assert signin.peek(code) == person, "to look at a link uses nothing up"
    token = signin.consume(code)
    assert token is not None
    assert signin.peek(code) is None
    assert signin.consume(code) is None
    assert signin.account(token) == person
    signin.end(token)
    assert signin.account(token) is None
    other = signin.consume(marketplace.code(contract.client, "signin"))
    assert other is not None
    late = marketplace.code(contract.client, "signin")
    marketplace.clock.ms += one_time_codes.LIFETIME_S["signin"] * 1000
    assert signin.consume(late) is None
    marketplace.clock.ms += SESSION_S * 1000
    assert signin.account(other) is None
    assert signin.consume(marketplace.code(contract.client, "enrol")) is None


def test_a_diary_is_read_by_its_two_people(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract
) -> None:
    (data,) = worked(marketplace, device, contract.ctr, START)
    device.send(data)
    query: dict[str, str | int] = {"contract": contract.ctr, "from": START, "to": START + SLOT}
    own = device.call("GET", "/v1/diary", params=query).json()["segments"]
    assert [s["sdjwt"].encode() for s in own] == [data]
    device.open(own[0], own[0]["hash"])
    assert own[0]["findings"] == []
    with marketplace.browser(contract.client) as browser:
        assert browser.get("/v1/diary", params=query).json()["segments"] == own
    with marketplace.browser(marketplace.contract("Another").client) as browser:
        assert browser.get("/v1/diary", params=query).status_code == 404
    earlier = device.call("GET", "/v1/diary", params={**query, "from": START - SLOT, "to": START})
    assert earlier.json()["segments"] == []


# Credited seconds


def test_the_weekly_limit_cuts_the_payable_time_visibly(marketplace: LiveMarketplace) -> None:
    contract = marketplace.contract(limit_s=1_500, limit_rule="unpaid")
    device = SimulatedDevice(marketplace.url, marketplace.deps.clock.real_s)
    device.enrol(marketplace.code(contract.freelancer))
    send_all(device, worked(marketplace, device, contract.ctr, START, count=3))
    device.http.close()
    totals = marketplace.day(contract.client, contract.ctr).totals
    assert (totals.tracked_s, totals.payable_s, totals.over_limit_s) == (1_800, 1_500, 300)
    assert (totals.week_s, totals.limit_s) == (1_500, 1_500)
    assert marks(marketplace, contract) == [[], [], ["over-limit"]]


def test_the_limit_runs_over_the_week_not_over_the_day(marketplace: LiveMarketplace) -> None:
    contract = marketplace.contract(limit_s=900)
    device = SimulatedDevice(marketplace.url, marketplace.deps.clock.real_s)
    device.enrol(marketplace.code(contract.freelancer))
    send_all(device, worked(marketplace, device, contract.ctr, START))
    send_all(device, worked(marketplace, device, contract.ctr, START + DAY))
    device.http.close()
    first, second = (
        marketplace.day(contract.client, contract.ctr, START + n * DAY) for n in (0, 1)
    )
    assert (first.totals.payable_s, second.totals.payable_s) == (600, 300)
    assert first.totals.week_s == second.totals.week_s == 900
    assert (first.next, second.previous) == (second.date, first.date)
    assert (first.previous, second.next) == (None, None)


def test_an_unpaid_finding_stops_pay_and_names_the_slot(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract
) -> None:
    good, late = worked(marketplace, device, contract.ctr, START, count=2)
    device.segments[contract.ctr].pop()
    late = device.work(contract.ctr, START + SLOT, late_ms=11_000)
    device.send(good)
    assert [f["code"] for f in device.send(late)["findings"]] == ["E_SHOT_TIME"]
    day = marketplace.day(contract.client, contract.ctr)
    assert (day.totals.payable_s, day.totals.unpaid_s, day.totals.tracked_s) == (600, 600, 1_200)
    assert (day.badge.checked, day.badge.total) == (1, 2)
    (failing,) = day.badge.failing
    assert failing.slot == START + SLOT
    assert [f.code for f in failing.findings] == ["E_SHOT_TIME"]
    assert failing.findings[0].text == "A picture was not taken at its random time."
    assert marks(marketplace, contract) == [[], ["unpaid"]]
    assert (
        marketplace.deps.review.home(marketplace.account(contract.client)).rows[0].exceptions == 1
    )


def test_a_second_segment_of_the_same_number_does_not_count(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract
) -> None:
    (first,) = worked(marketplace, device, contract.ctr, START)
    device.segments[contract.ctr].pop()
    second = device.work(contract.ctr, START, START, START + 300, memo="Another story")
    device.send(first)
    codes_ = [f["code"] for f in device.send(second)["findings"]]
    assert "E_FORK" in codes_
    assert marketplace.day(contract.client, contract.ctr).totals.payable_s == 600


def test_impossible_times_count_nothing_and_break_nothing(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract
) -> None:
    (good,) = worked(marketplace, device, contract.ctr, START)
    device.send(good)
    sealed = parse(good)
    impossible: tuple[dict[str, Any], ...] = (
        {"slot": 2**53 - 1, "t0": 2**53 - 2, "t1": 2**53 - 1},
        {"slot": START + 7, "t0": START + 7, "t1": START + 100},
        {"t0": START + 599, "t1": START},
        {"t0": 0, "t1": 2**53 - 1},
        {"slot": 0, "t0": 0, "t1": 600},
        {"seq": 2**53 - 1, "epoch": 2**53 - 1, "off": -(2**53) + 1},
    )
    for changes in impossible:
        body = replace(
            sealed.segment, seq=len(device.segments[contract.ctr]), pics=0, shot="ended", active=0,
        )  # fmt: skip
        body = replace(body, **changes)
        minutes = tuple(
            (0, 0, 0, 0, None)
            if body.t0 < body.slot + 60 * (i + 1) and body.t1 > body.slot + 60 * i
            else None
            for i in range(10)
        )
        made = device.seal(body, "Odd", minutes, [])
        answer = device.put_segment(made)
        assert answer.status_code == 201, answer.text
        assert answer.json()["findings"]
    day = marketplace.day(contract.client, contract.ctr)
    assert day.totals.payable_s == 600
    assert day.totals.tracked_s <= 1_800
    client = marketplace.account(contract.client)
    assert marketplace.deps.review.home(client).rows[0].week_s <= 1_800
    for slot in day.slots:
        assert marketplace.deps.review.slot(client, contract.ctr, slot.slot, UTC).segments
    with marketplace.browser(contract.client) as browser:
        assert browser.get(f"/contracts/{contract.ctr}/days/{day.date}").status_code == 200
        for slot in day.slots:
            assert browser.get(f"/contracts/{contract.ctr}/slots/{slot.slot}").status_code == 200
        assert browser.get("/").status_code == 200
    assert device.call("GET", "/v1/contracts").status_code == 200


# Marks


def test_a_slot_states_why_it_has_no_picture(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract
) -> None:
    reasons: tuple[PictureReason, ...] = (
        "locked",
        "denied",
        "unavailable",
        "error",
        "masked",
    )
    made = worked(marketplace, device, contract.ctr, START, count=len(reasons))
    device.segments[contract.ctr].clear()
    for data, reason in zip(made, reasons, strict=True):
        sealed = parse(data)
        chain = device.segments[contract.ctr]
        body = replace(
            sealed.segment, pics=0, shot=reason,
            prev=parse(chain[-1]).hash if chain else sealed.segment.prev,
        )  # fmt: skip
        device.send(device.seal(body, "Memo", sealed.minutes, []))
    slots = marketplace.day(contract.client, contract.ctr).slots
    assert [c.no_picture.code if c.no_picture else "" for c in slots] == list(reasons)
    assert all(c.no_picture and c.no_picture.text for c in slots)
    assert all(c.picture is None for c in slots)


def test_the_rules_of_a_masked_picture_are_named(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract
) -> None:
    (data,) = worked(marketplace, device, contract.ctr, START)
    device.segments[contract.ctr].clear()
    sealed = parse(data)
    masks = Masks(allow=True, areas=True, blur=8, deny=True)
    shots = [replace(one, masks=masks) for one in sealed.pictures.values()]
    assert len(shots) == 1
    device.send(device.seal(sealed.segment, "Memo", sealed.minutes, shots))
    client = marketplace.account(contract.client)
    view = marketplace.deps.review.slot(client, contract.ctr, START, UTC)
    rules = (
        "only chosen applications are shown",
        "chosen applications are covered",
        "chosen areas are covered",
        "details are blurred",
    )
    assert view.segments[0].pictures[0].rules == rules
    assert marks(marketplace, contract) == [["masked"]]
    with marketplace.browser(contract.client) as browser:
        page = browser.get(f"/contracts/{contract.ctr}/slots/{START}").text
    assert ", ".join(rules) in page


def test_late_offline_manual_kept_and_recovered_time_is_marked(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract
) -> None:
    marketplace.advance_to(START)
    device.fetch_beacon(START)
    marketplace.clock.to(START + 3 * SLOT)
    device.sign_in()
    online = device.work(contract.ctr, START, end="crash")
    offline = device.work(contract.ctr, START + SLOT)  # by the beacon of the slot before
    by_hand = device.manual(contract.ctr, START + 2 * SLOT, START + 2 * SLOT, START + 3 * SLOT)
    marketplace.clock.to(START + 8 * SLOT)
    device.sign_in()
    send_all(device, [online, offline, by_hand])
    assert marks(marketplace, contract) == [["late", "crash"], ["late"], ["manual"]]
    slots = marketplace.day(contract.client, contract.ctr).slots
    assert [c.marks[0].text for c in slots] == ["Sent late", "Sent late, offline", "Manual time"]
    client = marketplace.account(contract.client)
    grades = [
        marketplace.deps.review.slot(client, contract.ctr, START + n * SLOT, UTC)
        .segments[0]
        .assurance
        for n in range(3)
    ]
    assert grades == ["B", "B", "C"]
    totals = marketplace.day(contract.client, contract.ctr).totals
    assert (totals.tracked_s, totals.manual_s, totals.payable_s) == (1_200, 600, 1_800)


def test_kept_idle_time_shows_its_note(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract
) -> None:
    (data,) = worked(marketplace, device, contract.ctr, START)
    device.segments[contract.ctr].pop()
    kept = device.work(contract.ctr, START, note="call with Li", kind="kept")
    assert [f["code"] for f in device.send(kept)["findings"]] == []
    (slot,) = marketplace.day(contract.client, contract.ctr).slots
    assert [(m.code, m.text) for m in slot.marks] == [("kept", "Kept: “call with Li”")]
    totals = marketplace.day(contract.client, contract.ctr).totals
    assert (totals.tracked_s, totals.kept_s, totals.payable_s) == (0, 600, 600)
    assert data != kept


def test_a_partial_slot_of_two_memos_adds_up(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract
) -> None:
    marketplace.advance_to(START)
    device.fetch_beacon(START)
    marketplace.clock.to(START + 303)
    device.sign_in()
    first = device.work(contract.ctr, START, START + 60, START + 150, memo="One", end="switch")
    second = device.work(contract.ctr, START, START + 150, START + 300, memo="Two", end="stop")
    send_all(device, [first, second])
    (slot,) = marketplace.day(contract.client, contract.ctr).slots
    assert (slot.memo, slot.seconds, slot.level) == ("Two", 240, "4/4")
    assert slot.level_text == "4 of 4 minutes with input"
    assert slot.minutes == ("none", *("active",) * 4, *("none",) * 5)
    client = marketplace.account(contract.client)
    detail = marketplace.deps.review.slot(client, contract.ctr, START, UTC)
    assert [s.memo for s in detail.segments] == ["One", "Two"]
    # The minute that contains both has the counts of both.
    assert [row.keys for row in detail.rows] == [None, 7, 28, 21, 28, *[None] * 5]


def test_unmeasured_minutes_are_never_shown_as_quiet(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract
) -> None:
    (data,) = worked(marketplace, device, contract.ctr, START)
    device.segments[contract.ctr].pop()
    sealed = parse(data)
    body = replace(sealed.segment, input="unavailable", active=0, pics=0, shot="unavailable")
    unmeasured = ((None,) * 5,) * 10
    device.send(device.seal(body, "Memo", unmeasured, []))
    (slot,) = marketplace.day(contract.client, contract.ctr).slots
    assert slot.minutes == ("unmeasured",) * 10
    assert (slot.level, slot.level_text) == ("", "activity was not measured")


# Days and zones


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("UTC", 18),
        ("America/Los_Angeles", 18),
        ("Pacific/Auckland", 18),
        ("Pacific/Kiritimati", 18),
    ],
)
def test_a_day_begins_and_ends_in_the_zone_that_is_shown(
    marketplace: LiveMarketplace,
    device: SimulatedDevice,
    contract: Contract,
    zone: str,
    expected: int,
) -> None:
    tz = ZoneInfo(zone)
    send_all(device, worked(marketplace, device, contract.ctr, START))
    client = marketplace.account(contract.client)
    day = marketplace.deps.review.day(client, contract.ctr, None, tz)
    (slot,) = day.slots
    assert slot.start == dt.datetime.fromtimestamp(START, tz)
    assert day.date == slot.start.date()
    assert abs(day.date.day - expected) <= 1
    assert (day.tz, day.person_tz) == (zone, "Europe/Madrid")
    tomorrow = day.date + dt.timedelta(days=1)
    empty = marketplace.deps.review.day(client, contract.ctr, tomorrow, tz)
    assert (empty.slots, empty.previous, empty.next) == ((), day.date, None)
    assert marketplace.deps.review.person_zone(client, contract.ctr) == ZoneInfo("Europe/Madrid")


def test_the_home_page_shows_who_works_and_how_much(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract
) -> None:
    client = marketplace.account(contract.client)
    (before,) = marketplace.deps.review.home(client).rows
    assert (before.last_seen, before.week_s, before.recording) == (None, 0, None)
    send_all(device, worked(marketplace, device, contract.ctr, START))
    beat = {"contract": contract.ctr, "since": START}
    assert device.call("POST", "/v1/heartbeat", json=beat).status_code == 204
    (row,) = marketplace.deps.review.home(client).rows
    assert (row.person, row.client, row.state) == ("Ana Ruiz", "Acme", "active")
    since = dt.datetime.fromtimestamp(START, dt.UTC)
    assert (row.today_s, row.week_s, row.recording) == (600, 600, since)
    assert row.days == (0, 0, 600, 0, 0, 0, 0)
    assert row.last_day == dt.date(2026, 11, 18)
    device.send(device.work(contract.ctr, START + SLOT, START + SLOT, START + SLOT + 2, end="stop"))
    marketplace.clock.to(marketplace.clock.ms / 1000 + 121)
    (stopped,) = marketplace.deps.review.home(client).rows
    assert (stopped.week_s, stopped.recording) == (602, None)
    marketplace.clock.to(START + 2 * DAY)
    (later,) = marketplace.deps.review.home(client).rows
    assert (later.today_s, later.week_s, later.recording) == (0, 602, None)


def test_who_owns_a_picture_decides_who_may_show_it(
    marketplace: LiveMarketplace,
    device: SimulatedDevice,
    contract: Contract,
    enrolled: Callable[[Contract], SimulatedDevice],
) -> None:
    """A person who knows the hash of another's picture cannot have it shown as their own."""
    (data,) = worked(marketplace, device, contract.ctr, START)
    device.send(data)
    own = marketplace.contract("Another")
    thief = enrolled(own)
    thief.fetch_beacon(START)
    taken = device.blobs[parse(data).pictures[0].blob.sha256]
    made = thief.work(own.ctr, START, picture=lambda: taken)
    thief.put_segment(made)
    (slot,) = marketplace.day(own.client, own.ctr).slots
    assert slot.picture is None
    with pytest.raises(ProblemError) as refusal:
        marketplace.deps.review.picture(marketplace.account(own.client), parse(made).hash, 0)
    assert refusal.value.code == "picture_missing"
