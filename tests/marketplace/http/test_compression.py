"""Which responses are compressed: never one that an attacker could probe for a secret."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

import httpx
import pytest

from diary.core.slots import SLOT
from marketplace.contracts.queries import Contract
from tests.marketplace.live_marketplace import START, LiveMarketplace
from tests.marketplace.simulated_device import SimulatedDevice, worked

_SAME = {"sec-fetch-site": "same-origin"}


def encoding(browser: httpx.Client, path: str, **headers: str) -> str:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = browser.get(path, headers={"accept-encoding": "gzip", **sent}, follow_redirects=True)
    assert answer.status_code == 200
    return str(answer.headers.get("content-encoding", ""))


@pytest.fixture
def client(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract
) -> Iterator[httpx.Client]:
    for data in worked(marketplace, device, contract.ctr, START):
        device.send(data)
    with marketplace.browser(contract.client) as browser:
        yield browser


def test_a_page_is_compressed_only_for_our_own_requests(
    client: httpx.Client, contract: Contract
) -> None:
    day = f"/contracts/{contract.ctr}/days/2026-11-18"
    assert encoding(client, day, **_SAME) == "gzip"
    assert encoding(client, day, sec_fetch_site="none") == "gzip"
    assert encoding(client, day, sec_fetch_site="cross-site") == ""
    assert encoding(client, day, sec_fetch_site="same-site") == ""
    assert encoding(client, day) == ""


def test_static_files_are_compressed_for_everybody(client: httpx.Client) -> None:
    assert encoding(client, "/static/pages.css") == "gzip"


def test_a_page_with_a_code_is_never_compressed(
    marketplace: LiveMarketplace, contract: Contract, client: httpx.Client
) -> None:
    link = f"/signin/{marketplace.code(contract.client, 'signin')}"
    assert encoding(client, link, **_SAME) == ""
    assert encoding(client, "/v1/diary?contract=" + contract.ctr + "&from=0&to=1", **_SAME) == ""


def test_a_compressed_page_keeps_its_tag(client: httpx.Client, contract: Contract) -> None:
    day = f"/contracts/{contract.ctr}/days/2026-11-18"
    answer = client.get(day, headers={"accept-encoding": "gzip", **_SAME})
    assert answer.headers["etag"].startswith('W/"')
    assert "accept-encoding" in answer.headers["vary"].lower()
    again = client.get(day, headers={**_SAME, "if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_record_for_a_check_is_small_and_confirmed(
    client: httpx.Client, contract: Contract
) -> None:
    address = f"/v1/bundles/{contract.ctr}/2026-W47?pictures=0"
    download = client.get(address, headers={"accept-encoding": "gzip", **_SAME})
    assert "content-encoding" not in download.headers
    plain = client.get(address + "&plain=1", headers={"accept-encoding": "gzip", **_SAME})
    assert plain.headers["content-encoding"] == "gzip"
    assert len(gzip.compress(plain.content)) < len(download.content) / 2
    tag = plain.headers["etag"]
    assert client.get(address, headers={"if-none-match": tag}).status_code == 304


def test_a_change_of_the_record_changes_its_tag(
    client: httpx.Client,
    contract: Contract,
    marketplace: LiveMarketplace,
    device: SimulatedDevice,
) -> None:
    address = f"/v1/bundles/{contract.ctr}/2026-W47?pictures=0&plain=1"
    before = client.get(address).headers["etag"]
    size = marketplace.leaves()
    # Growth of the log alone changes the proofs, not the record.
    other = marketplace.contract("Another one")
    assert marketplace.leaves() > size
    assert other.ctr != contract.ctr
    assert client.get(address).headers["etag"] == before
    for data in worked(marketplace, device, contract.ctr, START + SLOT):
        device.send(data)
    assert client.get(address).headers["etag"] != before
