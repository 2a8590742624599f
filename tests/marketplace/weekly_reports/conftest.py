"""A marketplace with a mail server, a contract and a worked week."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import httpx
import pytest

from diary.core.slots import WEEK, week_of
from marketplace.contracts.queries import Contract
from tests.marketplace.live_marketplace import START, LiveMarketplace, live_marketplace
from tests.marketplace.notifications.conftest import (  # noqa: F401 - fixtures
    MailServer,
    certificate,
    mail_server,
)
from tests.marketplace.simulated_device import SimulatedDevice, worked

LOCKS = week_of(START) + WEEK + 43_200
READER = "books@example.org"
OWN = {"sec-fetch-site": "same-origin", "accept": "text/html"}


@dataclass
class Reporting:
    """The marketplace, its mail server and contract, with steps of the tests."""

    market: LiveMarketplace
    server: MailServer
    contract: Contract

    def add(self, address: str = READER, language: str = "en", ctr: str | None = None) -> None:
        """Let the client add a recipient, and send the request."""
        client = self.contract.client
        recipients = self.market.deps.report_recipients
        recipients.add(self.market.account(client), client, ctr, address, language)
        self.send()

    def confirmed(
        self, address: str = READER, language: str = "en", ctr: str | None = None
    ) -> None:
        """Add a recipient that confirms its address."""
        self.add(address, language, ctr)
        with self.reader() as reader:
            assert reader.post(link(self.mails(address)[-1], "subscribe")).status_code == 200

    def send(self) -> int:
        """Queue the reports that are due and send the messages; returns the number of reports."""
        queued = self.market.deps.weekly_reports.run_once()
        while self.market.deps.mail.run_once():
            pass
        return queued

    def mails(self, address: str = READER) -> list[EmailMessage]:
        """The messages to an address."""
        return [mail for mail in self.server.received if mail["to"] == address]

    def states(self) -> dict[str, str]:
        """The state of each recipient of the client."""
        client = self.market.account(self.contract.client)
        return {each.address: each.state for each in self.market.deps.report_recipients.of(client)}

    def reader(self) -> httpx.Client:
        """A browser without an account."""
        return httpx.Client(base_url=self.market.url, headers=OWN, trust_env=False, timeout=30)

    def later(self, seconds: float) -> None:
        """Advance the clock."""
        self.market.clock.to(self.market.clock.ms / 1000 + seconds)


def text_of(mail: EmailMessage, kind: str = "plain") -> str:
    """A body of a message."""
    body = mail.get_body((kind,))
    assert body is not None
    content = body.get_content()
    assert isinstance(content, str)
    return content


def link(mail: EmailMessage, name: str) -> str:
    """The path of a link in a message."""
    found = re.search(rf"http://127.0.0.1:\d+(/{name}/[\w-]+)", text_of(mail))
    assert found is not None
    return found[1]


@pytest.fixture
def reporting(tmp_path: Path, mail_server: MailServer) -> Iterator[Reporting]:  # noqa: F811
    with live_marketplace(tmp_path / "data", mail=mail_server.settings) as market:
        contract = market.contract()
        market.deps.contracts.set_rate(contract.ctr, 4_050, "EUR", week_of(START))
        yield Reporting(market, mail_server, contract)


@pytest.fixture
def worked_week(reporting: Reporting) -> None:
    """Twenty minutes of the contract's week."""
    device = SimulatedDevice(reporting.market.url, reporting.market.deps.clock.real_s)
    device.enrol(reporting.market.code(reporting.contract.freelancer))
    device.sign_in()
    ctr = reporting.contract.ctr
    for data in worked(reporting.market, device, ctr, START, count=2, memo="Secret plans"):
        device.send(data)
    device.http.close()
