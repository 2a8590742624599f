"""The route of requests: a real proxy with a sign-in, and a custom certificate authority."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.uploader.connect_proxy import (
    HOST,
    PASSWORD,
    USER,
    ConnectProxy,
    connect_proxy,
    issue,
    tls_market,
)
from uploader.api.network.authority import LARGEST, read_authority
from uploader.api.network.route import Route, RouteChoice
from uploader.api.transport import Limits, ServerClockObserver, Transport
from uploader.errors import NetworkError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.uploader.proxy import FaultProxy

URL = f"https://{HOST}/.well-known/workdiary"


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("https_proxy", "HTTPS_PROXY", "http_proxy", "all_proxy", "ALL_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def market(tmp_path: Path) -> Iterator[FaultProxy]:
    """A marketplace with a certificate of `authority`."""
    with tls_market(tmp_path) as made:
        yield made


@pytest.fixture
def authority(market: FaultProxy, tmp_path: Path) -> Path:
    return tmp_path / "authority.pem"


@pytest.fixture
def proxy(market: FaultProxy) -> Iterator[ConnectProxy]:
    """A proxy that asks for a sign-in."""
    with connect_proxy(port(market), user=USER, password=PASSWORD) as made:
        yield made


def port(server: FaultProxy) -> int:
    return int(server.url.rpartition(":")[2])


def fetch(route: Route) -> int:
    transport = Transport(ServerClockObserver(uptime_ms=lambda: 0), Limits(5, 5, 5), route=route)
    try:
        return transport.send("GET", URL).status
    finally:
        transport.close()


def problem(route: Route) -> NetworkError:
    with pytest.raises(NetworkError) as caught:
        fetch(route)
    return caught.value


def manual(proxy: ConnectProxy, authority: Path, user: str = USER) -> RouteChoice:
    return RouteChoice("manual", proxy.address, user, str(authority))


def test_a_proxy_with_a_sign_in_leads_to_the_marketplace(
    proxy: ConnectProxy, authority: Path
) -> None:
    asked: list[RouteChoice] = []

    def password(choice: RouteChoice) -> str:
        asked.append(choice)
        return PASSWORD

    choice = manual(proxy, authority)
    route = Route(choice, password)
    assert fetch(route) == 200
    assert fetch(route) == 200
    assert asked == [choice], "the password is read once"
    assert proxy.seen == [f"{HOST}:443"] * 2


@pytest.mark.parametrize("password", [None, "", "wrong"])
def test_a_refused_sign_in_is_reported_and_the_password_read_again(
    proxy: ConnectProxy, authority: Path, password: str | None
) -> None:
    passwords: list[str | None] = [password, PASSWORD]
    route = Route(manual(proxy, authority), lambda _: passwords.pop(0))
    error = problem(route)
    assert error.code is Problem.PROXY_SIGN_IN
    assert proxy.address in error.detail
    assert not password or password not in repr(error)
    assert fetch(route) == 200
    assert passwords == []


def test_without_a_user_no_password_is_read(proxy: ConnectProxy, authority: Path) -> None:
    def password(_: RouteChoice) -> str:
        raise AssertionError("it was read")

    assert problem(Route(manual(proxy, authority, ""), password)).code is Problem.PROXY_SIGN_IN


def test_the_keyrings_problem_is_that_of_the_request(proxy: ConnectProxy, authority: Path) -> None:
    def password(_: RouteChoice) -> str:
        raise NetworkError(Problem.KEYRING_LOCKED, "no answer")

    assert problem(Route(manual(proxy, authority), password)).code is Problem.KEYRING_LOCKED
    assert proxy.seen == []


def test_a_change_applies_to_the_next_request(proxy: ConnectProxy, authority: Path) -> None:
    route = Route(RouteChoice("none", authority=str(authority)), lambda _: PASSWORD)
    transport = Transport(ServerClockObserver(uptime_ms=lambda: 0), Limits(5, 5, 5), route=route)
    try:
        with pytest.raises(NetworkError) as caught:
            transport.send("GET", URL)
        assert caught.value.code is Problem.OFFLINE, "the name leads nowhere"
        route.change(manual(proxy, authority))
        assert transport.send("GET", URL).status == 200
        route.change(RouteChoice("manual", proxy.address, USER))
        with pytest.raises(NetworkError) as caught:
            transport.send("GET", URL)
        assert caught.value.code is Problem.TLS_FAILED, "the open connection is not used again"
        assert len(transport._sessions) == 1
    finally:
        transport.close()


def test_a_manual_proxy_needs_an_address() -> None:
    assert problem(Route(RouteChoice("manual"))).code is Problem.ROUTE_INCOMPLETE
    assert Route(RouteChoice("manual")).address_of(URL) == ""


@pytest.mark.parametrize(
    ("choice", "used"),
    [
        (RouteChoice(), "http://127.0.0.1:9"),
        (RouteChoice("none"), ""),
        (RouteChoice("manual", "http://proxy.example:3128", "ana"), "http://proxy.example:3128"),
    ],
    ids=lambda value: getattr(value, "mode", None),
)
def test_the_choice_decides_about_the_proxy_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, choice: RouteChoice, used: str
) -> None:
    monkeypatch.setenv("https_proxy", "http://ana:secret@127.0.0.1:9" if used else "http://x:9")
    assert Route(choice).address_of(URL) == used
    for here in ("http://127.0.0.1:8000/", "http://localhost/", "https://[::1]/"):
        assert Route(choice).proxies(here) == {}


def test_an_address_in_the_environment_keeps_its_sign_in(
    monkeypatch: pytest.MonkeyPatch, market: FaultProxy, authority: Path
) -> None:
    with connect_proxy(port(market), user="ana", password="secret") as proxy:
        monkeypatch.setenv("https_proxy", proxy.address.replace("//", "//ana:secret@"))
        assert fetch(Route(RouteChoice(authority=str(authority)))) == 200


# Trust


def test_an_own_authority_is_trusted_and_no_other(
    proxy: ConnectProxy, authority: Path, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    other = issue(tmp_path / "other")[0]
    route = Route(manual(proxy, authority), lambda _: PASSWORD)
    assert fetch(route) == 200
    for choice in (manual(proxy, other), RouteChoice("manual", proxy.address, USER)):
        route.change(choice)
        assert problem(route).code is Problem.TLS_FAILED


def test_a_file_that_disappears_is_reported(proxy: ConnectProxy, authority: Path) -> None:
    authority.unlink()
    error = problem(Route(manual(proxy, authority), lambda _: PASSWORD))
    assert (error.code, error.detail) == (Problem.CA_UNUSABLE, "missing")
    assert proxy.seen == []


def test_several_certificates_and_texts_between_them_are_read(
    authority: Path, tmp_path: Path
) -> None:
    both = tmp_path / "both.pem"
    text = authority.read_text()
    both.write_text(f"# Acme IT\n{text}\nsubject=x\n{text}")
    assert read_authority(str(both)) == both.read_text()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no_certificate"),
        (b"hello", "no_certificate"),
        (b"\x30\x82\x01\x00\xff", "no_certificate"),
        (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "no_certificate"),
        (b"-----BEGIN CERTIFICATE-----\nAA", "no_certificate"),
        (b" " * (LARGEST + 1), "too_large"),
    ],
)
def test_a_file_without_a_certificate_is_refused(tmp_path: Path, data: bytes, reason: str) -> None:
    file = tmp_path / "ca.pem"
    file.write_bytes(data)
    assert _refusal(file) == reason


def test_a_file_with_a_private_key_is_refused(authority: Path, tmp_path: Path) -> None:
    file = tmp_path / "both.pem"
    file.write_bytes(authority.read_bytes() + (tmp_path / "server.key").read_bytes())
    assert _refusal(file) == "private_key"


def test_a_folder_and_a_file_that_may_not_be_read_are_refused(tmp_path: Path) -> None:
    assert _refusal(tmp_path) == "unreadable"
    assert _refusal(tmp_path / "none") == "missing"
    assert _refusal(Path("\0")) == "unreadable"


def _refusal(file: Path) -> str:
    with pytest.raises(NetworkError) as caught:
        read_authority(str(file))
    assert caught.value.code is Problem.CA_UNUSABLE
    return caught.value.detail
