"""The test of the connection: each outcome, with a real proxy and a real marketplace's TLS."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from tests.uploader import proxy as faults
from tests.uploader.connect_proxy import (
    HOST,
    PASSWORD,
    USER,
    ConnectProxy,
    connect_proxy,
    tls_market,
)
from ui.presenters.formatting import plain
from ui.presenters.settings.network import result_text
from uploader.api.connection_test import ConnectionResult, try_connection
from uploader.api.network.route import Route, RouteChoice
from uploader.api.transport import Limits
from uploader.errors import NetworkError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.uploader.proxy import FaultProxy

SITE = f"https://{HOST}"


@pytest.fixture
def market(tmp_path: Path) -> Iterator[FaultProxy]:
    with tls_market(tmp_path) as made:
        yield made


@pytest.fixture
def proxy(market: FaultProxy) -> Iterator[ConnectProxy]:
    port = int(market.url.rpartition(":")[2])
    with connect_proxy(port, user=USER, password=PASSWORD) as made:
        yield made


@pytest.fixture
def choice(proxy: ConnectProxy, tmp_path: Path) -> RouteChoice:
    """The right one for the proxy."""
    return RouteChoice("manual", proxy.address, USER, str(tmp_path / "authority.pem"))


def outcome(choice: RouteChoice, password: str = PASSWORD, site: str = SITE) -> ConnectionResult:
    found = try_connection(site, Route(choice, lambda _: password), Limits(5, 5, 5))
    assert PASSWORD not in repr(found) + result_text(found, plain)
    return found


def test_a_marketplace_behind_a_proxy_is_named_with_the_proxy(
    choice: RouteChoice, proxy: ConnectProxy
) -> None:
    found = outcome(choice)
    assert found == ConnectionResult(name=HOST, proxy=proxy.address)
    text = result_text(found, plain)
    assert HOST in text
    assert proxy.address in text


def test_a_marketplace_is_reached_directly(tmp_path: Path) -> None:
    with tls_market(tmp_path) as market:
        # Loopback takes no proxy; its certificate is for another name.
        site = market.url.replace("http:", "https:")
        found = outcome(RouteChoice("none", authority=str(tmp_path / "authority.pem")), site=site)
    assert found.problem == "tls_failed"
    assert result_text(ConnectionResult(name=HOST), plain).endswith("answers, without a proxy.")


def test_a_refused_sign_in_names_the_proxy(choice: RouteChoice, proxy: ConnectProxy) -> None:
    found = outcome(choice, "wrong")
    assert found == ConnectionResult("proxy_sign_in", proxy=proxy.address)
    assert proxy.address in result_text(found, plain)
    assert "user name and the password" in result_text(found, plain)


def test_an_untrusted_certificate_leads_to_the_authority(
    choice: RouteChoice, proxy: ConnectProxy
) -> None:
    found = outcome(RouteChoice("manual", choice.proxy, choice.user))
    assert found.problem == "tls_failed"
    assert "choose its certificate authority" in result_text(found, plain)


@pytest.mark.parametrize(
    ("choice_", "problem", "words"),
    [
        (RouteChoice("manual", "http://127.0.0.1:9"), "proxy_unreachable", "does not answer"),
        (RouteChoice("manual", "http://proxy.invalid:1"), "proxy_unknown", "unknown host name"),
        (RouteChoice("manual"), "route_incomplete", "An address is missing"),
        (RouteChoice("none"), "name_unknown", "host name is unknown"),
        (RouteChoice("pac", script="/nowhere/x.pac"), "pac_unreadable", "the file is missing"),
        (RouteChoice("none", authority="/nowhere"), "ca_unusable", "does not exist any more"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_other_failure_has_its_sentence(
    choice_: RouteChoice, problem: str, words: str
) -> None:
    found = outcome(choice_, site="https://market.invalid")
    assert found.problem == problem
    assert words in result_text(found, plain)


def test_a_broken_script_is_reported(tmp_path: Path) -> None:
    script = tmp_path / "proxy.pac"
    script.write_text("function FindProxyForURL() { return missing; }")
    found = outcome(RouteChoice("pac", script=str(script)))
    assert found.problem == "pac_broken"
    assert "an error in the script" in result_text(found, plain)


def test_a_closed_port_and_a_silent_server_are_reported(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    found = outcome(RouteChoice(), site=f"http://127.0.0.1:{port}")
    assert found.problem == "offline"
    assert "no connection" in result_text(found, plain)
    with faults.running(faults.FaultProxy()) as server:
        server.always = silence = faults.Silence()
        found = try_connection(server.url, Route(), Limits(5, 0.2, 5))
        silence.let.set()
    assert found.problem == "timeout"
    assert "in time" in result_text(found, plain)


def test_the_keyrings_problem_is_reported(choice: RouteChoice) -> None:
    def password(_: RouteChoice) -> str:
        raise NetworkError(Problem.KEYRING_LOCKED)

    found = try_connection(SITE, Route(choice, password))
    assert found.problem == "keyring_locked"
    assert "Unlock it" in result_text(found, plain)


@pytest.mark.parametrize("problem", ["captive_portal", "server_busy", "unexpected_answer"])
def test_a_problem_without_a_text_of_its_own_has_the_usual_sentence(problem: str) -> None:
    assert result_text(ConnectionResult(problem), plain) == Problem(problem).sentence
