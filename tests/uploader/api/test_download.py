"""Downloads of files over real sockets: in pieces, never redirected, bounded in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.uploader import proxy as faults
from tests.uploader.connect_proxy import (
    HOST,
    PASSWORD,
    USER,
    connect_proxy,
    tls_market,
)
from tests.uploader.proxy import Drip, Exchange, FaultProxy, Silence, running
from uploader.api.download import FileDownload, StatusError
from uploader.api.network.route import Route, RouteChoice
from uploader.api.transport import Limits
from uploader.errors import NetworkError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SHORT = Limits(5, 5, 5)
FILE = b"0123456789" * 100_000


@pytest.fixture
def server() -> Iterator[FaultProxy]:
    """A server that answers each request with its `always`."""
    with running(FaultProxy()) as server:
        yield server


def answering(status: int, body: bytes = FILE, kind: str = "", **headers: str) -> faults.Fault:
    def fault(exchange: Exchange) -> None:
        exchange.answer(status, body, kind, **headers)

    return fault


def fetched(url: str, route: Route | None = None, limits: Limits = SHORT) -> bytes:
    with FileDownload(route or Route(), limits) as download:
        return b"".join(download.stream(url))


def test_a_large_file_is_received_in_pieces(server: FaultProxy) -> None:
    server.always = answering(200)
    with FileDownload(Route(), SHORT) as download:
        pieces = [*download.stream(f"{server.url}/a/file")]
        assert b"".join(pieces) == FILE
        assert max(map(len, pieces)) < len(FILE)
        # Once more over the same session.
        assert b"".join(download.stream(f"{server.url}/b")) == FILE


@pytest.mark.parametrize("status", [204, 403, 404, 416, 500, 503])
def test_a_refusal_has_its_status_even_with_a_page(server: FaultProxy, status: int) -> None:
    server.always = answering(status, b"" if status == 204 else b"<html>", "text/html")
    with pytest.raises(StatusError) as caught:
        fetched(server.url)
    assert caught.value.status == status


CASES: dict[str, tuple[Callable[[], faults.Fault], Problem]] = {
    "redirect": (lambda: faults.redirected("https://other.example/x"), Problem.UNEXPECTED_REDIRECT),
    "sign-in page": (lambda: answering(200, b"<html>", "text/html"), Problem.CAPTIVE_PORTAL),
    "compressed": (
        lambda: answering(200, b"x", **{"Content-Encoding": "gzip"}),
        Problem.UNEXPECTED_ANSWER,
    ),
    "no answer": (lambda: Exchange.hang_up, Problem.CONNECTION_LOST),
    "reset": (lambda: faults.reset_at_once, Problem.CONNECTION_LOST),
}


@pytest.mark.parametrize("name", CASES)
def test_an_answer_that_is_not_the_file_is_an_error(server: FaultProxy, name: str) -> None:
    make, problem = CASES[name]
    server.always = make()
    with pytest.raises(NetworkError) as caught:
        fetched(server.url)
    assert caught.value.code is problem


def test_a_connection_that_is_lost_in_the_file_is_an_error(server: FaultProxy) -> None:
    def cut(exchange: Exchange) -> None:
        exchange.head(200, [], len(FILE))
        exchange.write(FILE[:1000])
        exchange.hang_up()

    server.always = cut
    with pytest.raises(NetworkError) as caught:
        fetched(server.url)
    assert caught.value.code is Problem.ANSWER_CUT


@pytest.mark.parametrize("kind", [Drip, Silence])
def test_an_endless_response_ends_at_the_deadline(
    server: FaultProxy, kind: type[Drip | Silence]
) -> None:
    server.always = fault = kind()
    with pytest.raises(NetworkError) as caught:
        fetched(server.url, limits=Limits(5, 5, 0.5))
    fault.let.set()
    assert caught.value.code is Problem.TIMEOUT


@pytest.mark.parametrize("url", ["http://updates.example/x", "ftp://a/b", "https://u:p@a/b"])
def test_an_address_without_tls_is_refused(url: str) -> None:
    with pytest.raises(NetworkError) as caught:
        fetched(url)
    assert caught.value.code is Problem.INSECURE_ADDRESS


def test_files_are_downloaded_through_the_proxy_with_the_custom_authority(tmp_path: Path) -> None:
    with tls_market(tmp_path) as market:
        market.always = answering(200, b"signed")
        port = int(market.url.rpartition(":")[2])
        with connect_proxy(port, user=USER, password=PASSWORD) as proxy:
            authority = str(tmp_path / "authority.pem")
            choice = RouteChoice("manual", proxy.address, USER, authority)
            url = f"https://{HOST}/metadata/timestamp.json"
            assert fetched(url, Route(choice, lambda _: PASSWORD)) == b"signed"
            with pytest.raises(NetworkError) as caught:
                fetched(url, Route(choice, lambda _: "wrong"))
            assert caught.value.code is Problem.PROXY_SIGN_IN
