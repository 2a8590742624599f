"""Only the freelancer sees who viewed which picture, in full, small or downloaded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from diary.core.slots import SLOT
from diary.formats.encoding import digest
from diary.objects.segment import parse
from marketplace.contracts.queries import Contract
from marketplace.pages.account.views import PAGE
from tests.marketplace.live_marketplace import START, LiveMarketplace
from tests.marketplace.simulated_device import SimulatedDevice, worked


@pytest.fixture
def sent(marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract) -> list[str]:
    """Two segments with a picture each, by their hashes."""
    made = worked(marketplace, device, contract.ctr, START, count=2)
    for data in made:
        device.send(data)
    return [parse(data).hash for data in made]


def asked(device: SimulatedDevice, **params: Any) -> dict[str, Any]:
    answer = device.call("GET", "/v1/views", params=params)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def seen(device: SimulatedDevice, **params: Any) -> list[tuple[str, str, str, bool]]:
    return [
        (view["size"], view["segment"], view["role"], view["own"])
        for view in asked(device, **params)["views"]
    ]


def full(browser: httpx.Client, _: Contract, name: str) -> str:
    return f"/pictures/{name}/0"


def thumb(browser: httpx.Client, _: Contract, name: str) -> str:
    return f"/thumbs/{name}/0"


def bundle(browser: httpx.Client, contract: Contract, _: str) -> str:
    return f"/v1/bundles/{contract.ctr}/2026-W47"


@pytest.mark.parametrize(
    ("way", "size"),
    [(full, "full"), (thumb, "thumb"), (bundle, "bundle")],
    ids=["full", "thumb", "bundle"],
)
@pytest.mark.parametrize("who", ["client", "freelancer"])
def test_each_request_for_the_bytes_of_a_picture_is_recorded(
    marketplace: LiveMarketplace,
    device: SimulatedDevice,
    contract: Contract,
    sent: list[str],
    way: Callable[[httpx.Client, Contract, str], str],
    size: str,
    who: str,
) -> None:
    with marketplace.browser(getattr(contract, who)) as browser:
        answer = browser.get(way(browser, contract, sent[0]))
        assert answer.status_code == 200
    own = who == "freelancer"
    names = sent if size == "bundle" else sent[:1]
    assert sorted(seen(device)) == sorted((size, name, who, own) for name in names)
    (view,) = [view for view in asked(device)["views"] if view["segment"] == sent[0]]
    assert view["at"] == marketplace.clock.ms
    assert (view["contract"], view["picture"], view["slot"]) == (contract.ctr, 0, START)
    assert view["name"] == ("Ana Ruiz" if own else "Acme")


def test_a_record_without_pictures_and_a_refused_request_are_no_views(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract, sent: list[str]
) -> None:
    other = marketplace.contract("Another")
    with marketplace.browser(contract.client) as browser:
        week = f"/v1/bundles/{contract.ctr}/2026-W47"
        assert browser.get(week, params={"pictures": 0}).status_code == 200
        assert browser.get(f"/pictures/{sent[0]}/1").status_code == 404
    with marketplace.browser(other.client) as browser:
        for path in (f"/pictures/{sent[0]}/0", f"/thumbs/{sent[0]}/0", week):
            assert browser.get(path).status_code == 404
    assert asked(device) == {"views": [], "next": None}


def test_a_thumbnail_counts_once_an_hour_and_a_full_picture_each_time(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract, sent: list[str]
) -> None:
    with marketplace.browser(contract.client) as browser:
        for _ in range(3):
            browser.get(f"/thumbs/{sent[0]}/0")
            browser.get(f"/pictures/{sent[0]}/0")
        marketplace.clock.to(marketplace.clock.ms / 1000 + 3_601)
        browser.get(f"/thumbs/{sent[0]}/0")
    device.sign_in()
    sizes = [size for size, *_ in seen(device)]
    assert (sizes.count("thumb"), sizes.count("full")) == (2, 3)


def test_views_come_in_pages_and_by_contract_segment_and_time(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract, sent: list[str]
) -> None:
    with marketplace.browser(contract.client) as browser:
        for name in (*sent, sent[0]):
            browser.get(f"/pictures/{name}/0")
        then = marketplace.clock.ms // 1000
        marketplace.clock.to(then + 60)
        browser.get(f"/pictures/{sent[1]}/0")
    whole = asked(device)["views"]
    assert [view["segment"] for view in whole] == [sent[1], sent[0], sent[1], sent[0]]
    pages: list[dict[str, Any]] = []
    before: dict[str, int] = {}
    while True:
        answer = asked(device, limit=3, **before)
        pages += answer["views"]
        if answer["next"] is None:
            break
        before = {"before": answer["next"]}
    assert pages == whole
    assert len(asked(device, segment=sent[1])["views"]) == 2
    assert len(asked(device, contract=contract.ctr)["views"]) == 4
    assert len(asked(device, **{"from": then + 60})["views"]) == 1
    assert len(asked(device, to=then + 60)["views"]) == 3
    assert asked(device, **{"from": 0, "to": 1})["views"] == []
    assert asked(device, segment=digest(b"another"))["views"] == []


@pytest.mark.parametrize(
    "params",
    [{"limit": 0}, {"limit": 501}, {"before": -1}, {"from": "x"}, {"from": 2**60},
     {"contract": "x"}, {"segment": "x"}],
    ids=str,
)  # fmt: skip
def test_what_cannot_be_asked_is_refused(device: SimulatedDevice, params: dict[str, Any]) -> None:
    answer = device.call("GET", "/v1/views", params=params)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


def test_other_accounts_do_not_see_the_views(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract, sent: list[str],
    enrolled: Callable[[Contract], SimulatedDevice],
) -> None:  # fmt: skip
    with marketplace.browser(contract.client) as browser:
        browser.get(f"/pictures/{sent[0]}/0")
        for path in ("/v1/views", f"/v1/views?contract={contract.ctr}", "/views"):
            assert browser.get(path).status_code == 404
        slot = browser.get(f"/contracts/{contract.ctr}/slots/{START}").text
    assert "Each view of a picture is recorded. Ana Ruiz can see who viewed it" in slot
    assert "/views" not in slot
    other = enrolled(marketplace.contract("Another"))
    assert asked(other) == {"views": [], "next": None}
    assert other.call("GET", "/v1/views", params={"contract": contract.ctr}).status_code == 404
    assert other.call("GET", "/v1/views", params={"segment": sent[0]}).json()["views"] == []
    assert device.http.get("/v1/views").status_code == 401


def test_the_freelancers_page_names_who_what_and_when(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract, sent: list[str]
) -> None:
    with marketplace.browser(contract.client) as browser:
        for name in sent:
            browser.get(f"/thumbs/{name}/0")
        browser.get(f"/pictures/{sent[0]}/0")
    with marketplace.browser(contract.freelancer) as browser:
        browser.get(f"/pictures/{sent[0]}/0")
        assert 'href="/views"' in browser.get("/").text
        slot = browser.get(f"/contracts/{contract.ctr}/slots/{START}").text
        assert f'href="/views?segment={sent[0]}"' in slot
        page = browser.get("/views").text
        assert page.count('<li class="picture-view') == 2, "the two thumbnails are one entry"
        assert "2 thumbnails" in page
        assert "1 full view" in page
        assert page.count("<bdi>Acme</bdi>") == 2
        assert "<span>you</span>" not in page
        assert "<span>you</span>" in browser.get("/views?own=1").text
        assert browser.get(f"/views?segment={sent[1]}").text.count('<li class="picture-view') == 1
        for wrong in ("?before=x", "?before=-1", "?segment=x"):
            assert browser.get(f"/views{wrong}").status_code == 404


def test_the_page_continues_to_older_views(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract, sent: list[str]
) -> None:
    account = marketplace.account(contract.client)
    for number in range(PAGE + 5):
        marketplace.clock.to(marketplace.clock.ms / 1000 + SLOT)
        marketplace.deps.picture_views.record(
            account, contract.ctr, [(sent[number % 2], 0)], "full"
        )
    with marketplace.browser(contract.freelancer) as browser:
        first = browser.get("/views").text
        assert first.count('<li class="picture-view') == PAGE
        address = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
        second = browser.get(address).text
        assert second.count('<li class="picture-view') == 5
        assert 'rel="next"' not in second
