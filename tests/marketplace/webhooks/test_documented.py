"""The example of docs/webhooks.md verifies a real event; the document lists all events."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import WebhookVerificationError

from marketplace.core.webhook_settings import WebhookSettings
from marketplace.webhooks.events import EVENTS, RETRY_S
from tests.marketplace.live_marketplace import LiveMarketplace, MovedClock, live_marketplace
from tests.marketplace.webhooks.conftest import NAME, Receiver, register, send

DOCUMENT = (Path(__file__).parents[3] / "docs" / "webhooks.md").read_text("utf-8")


@pytest.fixture
def market(tmp_path: Path, settings: WebhookSettings) -> Iterator[LiveMarketplace]:
    """A marketplace at the present time, with which the example compares timestamps."""
    clock = MovedClock(int(time.time()))
    with live_marketplace(tmp_path / "data", clock=clock, webhooks=settings) as running:
        yield running


def example() -> Callable[[str, dict[str, str], bytes], dict[str, Any]]:
    code = re.search(r"```python\n(.*?)```", DOCUMENT, re.DOTALL)
    assert code is not None
    names: dict[str, Any] = {}
    exec(code[1], names)
    return names["event_of"]  # type: ignore[no-any-return]


def test_the_example_verifies_an_event(
    market: LiveMarketplace, receiver: Receiver, settings: WebhookSettings
) -> None:
    contract = market.contract()
    url = f"https://{NAME}:{receiver.port}/"
    endpoint, secret = register(market, contract.client, url)
    market.deps.endpoints.test(market.account(contract.client), endpoint.id)
    assert send(market, settings) == 1
    (request,) = receiver.requests
    event_of = example()
    event = event_of(secret, request.headers, request.body.encode())
    assert (event["type"], event["data"]) == ("webhook.test", {"endpoint": endpoint.id})
    with pytest.raises(WebhookVerificationError):
        event_of(secret, request.headers, request.body.encode() + b" ")
    with pytest.raises(WebhookVerificationError):
        event_of(register(market, contract.client, url)[1], request.headers, request.body.encode())


def test_the_document_lists_the_events_and_the_delays() -> None:
    assert re.findall(r"^\| `([a-z.]+)` \|", DOCUMENT, re.MULTILINE) != []
    listed = set(re.findall(r"^\| `([a-z.]+)` \|", DOCUMENT, re.MULTILINE))
    assert listed == {*EVENTS, "webhook.test"}
    hours = [delay / 3_600 for delay in RETRY_S[3:]]
    assert hours == [2, 5, 10, 14, 20, 24]
    assert "2, 5, 10, 14, 20 and 24 hours" in DOCUMENT
    assert RETRY_S[:3] == (5, 300, 1_800)
