"""The sign-in page of a joining computer, in a real browser with real clicks."""

from __future__ import annotations

import contextlib
import http.server
import re
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Page, expect

from diary.formats.encoding import digest
from marketplace.contracts.queries import Contract
from tests.desktop_fixtures.waiting import wait_for
from tests.marketplace.live_marketplace import LiveMarketplace

Browse = Callable[..., Page]
VERIFIER = "v" * 43
STATE = "a state of the program"


@dataclass
class LocalServer:
    """A server on this computer: the program that waits for its response, or another site."""

    url: str
    #: With an icon of its own: the browser asks a server without one, which may be gone by then.
    page: str = (
        '<!doctype html><title>Done</title><link rel="icon" href="data:,"><p>Return to Workdiary.'
    )
    requests: list[str] = field(default_factory=list)

    def responses(self) -> list[dict[str, list[str]]]:
        return [parse_qs(urlsplit(r).query) for r in self.requests if r.startswith("/callback")]


@pytest.fixture(params=["127.0.0.1", "::1"])
def program(request: pytest.FixtureRequest) -> Iterator[LocalServer]:
    with local_server(request.param) as running:
        yield running


@contextlib.contextmanager
def local_server(host: str = "127.0.0.1") -> Iterator[LocalServer]:
    found: list[LocalServer] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found[0].requests.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(found[0].page.encode())

        def log_message(self, *_: Any) -> None:
            pass

    class Listening(http.server.ThreadingHTTPServer):
        address_family = socket.AF_INET6 if ":" in host else socket.AF_INET

    with Listening((host, 0), Handler) as server:
        name = f"[{host}]" if ":" in host else host
        found.append(LocalServer(f"http://{name}:{server.server_address[1]}"))
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield found[0]
        finally:
            server.shutdown()
            thread.join(10)


def address(marketplace: LiveMarketplace, program: LocalServer, **changes: str) -> str:
    query = {
        "response_type": "code",
        "client_id": "workdiary",
        "redirect_uri": f"{program.url}/callback",
        "code_challenge": digest(VERIFIER.encode()),
        "code_challenge_method": "S256",
        "state": STATE,
        "device_name": "ana-laptop",
        **changes,
    }
    return f"{marketplace.url}/oauth/authorize?{urlencode(query)}"


def session(marketplace: LiveMarketplace, contract: Contract) -> str:
    token = marketplace.deps.sign_in.consume(marketplace.code(contract.freelancer, "signin"))
    assert token is not None
    return token


def test_a_click_sends_the_code_to_the_program(
    browse: Browse, marketplace: LiveMarketplace, contract: Contract, program: LocalServer
) -> None:
    page = browse(address(marketplace, program), session=session(marketplace, contract))
    expect(page.get_by_role("heading", level=1)).to_have_text(
        re.compile("Let Workdiary on “.*ana-laptop.*” join")
    )
    page.get_by_role("button", name="Let it join").click()
    expect(page.get_by_text("Return to Workdiary.")).to_be_visible()
    (response,) = program.responses()
    assert (response["state"], response["iss"]) == ([STATE], [marketplace.url])
    token = marketplace.deps.authorizations.redeem(
        response["code"][0], "workdiary", f"{program.url}/callback", VERIFIER
    )
    assert marketplace.deps.enrolments.begun(token).sub == contract.freelancer


def test_cancel_sends_no_code(
    browse: Browse, marketplace: LiveMarketplace, contract: Contract, program: LocalServer
) -> None:
    page = browse(address(marketplace, program), session=session(marketplace, contract))
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Return to Workdiary.")).to_be_visible()
    (response,) = program.responses()
    assert response == {"error": ["access_denied"], "state": [STATE], "iss": [marketplace.url]}


def test_a_person_signs_in_first_and_continues(
    browse: Browse, marketplace: LiveMarketplace, contract: Contract
) -> None:
    """The sign-in link arrives by mail and opens in another tab."""
    with local_server() as program:
        page = browse(address(marketplace, program), errors=("401",))
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in to this site first")
        mail = page.context.new_page()
        mail.goto(f"{marketplace.url}/signin/{marketplace.code(contract.freelancer, 'signin')}")
        mail.get_by_role("button", name="Sign in").click()
        expect(mail.get_by_role("link", name="Acme shop rebuild")).to_be_visible()
        page.get_by_role("link", name="Continue").click()
        page.get_by_role("button", name="Let it join").click()
        expect(page.get_by_text("Return to Workdiary.")).to_be_visible()
        assert "code" in program.responses()[0]


def test_the_language_can_be_changed_on_the_way(
    browse: Browse, marketplace: LiveMarketplace, contract: Contract
) -> None:
    with local_server() as program:
        page = browse(address(marketplace, program), session=session(marketplace, contract))
        page.get_by_role("button", name="Deutsch").click()
        page.get_by_role("button", name="Beitreten lassen").click()
        expect(page.get_by_text("Return to Workdiary.")).to_be_visible()
        assert "code" in program.responses()[0]


def test_another_site_can_neither_frame_the_page_nor_press_its_button(
    browse: Browse, marketplace: LiveMarketplace, contract: Contract
) -> None:
    with local_server() as program, local_server() as evil:
        wanted = address(marketplace, program)
        evil.page = f"""<!doctype html><title>Prize</title>
            <iframe src="{wanted.replace("&", "&amp;")}"></iframe>
            <form method="post" action="{wanted.replace("&", "&amp;")}">
            <button name="decision" value="allow">Win</button></form>"""
        # The browser sends the session cookie too: sites on other ports of one address share it.
        page = browse(
            evil.url,
            session=session(marketplace, contract),
            errors=("frame-ancestors", "403", "404", "favicon"),
        )
        wait_for(lambda: len(page.frames) == 2, what="the frame")
        expect(page.frames[1].locator("button")).to_have_count(0)
        page.get_by_role("button", name="Win").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Nothing was changed")
        assert program.responses() == []
