"""Limits of requests: on every authenticated route, separate per caller, with bounded memory."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from fastapi.routing import APIRoute

from diary.formats.encoding import digest
from marketplace.app import create_app
from marketplace.contracts.queries import Contract
from marketplace.core.client_address import address_of
from marketplace.core.config import Config
from marketplace.core.problems import ProblemError
from marketplace.core.rate_limit import Throttle
from marketplace.devices.replay_cache import BUDGET, ReplayCache
from marketplace.pages import routes as pages
from tests.marketplace.live_marketplace import START, LiveMarketplace, live_marketplace
from tests.marketplace.simulated_device import SimulatedDevice

#: Pages and files without a session; all other pages need one. A former address only redirects to
#: the current one, which is limited.
OPEN_PAGES = {
    "/signin",
    "/signin/{code}",
    "/language",
    "/static/{name}",
    "/contracts/{ctr}/cells/{slot}",
    # Their limits are per address or per link (tests/marketplace/accounts).
    "/signin/oidc",
    "/oidc/callback",
    "/signin/passkey",
    "/signin/passkey/options",
    "/reset",
    "/reset/{code}",
    "/address/{code}",
    "/join/{code}",
    "/shared/{secret}",
    "/subscribe/{code}",
    "/unsubscribe/{code}",
    "/unsubscribe/{code}/undo",
    "/docs",
    "/privacy",
    "/people/{slug}",
}
PLACES = {
    "sha": digest(b"x"), "contract": "c" * 22, "week": "2026-W47", "ctr": "c" * 22,
    "date": "2026-11-18", "slot": str(START), "segment": digest(b"x"), "index": "0",
    "kid": "k" * 43, "iso": "2026-W47", "first": "2026-11-01", "last": "2026-11-30",
    "name": "report.csv", "link": "x", "token": "x", "passkey": "x", "company": "c" * 22,
    "sub": "c" * 22, "invitation": "x", "endpoint": "x", "action": "pause",
    "recipient": "x", "month": "2026-11",
}  # fmt: skip
PERIOD = {"first": "2026-11-01", "last": "2026-11-30"}
DIARY = {"contract": "c" * 22, "from": "0", "to": "1"}
LIMIT = 30
OURS = {"Sec-Fetch-Site": "same-origin"}


def filled(path: str) -> str:
    return path.format_map(PLACES)


def declared_with(scheme: str, folder: Path) -> list[tuple[str, str]]:
    """The operations of the API that a kind of credential permits."""
    document = create_app(Config(folder, "example", "http://127.0.0.1")).openapi()
    return [
        (method.upper(), path)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if any(scheme in kind for kind in operation.get("security", []))
    ]


def page_routes() -> list[tuple[str, str]]:
    routes = [route for route in pages.router().routes if isinstance(route, APIRoute)]
    return [(m, r.path) for r in routes for m in r.methods or () if r.path not in OPEN_PAGES]


@pytest.fixture
def marketplace(tmp_path: Path) -> Iterator[LiveMarketplace]:
    low = Throttle(device=f"{LIMIT}/day", session=f"{LIMIT}/day", token="10/day", failed="5/day")
    with live_marketplace(tmp_path / "data", throttle=low) as running:
        yield running


def is_refused(answer: httpx.Response, method: str = "GET") -> None:
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["retry-after"]) <= 86_400
    if method != "HEAD":
        assert answer.json()["code"] == "too_many"


def test_every_route_that_a_device_may_use_is_limited(
    marketplace: LiveMarketplace,
    contract: Contract,
    device: SimulatedDevice,
    enrolled: Callable[[Contract], SimulatedDevice],
) -> None:
    other = enrolled(contract)
    routes = declared_with("dpop", marketplace.deps.config.data_dir)
    assert len(routes) >= 12
    while (answer := device.call("GET", "/v1/me")).status_code == 200:
        pass
    is_refused(answer)
    for method, path in routes:
        query = DIARY if "diary" in path else None
        is_refused(device.call(method, filled(path), params=query), method)
    # Same account, same address.
    assert other.call("GET", "/v1/me").status_code == 200
    assert other.ask_token().status_code == 200


def test_every_route_that_a_session_opens_is_limited(
    marketplace: LiveMarketplace, contract: Contract
) -> None:
    routes = [*declared_with("session", marketplace.deps.config.data_dir), *page_routes()]
    assert len(routes) >= 13
    with (
        marketplace.browser(contract.client) as busy,
        marketplace.browser(contract.freelancer) as other,
    ):
        while (answer := busy.get("/")).status_code == 200:
            pass
        is_refused(answer)
        for method, path in routes:
            query = DIARY if "diary" in path else PERIOD if path.startswith("/v1/") else None
            body: dict[str, object] | None = {"credential": {}} if path == "/passkeys" else None
            answer = busy.request(method, filled(path), params=query, headers=OURS, json=body)
            assert answer.status_code == 429, (method, path)
            is_refused(answer)
        page = busy.get("/", headers={"Accept": "text/html"})
        assert page.status_code == 429
        assert "Wait a minute" in page.text
        assert other.get("/").status_code == 200


def test_a_device_that_asks_for_tokens_without_end_is_slowed_down_alone(
    device: SimulatedDevice, contract: Contract, enrolled: Callable[[Contract], SimulatedDevice]
) -> None:
    while (answer := device.ask_token()).status_code == 200:
        pass
    is_refused(answer)
    assert device.call("GET", "/v1/me").status_code == 200, "its token still works"
    enrolled(contract)


def test_failed_attempts_do_not_lock_out_others_at_the_same_address(
    marketplace: LiveMarketplace,
    device: SimulatedDevice,
    contract: Contract,
    enrolled: Callable[[Contract], SimulatedDevice],
) -> None:
    def tries() -> Iterator[httpx.Response]:
        while True:
            # In the name of the working device, and with guessed codes.
            yield device.ask_token(device.assertion(aud="https://other.example"))
            yield device.http.post("/v1/enrolments", json={"code": "guessed"})

    answer = next(a for a in tries() if a.status_code == 429)
    is_refused(answer)
    device.sign_in()
    enrolled(contract)


def test_a_stolen_token_uses_up_nothing_of_its_device(
    device: SimulatedDevice, contract: Contract, enrolled: Callable[[Contract], SimulatedDevice]
) -> None:
    thief = enrolled(contract)
    thief.token = device.token
    for _ in range(2 * LIMIT):
        assert thief.call("GET", "/v1/me").json()["code"] == "dpop_invalid"
    assert device.call("GET", "/v1/me").status_code == 200


@pytest.mark.usefixtures("one_window")
def test_a_device_that_floods_leaves_the_others_alone(tmp_path: Path) -> None:
    with live_marketplace(tmp_path / "data", throttle=Throttle(device="300/minute")) as marketplace:
        contract = marketplace.contract()
        desks = [SimulatedDevice(marketplace.url, marketplace.deps.clock.real_s) for _ in range(3)]
        for device in desks:
            device.enrol(marketplace.code(contract.freelancer))
            device.sign_in()
        flooding, *honest = desks

        def ask(_: int) -> int:
            return flooding.call("GET", "/v1/me").status_code

        with ThreadPoolExecutor(8) as pool:
            flood = pool.map(ask, range(900))
            calls = [device.call("GET", "/v1/me") for _ in range(100) for device in honest]
            refused = list(flood).count(429)
        for device in desks:
            device.http.close()
    assert {answer.status_code for answer in calls} == {200}
    assert refused > 0


def test_a_thousand_devices_at_their_full_rate_fit_into_memory() -> None:
    replays = ReplayCache(300)
    tracemalloc.start()
    try:
        count = 200_000
        for number in range(count):
            device, now = f"device {number % 1000}", 1_800_000_000 + number // 2000
            assert replays.first(device, f"p {number}", now, now)
        used = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert len(replays) == count
    # 1,000 devices, 20 requests a second, 660 seconds: 13.2 million, then below half a gigabyte.
    assert used / count < 35
    assert not replays.first("device 0", "p 0", 1_800_000_000, 1_800_000_099)
    later = 1_800_000_000 + 460
    assert replays.first("device 0", "p 0", later, later)
    assert len(replays) == 1, "what could not be used again is forgotten"


@pytest.mark.parametrize("off", [-300, -1, 0, 1, 300])
def test_a_proof_is_remembered_for_as_long_as_it_would_be_accepted(off: int) -> None:
    replays, now = ReplayCache(300), 1_800_000_000
    iat = now + off
    assert replays.first("device", "name", iat, now)
    for at in range(max(now, iat - 300), iat + 301):
        assert not replays.first("device", "name", iat, at)


def test_a_device_has_a_separate_budget() -> None:
    replays, now = ReplayCache(300), 1_800_000_000
    for number in range(BUDGET):
        assert replays.first("greedy", str(number), now - number % 300, now)
    with pytest.raises(ProblemError) as refused:
        replays.first("greedy", "one more", now, now)
    assert (refused.value.status, refused.value.code) == (429, "too_many")
    assert replays.first("modest", "one more", now, now)


def test_exports_of_one_account_do_not_take_all_threads() -> None:
    throttle = Throttle()
    with throttle.export("a"), throttle.export("a"), throttle.export("a"):
        with pytest.raises(ProblemError) as refused, throttle.export("a"):
            pass
        assert refused.value.headers == {"Retry-After": "5"}
        with throttle.export("b"):
            pass
    with throttle.export("a"):
        pass


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::ffff", "2001:db8:1:2::"),
        ("not an address", "not an address"),
    ],
)
def test_all_addresses_of_one_subscriber_count_as_one(host: str, counted: str) -> None:
    assert address_of({"client": (host, 7)}) == counted
