"""axe-core finds nothing on the pages around the record: account, privacy, company, exports.

Each page is opened in light and dark, on a phone and from right to left, with the states that have
forms and lists of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page
from sqlalchemy import update

from diary.core.slots import WEEK, week_of
from marketplace.contracts.queries import Contract
from marketplace.core.mail_settings import MailSettings
from marketplace.core.operator_settings import OperatorSettings
from marketplace.storage import schema
from marketplace.webhooks.events import EVENTS
from tests.marketplace.accounts.test_companies import joined
from tests.marketplace.live_marketplace import START, LiveMarketplace, live_marketplace
from tests.marketplace.pages.test_pages_later import faults
from tests.marketplace.simulated_device import SimulatedDevice, worked

PASSWORD = "correct horse battery staple"
#: Scheme, width and language of the reader.
VIEWS = (("light", 1240, "en"), ("dark", 1240, "en"), ("light", 390, "en"), ("dark", 390, "ar"))


@dataclass
class Furnished:
    """A marketplace whose pages have something in each list, and the sessions of its people."""

    market: LiveMarketplace
    contract: Contract
    freelancer: str
    client: str
    addresses: dict[str, str]


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Furnished]:
    settings: dict[str, Any] = {
        # Nothing is sent: no test here runs the sender.
        "mail": MailSettings("127.0.0.1", "diary@example.org", 1, "none"),
        "operator": OperatorSettings(
            "Example GmbH", "Lange Straße 1\n10115 Berlin", "privacy@example.org",
            authority="Berliner Beauftragte",
        ),
    }  # fmt: skip
    with live_marketplace(tmp_path_factory.mktemp("pages") / "data", **settings) as market:
        yield _furnish(market)


def _furnish(market: LiveMarketplace) -> Furnished:
    deps, contract = market.deps, market.contract()
    device = SimulatedDevice(market.url, deps.clock.real_s)
    device.enrol(market.code(contract.freelancer))
    device.sign_in()
    for data in worked(market, device, contract.ctr, START, count=2, memo="Checkout"):
        device.send(data)
    device.http.close()
    for sub, name in ((contract.freelancer, "ana"), (contract.client, "acme")):
        deps.credentials.set_address(sub, f"{name}@example.org")
        deps.credentials.set_password(sub, PASSWORD)
    owner, freelancer = market.account(contract.client), market.account(contract.freelancer)
    joined(market, owner.sub, "finance", "Kim Doe")
    deps.companies.invite(owner, owner.sub, "Invited Person", "manager")
    deps.public_hours.show(freelancer, "ana-ruiz", listed=True)
    for person in (owner, freelancer):
        deps.api_tokens.create(person, "Invoices", ["totals"], 30)
        for state in ("active", "paused", "disabled"):
            made, _ = deps.endpoints.create(person, person.sub, "https://hooks.example/", EVENTS)
            deps.endpoints.test(person, made.id)
            deps.endpoints._change(person, made.id, state=state)
    # After the review, so that the page of the erasure has its form.
    market.clock.to(week_of(START) + 3 * WEEK)
    codes = {}
    for state in ("pending", "active", "bouncing", "unsubscribed"):
        address, column = f"{state}@example.org", schema.report_recipient.c
        deps.report_recipients.add(owner, owner.sub, contract.ctr, address, "en")
        with deps.store.read() as connection:
            row = connection.execute(
                schema.report_recipient.select().where(column.address == address)
            ).one()
        codes[state] = row.secret
        if state != "pending":
            changed = (
                update(schema.report_recipient)
                .where(column.id == row.id)
                .values(state=state, hash=None, expires_s=None, refused=1)
            )
            deps.store.write(lambda c, changed=changed: c.execute(changed)).result()  # type: ignore[misc]
    with deps.store.read() as connection:
        queued = str(
            connection.execute(
                schema.message.select().where(schema.message.c.address == "pending@example.org")
            ).one().data
        )  # fmt: skip
    confirm = queued.partition('"/subscribe/')[2].partition('"')[0]
    return Furnished(
        market, contract, deps.sign_in.begin(contract.freelancer),
        deps.sign_in.begin(contract.client),
        {
            "subscribe": f"/subscribe/{confirm}", "unsubscribe": f"/unsubscribe/{codes['active']}",
            "unsubscribed": f"/unsubscribe/{codes['unsubscribed']}",
        },
    )  # fmt: skip


def paths(furnished: Furnished) -> dict[str, list[str]]:
    """The pages to open, by the person who opens them."""
    ctr, company = furnished.contract.ctr, furnished.contract.client
    with furnished.market.deps.store.read() as connection:
        member = connection.execute(schema.company_member.select()).first()
    assert member is not None
    return {
        "": ["/privacy", "/people/ana-ruiz", "/signin", "/reset", *furnished.addresses.values(),
             "/unsubscribe/unknown", "/docs"],
        "freelancer": ["/account", "/account/erase", "/webhooks", "/tokens", "/sessions",
                       "/devices", "/views", "/reports", f"/contracts/{ctr}/people"],
        "client": ["/account", "/account/erase", "/webhooks?done=test", "/reports/weekly?done=sent",
                   "/company", f"/company/{company}/members/{member.sub}/remove", "/tokens",
                   "/reports?first=2026-11-16&last=2026-11-22", f"/contracts/{ctr}/people"],
    }  # fmt: skip


@pytest.mark.parametrize(("scheme", "width", "language"), VIEWS)
def test_axe_finds_nothing_and_every_page_fits(
    browse: Callable[..., Page], furnished: Furnished, scheme: str, width: int, language: str
) -> None:
    found: dict[str, list[str]] = {}
    wide: list[str] = []
    for person, listed in paths(furnished).items():
        session = {"freelancer": furnished.freelancer, "client": furnished.client}.get(person)
        page = browse(
            furnished.market.url + "/privacy",
            session=session,
            errors=("status of 404",),
            color_scheme=scheme,
            viewport={"width": width, "height": 900},
            locale=language,
        )
        for path in listed:
            page.goto(furnished.market.url + path)
            if path == "/docs":
                page.wait_for_selector(".opblock-tag[aria-level]")
            page.evaluate("document.querySelectorAll('details').forEach((e) => { e.open = true })")
            found[f"{person}{path}"] = faults(page)
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wide.append(f"{person}{path}")
    assert found == {path: [] for path in found}
    assert wide == []
