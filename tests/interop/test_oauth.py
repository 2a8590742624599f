"""The sign-in in the browser against OAuth programs of other authors.

npm `oidc-provider` serves our client, and npm `oauth4webapi` is a client of our marketplace.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from urllib.parse import urljoin

import httpx
import pytest

from tests.interop.program import Program, RefusedError
from tests.marketplace.live_marketplace import LiveMarketplace, live_marketplace
from uploader.account.browser_sign_in import BrowserSignIn
from uploader.api.oauth import PendingSignIn, discover, exchange
from uploader.api.transport import ServerClockObserver, Transport
from uploader.errors import Problem, SignInError
from uploader.errors import RefusedError as Refused

pytestmark = pytest.mark.xdist_group("node")

#: The provider supports the scopes of OpenID Connect.
SCOPE = "openid"
REDIRECT = "http://127.0.0.1:49152/callback"


@pytest.fixture
def transport() -> Iterator[Transport]:
    found = Transport(ServerClockObserver(uptime_ms=lambda: 0))
    yield found
    found.close()


@pytest.fixture
def issuer(provider: Program) -> str:
    return str(provider.ask("issuer"))


def form_of(page: httpx.Response) -> tuple[str, dict[str, str]]:
    """The address and the hidden fields of a page's form."""
    action = re.search(r'<form[^>]* action="([^"]+)"', page.text)
    assert action is not None, page.text
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text)
    return urljoin(str(page.url), action[1]), dict(fields)


def sign_in(address: str, *, last: bool = True) -> str:
    """Log in and consent on the provider's pages, as a person would; returns the redirect address.

    With `last` the browser follows it as well.
    """
    with httpx.Client(trust_env=False) as browser:
        answer = browser.get(address)
        for _ in range(20):
            if answer.is_redirect:
                place = urljoin(str(answer.url), answer.headers["location"])
                if "/callback?" in place:
                    if last:
                        browser.get(place)
                    return place
                answer = browser.get(place)
                continue
            where, fields = form_of(answer)
            if fields["prompt"] == "login":
                fields |= {"login": "ana", "password": "any"}
            answer = browser.post(where, data=fields)
    raise AssertionError("the provider's pages do not end")


def signing_in(transport: Transport, issuer: str, show: Callable[[str], None]) -> BrowserSignIn:
    return BrowserSignIn(
        transport, issuer, show, device_name="ana-laptop", scope=SCOPE, timeout_s=60
    )


def test_our_client_signs_in_at_oidc_provider(
    provider: Program, transport: Transport, issuer: str
) -> None:
    def show(address: str) -> None:
        threading.Thread(target=sign_in, args=(address,), daemon=True).start()

    login = signing_in(transport, issuer, show).run()
    assert provider.ask("account", token=login.token) == "ana"


def test_cancelling_at_oidc_provider_ends_it(transport: Transport, issuer: str) -> None:
    def abort(address: str) -> None:
        with httpx.Client(trust_env=False, follow_redirects=True) as browser:
            page = browser.get(address)
            link = re.search(r'href="([^"]+/abort)"', page.text)
            assert link is not None, page.text
            browser.get(urljoin(str(page.url), link[1]))

    def show(address: str) -> None:
        threading.Thread(target=abort, args=(address,), daemon=True).start()

    with pytest.raises(SignInError) as caught:
        signing_in(transport, issuer, show).run()
    assert caught.value.code is Problem.SIGN_IN_CANCELLED


def test_oidc_provider_refuses_a_used_code_and_another_verifier(
    transport: Transport, issuer: str
) -> None:
    server = discover(transport, issuer)
    pending = PendingSignIn()
    place = sign_in(pending.address(server, REDIRECT, scope=SCOPE), last=False)
    values = httpx.URL(place).params
    assert (values["state"], values["iss"]) == (pending.state, issuer)
    with pytest.raises(Refused) as caught:
        exchange(transport, server, PendingSignIn(), REDIRECT, values["code"])
    assert caught.value.code is Problem.SIGN_IN_FAILED
    assert exchange(transport, server, pending, REDIRECT, values["code"])
    with pytest.raises(Refused):
        exchange(transport, server, pending, REDIRECT, values["code"])


@pytest.fixture(scope="module")
def marketplace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveMarketplace]:
    with live_marketplace(tmp_path_factory.mktemp("market") / "data") as running:
        yield running


def decided(marketplace: LiveMarketplace, address: str, decision: str) -> str:
    """The address to which our page redirects the browser after a freelancer's decision."""
    contract = marketplace.contract()
    with marketplace.browser(contract.freelancer) as browser:
        assert browser.get(address).status_code == 200
        headers = {"Sec-Fetch-Site": "same-origin"}
        answer = browser.post(address, data={"decision": decision}, headers=headers)
        assert answer.status_code == 303
    return str(answer.headers["location"])


def test_oauth4webapi_signs_in_at_our_marketplace(
    node: Program, marketplace: LiveMarketplace
) -> None:
    given = {"issuer": marketplace.url, "redirectUri": REDIRECT}
    begun = node.ask("begin sign-in", **given)
    location = decided(marketplace, begun["address"], "allow")
    given |= {"verifier": begun["verifier"], "state": begun["state"]}
    token = node.ask("finish sign-in", location=location, **given)
    assert (token["token_type"], token["scope"]) == ("bearer", "enrol")
    assert marketplace.deps.enrolments.begun(token["access_token"]).name == "Ana Ruiz"


def test_oauth4webapi_refuses_a_response_of_another_server_or_state(
    node: Program, marketplace: LiveMarketplace
) -> None:
    given = {"issuer": marketplace.url, "redirectUri": REDIRECT}
    begun = node.ask("begin sign-in", **given)
    good = httpx.URL(decided(marketplace, begun["address"], "allow"))
    given |= {"verifier": begun["verifier"], "state": begun["state"]}
    for wrong in ({"iss": "https://evil.example"}, {"state": "x" * 43}):
        location = str(good.copy_merge_params(wrong))
        assert node.refuses("finish sign-in", location=location, **given)
    cancelled = decided(marketplace, begun["address"], "cancel")
    with pytest.raises(RefusedError, match="access_denied"):
        node.ask("finish sign-in", location=cancelled, **given)
