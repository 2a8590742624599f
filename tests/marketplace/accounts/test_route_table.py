"""Every route, asked by every role: the route list of the application is complete in the table."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from diary.core.slots import SLOT
from diary.objects.segment import parse
from marketplace import operations
from marketplace.app import create_app
from marketplace.contracts.queries import Contract
from marketplace.http.sessions import set_services
from tests.marketplace.accounts.route_table import ROLES, TABLE, Row
from tests.marketplace.accounts.test_companies import joined
from tests.marketplace.live_marketplace import START, LiveMarketplace, live_marketplace
from tests.marketplace.published import cosign
from tests.marketplace.simulated_device import SimulatedDevice, worked

MEMO = "Refund of invoice 4711"


@dataclass(frozen=True)
class World:
    """One contract with a segment and all roles, and another contract."""

    market: LiveMarketplace
    app: FastAPI
    contract: Contract
    people: dict[str, str]
    segment: str
    kid: str

    def ask(self, row: Row, role: str) -> httpx.Response:
        """The response to one request; each has a session of its own."""
        cookies = {}
        if role in self.people:
            cookies["wd_session"] = self.market.deps.sign_in.begin(self.people[role])
        body: dict[str, Any] = {"json": row.json} if row.json is not None else {"data": row.form}
        if row.method in ("GET", "HEAD"):
            body = {}
        url = self._url(row)

        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(
                transport=transport,
                base_url=self.market.url,
                cookies=cookies,
                headers={"sec-fetch-site": "same-origin"},
            ) as client:
                return await client.request(row.method, url, **body)

        return asyncio.run(ask())

    def _url(self, row: Row) -> str:
        known = {
            "ctr": self.contract.ctr,
            "company": self.contract.client,
            "slot": str(START),
            "end": str(START + SLOT),
            "segment": self.segment,
            "kid": self.kid,
        }
        if "{victim}" in row.url:
            known["victim"] = joined(self.market, self.contract.client, "manager", "Victim")
        if "{invitation}" in row.url:
            owner = self.market.account(self.contract.client)
            self.market.deps.companies.invite(owner, owner.sub, "Invited", "manager")
            known["invitation"] = self.market.deps.companies.of(owner)[0].invitations[-1].id
        if "{endpoint}" in row.url:
            owner = self.market.account(self.contract.client)
            for old in self.market.deps.endpoints.of(owner):
                self.market.deps.endpoints.remove(owner, old.id)
            made, _ = self.market.deps.endpoints.create(
                owner, owner.sub, "https://hooks.example/", ["week.ready"]
            )
            known["endpoint"] = made.id
        if "{recipient}" in row.url:
            owner = self.market.account(self.contract.client)
            recipients = self.market.deps.report_recipients
            for each in recipients.of(owner):
                recipients.remove(owner, each.id)
            # Each request has an address of its own: requests to one address are limited.
            address = f"{secrets.token_hex(8)}@example.org"
            recipients.add(owner, owner.sub, self.contract.ctr, address, "en")
            known["recipient"] = recipients.of(owner)[0].id
        return row.url.format(**known)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with live_marketplace(tmp_path_factory.mktemp("routes") / "data") as market:
        contract, other = market.contract(), market.contract("Another")
        device = SimulatedDevice(market.url, market.deps.clock.real_s)
        device.enrol(market.code(contract.freelancer))
        for data in worked(market, device, contract.ctr, START, memo=MEMO):
            device.send(data)
        people = {
            "freelancer": contract.freelancer,
            "owner": contract.client,
            "manager": joined(market, contract.client, "manager", "Manager"),
            "finance": joined(market, contract.client, "finance", "Finance"),
            "other client": other.client,
            "other freelancer": other.freelancer,
        }
        segment = parse(device.segments[contract.ctr][0]).hash
        cosign(market)
        app = create_app(market.deps.config, market.deps)
        app.include_router(operations.routes("a token that no request has"))
        set_services(app, market.deps)
        yield World(market, app, contract, people, segment, device.key.kid)
        device.http.close()


def routes(found: Iterable[Any]) -> Iterator[tuple[str, str]]:
    """Method and path of each route, also of included routers."""
    for route in found:
        included = getattr(route, "original_router", None)
        if included is not None:
            yield from routes(included.routes)
        else:
            yield from ((method, route.path) for method in route.methods)


def test_the_table_has_each_route_once(tmp_path: Path) -> None:
    with live_marketplace(tmp_path / "data") as market:
        app = create_app(market.deps.config, market.deps)
    known = {*routes(app.routes), *routes(operations.routes("token").routes)}
    rows = [(row.method, row.path) for row in TABLE]
    assert len(known) > 60
    assert sorted(known - set(rows)) == [], "routes without a row"
    assert sorted(set(rows) - known) == [], "rows without a route"
    assert len(rows) == len(set(rows))


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.method} {row.path}")
def test_each_role_gets_the_status_of_the_table(world: World, row: Row) -> None:
    found = {role: world.ask(row, role) for role in ROLES}
    assert {role: answer.status_code for role, answer in found.items()} == row.expected()
    for role in ("anonymous", "finance", "other client", "other freelancer"):
        assert MEMO not in found[role].text, role
        if found[role].status_code >= 400:
            assert "Acme shop rebuild" not in found[role].text, role
