"""Webhooks cannot reach internal services, and hostile receivers cannot hold the sender."""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from marketplace.contracts.queries import Contract
from marketplace.core.problems import ProblemError
from marketplace.core.webhook_settings import WebhookSettings, WebhookSettingsError
from marketplace.storage import schema
from marketplace.webhooks.endpoints import WebhookEndpoints
from marketplace.webhooks.target import (
    MAX_URL,
    TargetError,
    is_public,
    parse_url,
    resolve,
    system_resolver,
)
from tests.marketplace.certificates import make_certificate
from tests.marketplace.live_marketplace import LiveMarketplace
from tests.marketplace.webhooks.conftest import (
    ALLOWED,
    INTERNAL,
    NAME,
    Names,
    Receiver,
    register,
    send,
)

Answer = Callable[[ssl.SSLSocket, threading.Event], None]
PUBLIC = "203.0.114.7"


def outcome(
    market: LiveMarketplace,
    contract: Contract,
    url: str,
    settings: WebhookSettings,
    names: Names | None = None,
) -> str | None:
    """The error of one attempt; None for a success."""
    endpoint, _ = register(market, contract.client, url)
    market.deps.endpoints.test(market.account(contract.client), endpoint.id)
    send(market, settings, names)
    columns = schema.webhook_delivery.c
    with market.deps.store.read() as connection:
        row = connection.execute(
            select(columns.error, columns.attempts).where(columns.endpoint == endpoint.id)
        ).one()
    assert row.attempts == 1
    return row.error  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    "addresses",
    [
        (INTERNAL,),
        ("10.0.0.1",),
        ("169.254.169.254",),
        ("::1",),
        (PUBLIC, INTERNAL),
        (ALLOWED, INTERNAL),
    ],
)
@pytest.mark.expected_logs("webhook_failed")
def test_a_name_with_an_internal_address_is_refused(
    market: LiveMarketplace,
    contract: Contract,
    internal: Receiver,
    settings: WebhookSettings,
    addresses: tuple[str, ...],
) -> None:
    url = f"https://{NAME}:{internal.port}/"
    assert outcome(market, contract, url, settings, Names(addresses)) == "not_public"
    assert internal.requests == []


def test_a_second_answer_of_the_name_server_has_no_effect(
    market: LiveMarketplace,
    contract: Contract,
    receiver: Receiver,
    internal: Receiver,
    settings: WebhookSettings,
) -> None:
    """DNS rebinding: the check sees one address, and a second look-up would return another one."""
    names = Names((ALLOWED,), (INTERNAL,))
    url = f"https://{NAME}:{receiver.port}/"
    assert outcome(market, contract, url, settings, names) is None
    assert names.asked == [NAME]
    assert (len(receiver.requests), internal.requests) == (1, [])


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.expected_logs("webhook_failed")
def test_a_redirect_is_not_followed(
    market: LiveMarketplace,
    contract: Contract,
    receiver: Receiver,
    internal: Receiver,
    settings: WebhookSettings,
    status: int,
) -> None:
    receiver.statuses, receiver.location = [status], f"https://{INTERNAL}:{internal.port}/"
    url = f"https://{NAME}:{receiver.port}/"
    assert outcome(market, contract, url, settings) == "redirect"
    assert (len(receiver.requests), internal.requests) == (1, [])


@pytest.mark.parametrize(
    "host", ["localhost", "2130706434", "0x7f000002", "0177.0.0.2", "127.2", "0", "[::ffff:7f00:2]"]
)
def test_other_notations_of_internal_addresses_are_refused(host: str) -> None:
    """The resolver of the system reads some of them as addresses; the others have none."""
    with pytest.raises(TargetError) as caught:
        asyncio.run(resolve(f"https://{host}/", WebhookSettings(), system_resolver))
    assert caught.value.code in ("not_public", "name_unknown", "url_invalid")


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://hooks.example/", "https_only"),
        ("ftp://hooks.example/", "https_only"),
        ("file:///etc/passwd", "url_invalid"),
        ("hooks.example", "url_invalid"),
        ("", "url_invalid"),
        ("https://", "url_invalid"),
        ("https://user:secret@hooks.example/", "url_invalid"),
        ("https://hooks.example/#x", "url_invalid"),
        ("https://hooks.example/\r\nhost: x", "url_invalid"),
        (" https://hooks.example/", "url_invalid"),
        ("https://hooks.example:99999/", "url_invalid"),
        (f"https://hooks.example/{'x' * MAX_URL}", "url_invalid"),
        ("https://10.1.2.3/", "not_public"),
        ("https://[::ffff:10.1.2.3]/", "not_public"),
        ("https://[fd00::1]/", "not_public"),
        ("https://[fe80::1]/", "not_public"),
    ],
)
def test_a_wrong_url_is_refused(url: str, code: str) -> None:
    with pytest.raises(TargetError) as caught:
        parse_url(url, WebhookSettings())
    assert caught.value.code == code


@pytest.mark.parametrize("url", ["http://hooks.example/", "https://10.0.0.1/", "https://"])
def test_a_wrong_url_is_not_registered(
    market: LiveMarketplace, contract: Contract, settings: WebhookSettings, url: str
) -> None:
    assert market.deps.config.webhooks == settings
    endpoints = WebhookEndpoints(market.deps.store, market.deps.clock, WebhookSettings())
    owner = market.account(contract.client)
    with pytest.raises(ProblemError) as caught:
        endpoints.create(owner, None, url, ["week.ready"])
    assert (caught.value.code, caught.value.status) == ("webhook_url", 422)
    assert endpoints.of(owner) == ()


def test_http_is_possible_to_a_permitted_loopback_address_only() -> None:
    local = WebhookSettings(networks=("127.0.0.1/32", "10.0.0.0/8"))
    for address, code in (
        (ALLOWED, None),
        (INTERNAL, "https_only"),
        ("10.0.0.1", "https_only"),
        (PUBLIC, "https_only"),
    ):
        found = None
        try:
            asyncio.run(resolve(f"http://{NAME}:8000/", local, Names((address,))))
        except TargetError as error:
            found = error.code
        assert found == code, address


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2001:4860:4860::8888", True),
        ("64:ff9b::808:808", True),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b:1::808:808", False),
        ("2002:7f00:1::", False),
        ("2002:0a00:1::", False),
        ("::ffff:169.254.169.254", False),
        ("::ffff:8.8.8.8", True),
        ("::127.0.0.1", False),
        ("2001:0:4136:e378:8000:63bf:3fff:fdd2", False),  # Teredo
        ("100.64.0.1", False),
        ("192.168.0.1", False),
        ("198.18.0.1", False),
        ("192.0.2.1", False),
        ("224.0.1.1", False),
        ("255.255.255.255", False),
        ("0.0.0.0", False),
        ("::", False),
        ("fec0::1", False),
        ("ff0e::1", False),
        ("2001:db8::1", False),
    ],
)
def test_public_addresses(address: str, public: bool) -> None:
    assert is_public(ipaddress.ip_address(address)) is public


@pytest.mark.expected_logs("webhook_failed")
def test_the_certificate_is_checked_against_the_name(
    market: LiveMarketplace, contract: Contract, receiver: Receiver, settings: WebhookSettings
) -> None:
    url = f"https://other.example:{receiver.port}/"
    assert outcome(market, contract, url, settings) == "tls"
    assert receiver.requests == []


@pytest.mark.expected_logs("webhook_failed")
def test_an_unknown_certificate_is_refused(
    market: LiveMarketplace,
    contract: Contract,
    receiver: Receiver,
    settings: WebhookSettings,
    tmp_path: Path,
) -> None:
    other = replace(settings, ca_file=make_certificate(tmp_path, NAME)[0])
    assert outcome(market, contract, f"https://{NAME}:{receiver.port}/", other) == "tls"
    assert receiver.requests == []


def drip(connection: ssl.SSLSocket, ended: threading.Event) -> None:
    """Send one byte of a header after the other, each before a time-out for one read."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nx: ")
    while not ended.wait(0.02):
        connection.sendall(b"x")


def nothing(connection: ssl.SSLSocket, ended: threading.Event) -> None:
    connection.recv(65_536)
    ended.wait()


def garbage(connection: ssl.SSLSocket, ended: threading.Event) -> None:
    connection.recv(65_536)
    connection.sendall(b"\x00\xff no http\r\n\r\n")


def huge_header(connection: ssl.SSLSocket, ended: threading.Event) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while not ended.is_set():
        connection.sendall(b"x: " + b"y" * 60_000 + b"\r\n")


def endless_body(connection: ssl.SSLSocket, ended: threading.Event) -> None:
    connection.recv(65_536)
    connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n")
    while not ended.is_set():
        connection.sendall(b"\x1f" * 60_000)


def hang_up(connection: ssl.SSLSocket, ended: threading.Event) -> None:
    connection.recv(10)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (drip, "timeout"),
        (nothing, "timeout"),
        (garbage, "connection"),
        (huge_header, "connection"),
        (hang_up, "connection"),
    ],
)
@pytest.mark.expected_logs("webhook_failed")
def test_a_hostile_receiver_ends_one_attempt(
    market: LiveMarketplace,
    contract: Contract,
    settings: WebhookSettings,
    hostile: Callable[[Answer], int],
    answer: Answer,
    error: str,
) -> None:
    port = hostile(answer)
    bounded = replace(settings, timeout_s=1.0 if error == "timeout" else 20.0)
    assert outcome(market, contract, f"https://{NAME}:{port}/", bounded) == error


def test_the_body_of_a_response_is_not_read(
    market: LiveMarketplace,
    contract: Contract,
    settings: WebhookSettings,
    hostile: Callable[[Answer], int],
) -> None:
    port = hostile(endless_body)
    assert outcome(market, contract, f"https://{NAME}:{port}/", settings) is None


@pytest.mark.expected_logs("webhook_failed")
def test_a_name_without_an_address_and_a_closed_port_fail(
    market: LiveMarketplace, contract: Contract, settings: WebhookSettings
) -> None:
    url = f"https://{NAME}:1/"
    assert outcome(market, contract, url, settings, Names(())) == "name_unknown"
    assert outcome(market, contract, url, settings) == "connection"


@pytest.mark.parametrize("network", ["10.0.0.0/99", "everything", "10.0.0.1/8"])
def test_wrong_settings_are_refused(network: str) -> None:
    with pytest.raises(WebhookSettingsError):
        WebhookSettings(networks=(network,))
