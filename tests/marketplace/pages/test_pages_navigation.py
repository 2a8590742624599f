"""From signed segments sent over HTTP to the pages in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from diary.core.slots import SLOT
from diary.formats.encoding import digest
from diary.objects.segment import parse
from marketplace.contracts.queries import Contract
from tests.marketplace.live_marketplace import START, LiveMarketplace, MovedClock, live_marketplace
from tests.marketplace.pages.morning import HOSTILE, SLOTS, Morning, work_a_morning
from tests.marketplace.simulated_device import SimulatedDevice
from tests.marketplace.stored_bytes import replace_bytes

Browse = Callable[..., Page]
GONE = ("status of 410",)


@pytest.fixture
def world(marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract) -> Morning:
    return work_a_morning(marketplace, device, contract)


def sign_in(browse: Browse, world: Morning, sub: str, **options: object) -> Page:
    page = browse(world.link(sub), **options)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("h1")).to_have_text("Contracts")
    return page


def test_the_client_finds_the_day_and_sees_each_slot_checked(
    browse: Browse, world: Morning
) -> None:
    page = sign_in(browse, world, world.contract.client)
    page.get_by_role("link", name="Acme shop rebuild").click()
    expect(page.locator("h1")).to_have_text("Ana Ruiz · Acme shop rebuild")
    page.get_by_role("link", name="Wed 18").click()
    expect(page.locator(".date")).to_have_text("Wednesday, 18 November")
    expect(page.locator("#badge")).to_contain_text("Checked by the marketplace: 4 of 4")
    assert page.locator("a.slot").evaluate_all("(all) => all.map((slot) => slot.id)") == [
        f"s{slot}" for slot in SLOTS
    ]
    # Madrid, the freelancer's own zone, is an hour ahead of UTC in November.
    expect(page.locator(".hour > h2")).to_have_text(["10:00", "12:00"])
    expect(page.locator(".fold")).to_have_text("11:00 to 12:00: no time recorded")
    totals = page.locator("#totals")
    for value, name in (
        ("30 min 1 s", "payable"),
        ("30 min 1 s", "tracked"),
        ("0 min", "idle time kept"),
        ("0 min", "deleted by the freelancer"),
    ):
        total = totals.locator(".total").filter(has=page.get_by_text(name, exact=True))
        expect(total.locator("dd")).to_have_text(value)
    thumbs = page.locator("a.slot img")
    expect(thumbs).to_have_count(3)
    for index in range(3):
        thumbs.nth(index).evaluate("(image) => image.decode()")
    last = page.locator(f"#s{SLOTS[3]}")
    expect(last).to_contain_text("Ended before the picture time")


def test_the_zone_decides_about_the_hours(browse: Browse, world: Morning) -> None:
    page = sign_in(browse, world, world.contract.client, timezone_id="Asia/Tokyo")
    page.goto(world.address("/days/2026-11-18?tz=mine"))
    expect(page.locator(".hour > h2")).to_have_text(["18:00", "20:00"])
    page.goto(world.address("/days/2026-11-18?tz=utc"))
    expect(page.locator(".hour > h2")).to_have_text(["09:00", "11:00"])


def test_a_hostile_memo_is_read_not_run(browse: Browse, world: Morning) -> None:
    page = sign_in(browse, world, world.contract.client)
    page.goto(world.address("/days/2026-11-18"))
    expect(page.locator(".band")).to_contain_text(["Checkout: address form", HOSTILE])
    page.goto(world.address(f"/slots/{SLOTS[1]}"))
    expect(page.locator("main")).to_contain_text(HOSTILE)
    assert page.title() == "Acme shop rebuild, 10:10 to 10:20 · Workdiary"


def test_a_slot_shows_the_signed_picture_the_counts_and_the_proofs(
    browse: Browse, world: Morning
) -> None:
    page = sign_in(browse, world, world.contract.freelancer)
    page.goto(world.address(f"/slots/{SLOTS[0]}"))
    picture = page.locator(".stage img")
    picture.evaluate("(image) => image.decode()")
    assert picture.evaluate("(image) => [image.naturalWidth, image.naturalHeight]") == [1280, 720]
    fetched = page.request.get(world.marketplace.url + str(picture.get_attribute("src"))).body()
    assert digest(fetched) == parse(world.sent[0]).pictures[0].blob.sha256
    page.get_by_text("Show as a table").click()
    row = page.locator("tbody tr").nth(3).locator("th, td")
    expect(row).to_have_text(["10:03", "21", "3", "0", "3 s"])
    page.get_by_text("How this was checked").click()
    proofs = page.locator(".proofs")
    for part in (
        parse(world.sent[0]).hash,
        "Ana's laptop",
        "the picture time was unknown before its slot",
    ):
        expect(proofs).to_contain_text(part)


def test_several_segments_in_one_slot_are_distinguished(browse: Browse, world: Morning) -> None:
    page = sign_in(browse, world, world.contract.client)
    page.goto(world.address(f"/slots/{SLOTS[1]}"))
    expect(page.get_by_role("heading", name="Segment 1 of 2")).to_be_visible()
    expect(page.get_by_role("heading", name="Segment 2 of 2")).to_be_visible()
    expect(page.locator(".proofs h3")).to_have_count(2)


def test_a_changed_picture_is_named_by_its_code_and_never_shown(
    browse: Browse, world: Morning
) -> None:
    shot = parse(world.sent[0]).pictures[0]
    for blob in (shot.blob, shot.thumb):
        blobs = world.marketplace.deps.blobs
        data = bytearray(blobs.read(blob.sha256) or b"")
        data[len(data) // 2] ^= 1
        replace_bytes(blobs, blob.sha256, bytes(data))
    world.marketplace.deps.audit.run_pass()
    page = sign_in(browse, world, world.contract.client, errors=GONE)
    page.goto(world.address("/days/2026-11-18"))
    expect(page.locator(".notice")).to_contain_text("The slot at 10:00 did not pass its checks.")
    expect(page.locator(".notice")).to_contain_text("(E_SHOT_HASH)")
    slot = page.locator(f"#s{SLOTS[0]}")
    expect(slot).to_contain_text("Did not pass")
    expect(slot.locator("img")).to_have_count(0)
    page.goto(world.address(f"/slots/{SLOTS[0]}"))
    expect(page.locator(".notice code")).to_have_text("E_SHOT_HASH")
    expect(page.locator(".stage img")).to_have_count(0)
    page.goto(f"{world.marketplace.url}/pictures/{parse(world.sent[0]).hash}/0")
    expect(page.locator("h1")).to_have_text("This picture is not the one that was signed")


def test_other_accounts_find_nothing(browse: Browse, world: Morning) -> None:
    other = world.marketplace.contract("Another shop")
    page = sign_in(browse, world, other.client, errors=("status of 404",))
    for path in ("/days/2026-11-18", f"/slots/{START}"):
        page.goto(world.address(path))
        expect(page.locator("h1")).to_have_text("Page not found")
    for kind in ("pictures", "thumbs"):
        answer = page.request.get(f"{world.marketplace.url}/{kind}/{parse(world.sent[0]).hash}/0")
        assert answer.status == 404


def test_new_time_appears_on_the_open_page(
    browse: Browse, world: Morning, device: SimulatedDevice, contract: Contract
) -> None:
    page = sign_in(browse, world, world.contract.client)
    page.clock.install()
    page.goto(world.address("/days/2026-11-18"))
    page.locator(f"#s{SLOTS[3]}").focus()
    slot = SLOTS[3] + 2 * SLOT
    world.marketplace.advance_to(slot)
    device.fetch_beacon(slot)
    world.marketplace.clock.to(slot + SLOT + 3)
    device.sign_in()
    device.send(device.work(contract.ctr, slot))
    page.clock.run_for(20_000)
    expect(page.locator(f"#s{slot}")).to_be_visible()
    expect(page.locator("#badge")).to_contain_text("5 of 5")
    expect(page.locator(f"#s{SLOTS[3]}")).to_be_focused()


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[LiveMarketplace]:
    clock = MovedClock()
    with live_marketplace(
        tmp_path / "demo", clock=clock, name="demo.workdiary.localhost", speed=60
    ) as running:
        yield running


def test_a_demo_carries_its_banner_from_the_first_page_on(
    browse: Browse, demo: LiveMarketplace
) -> None:
    contract = demo.contract()
    page = browse(f"{demo.url}/signin/{demo.code(contract.client, 'signin')}")
    banner = page.get_by_text("Demo at 60x speed. Nothing is billed.")
    expect(banner).to_be_visible()
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("h1")).to_have_text("Contracts")
    expect(banner).to_be_visible()
    page.get_by_role("link", name="Acme shop rebuild").click()
    expect(page.locator(".actions h2")).to_contain_text("No time recorded in this week")
    expect(banner).to_be_visible()


def test_an_unknown_address_gets_a_page_for_people_and_a_problem_for_programs(
    browse: Browse, marketplace: LiveMarketplace
) -> None:
    page = browse(f"{marketplace.url}/nowhere", errors=("status of 404",))
    expect(page.locator("h1")).to_have_text("Page not found")
    answer = page.request.get(f"{marketplace.url}/nowhere", headers={"accept": "application/json"})
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "not_found"
