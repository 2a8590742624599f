"""Signing in with the browser at a real marketplace; a script plays the person's browser."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from marketplace.accounts.one_time_codes import LIFETIME_S
from tests.uploader import proxy as faults
from tests.uploader.client_under_test import ClientUnderTest
from tests.uploader.proxy import FaultProxy
from uploader.account.browser_sign_in import BrowserSignIn, TokenLogin
from uploader.api.oauth import PendingSignIn, discover
from uploader.api.transport import Limits, ServerClockObserver, Transport
from uploader.errors import NetworkError, Problem, RefusedError, SignInError, UploaderError

Pair = tuple[ClientUnderTest, FaultProxy]
OURS = {"Sec-Fetch-Site": "same-origin"}


@dataclass
class Person:
    """The freelancer at the browser; `open` is called with the address, as a desktop would."""

    client: ClientUnderTest
    decision: str = "allow"
    addresses: list[str] = field(default_factory=list)
    #: Called with the redirect address instead of following it.
    intercept: Callable[[str], Any] | None = None

    def open(self, address: str) -> None:
        self.addresses.append(address)
        threading.Thread(target=self._answer, args=(address,), daemon=True).start()

    def _answer(self, address: str) -> None:
        market = self.client.marketplace
        with market.browser(self.client.contract.freelancer) as browser:
            assert browser.get(address).status_code == 200
            data = {"decision": self.decision}
            answer = browser.post(address, data=data, headers=OURS)
            assert answer.status_code == 303
        follow = self.intercept or (lambda place: httpx.get(place, trust_env=False))
        follow(answer.headers["location"])


@pytest.fixture
def transport() -> Iterator[Transport]:
    found = Transport(ServerClockObserver(uptime_ms=lambda: 0), Limits(10, 10, 60))
    yield found
    found.close()


def signing_in(transport: Transport, person: Person, **options: Any) -> BrowserSignIn:
    url = person.client.marketplace.url
    chosen = {"timeout_s": 60} | options
    return BrowserSignIn(transport, url, person.open, device_name="ana-laptop", **chosen)


@contextlib.contextmanager
def running(sign_in: BrowserSignIn) -> Iterator[Future[TokenLogin]]:
    with ThreadPoolExecutor(1) as pool:
        try:
            yield pool.submit(sign_in.run)
        finally:
            sign_in.cancel()


def code_of(caught: pytest.ExceptionInfo[UploaderError]) -> Problem:
    return caught.value.code


def test_a_sign_in_enrols_this_computer(newcomer: Pair, transport: Transport) -> None:
    client, _ = newcomer
    person = Person(client)
    login = signing_in(transport, person).run()
    assert "token=" not in repr(login)
    member = client.joining().join(login, "Ana's laptop")
    assert member.joined
    assert member.enrolment is not None
    assert member.enrolment.sub == client.contract.freelancer
    assert member.name == "Ana Ruiz"
    (address,) = person.addresses
    query = parse_qs(urlsplit(address).query)
    assert query["device_name"] == ["ana-laptop"]
    assert query["code_challenge_method"] == ["S256"]


def test_a_lost_answer_to_the_enrolment_is_asked_for_again(
    newcomer: Pair, transport: Transport
) -> None:
    """Unlike a one-time code, the token can fetch the values of its enrolment again."""
    client, proxy = newcomer
    login = signing_in(transport, Person(client)).run()
    proxy.applies = lambda exchange: exchange.path == "/v1/enrolments/current"
    proxy.plan.append(faults.reply_lost)
    assert client.joining().join(login, "Ana's laptop").joined


def test_an_expired_token_needs_another_sign_in(newcomer: Pair, transport: Transport) -> None:
    client, _ = newcomer
    login = signing_in(transport, Person(client)).run()
    client.clock.ms += LIFETIME_S["enrolling"] * 1000
    with pytest.raises(RefusedError) as caught:
        client.joining().join(login, "Ana's laptop")
    assert code_of(caught) is Problem.SESSION_EXPIRED
    again = signing_in(transport, Person(client)).run()
    assert client.joining().join(again, "Ana's laptop").joined


def test_cancelling_in_the_browser_ends_it(newcomer: Pair, transport: Transport) -> None:
    client, _ = newcomer
    with pytest.raises(SignInError) as caught:
        signing_in(transport, Person(client, decision="cancel")).run()
    assert code_of(caught) is Problem.SIGN_IN_CANCELLED


def test_cancelling_in_the_program_ends_it(newcomer: Pair, transport: Transport) -> None:
    client, _ = newcomer
    shown = threading.Event()
    sign_in = BrowserSignIn(transport, client.marketplace.url, lambda _: shown.set())
    with running(sign_in) as result:
        assert shown.wait(30)
        sign_in.cancel()
        with pytest.raises(SignInError) as caught:
            result.result(30)
        assert code_of(caught) is Problem.SIGN_IN_CANCELLED
    with pytest.raises(SignInError) as caught:
        sign_in.run()
    assert code_of(caught) is Problem.SIGN_IN_CANCELLED


def test_a_browser_that_never_answers_ends_it(newcomer: Pair, transport: Transport) -> None:
    client, _ = newcomer
    sign_in = BrowserSignIn(transport, client.marketplace.url, lambda _: None, timeout_s=0.05)
    with pytest.raises(SignInError) as caught:
        sign_in.run()
    assert code_of(caught) is Problem.SIGN_IN_TIMED_OUT


def test_another_process_cannot_bring_its_own_response(
    newcomer: Pair, transport: Transport
) -> None:
    """It guesses the state, repeats the person's with another issuer, and connects first."""
    client, _ = newcomer
    statuses: list[int] = []

    def attack_first(place: str) -> None:
        address, _, query = place.partition("?")
        values = {name: found[0] for name, found in parse_qs(query).items()}
        for wrong in (
            {"state": "guessed"},
            {"iss": "https://evil.example"},
            {"code": "", "error": ""},
        ):
            answer = httpx.get(address, params=values | wrong, trust_env=False)
            statuses.append(answer.status_code)
        statuses.append(httpx.get(place, trust_env=False).status_code)

    login = signing_in(transport, Person(client, intercept=attack_first)).run()
    assert client.joining().join(login, "Ana's laptop").joined
    assert statuses == [400, 400, 400, 200]


def test_a_guessed_code_gets_no_token(newcomer: Pair, transport: Transport) -> None:
    """Even with the state, which only the browser and the marketplace know."""
    client, _ = newcomer

    def replace_code(place: str) -> None:
        address, _, query = place.partition("?")
        values = {name: found[0] for name, found in parse_qs(query).items()}
        httpx.get(address, params=values | {"code": "guessed"}, trust_env=False)

    with pytest.raises(RefusedError) as caught:
        signing_in(transport, Person(client, intercept=replace_code)).run()
    assert code_of(caught) is Problem.SIGN_IN_FAILED
    assert not (client.root / "enrolment.jws").exists()


def test_a_stolen_code_is_worthless_without_the_verifier(
    newcomer: Pair, transport: Transport
) -> None:
    client, _ = newcomer
    stolen: list[tuple[int, str]] = []

    def steal(place: str) -> None:
        address, _, query = place.partition("?")
        form = {
            "grant_type": "authorization_code",
            "client_id": "workdiary",
            "redirect_uri": address,
            "code": parse_qs(query)["code"][0],
            "code_verifier": PendingSignIn().verifier,
        }
        url = f"{client.marketplace.url}/oauth/token"
        answer = httpx.post(url, data=form, trust_env=False)
        stolen.append((answer.status_code, answer.json()["error"]))
        httpx.get(place, trust_env=False)

    login = signing_in(transport, Person(client, intercept=steal)).run()
    assert stolen == [(400, "invalid_grant")]
    assert client.joining().join(login, "Ana's laptop").joined


def test_the_exchange_is_repeated_until_the_marketplace_has_it(
    newcomer: Pair, transport: Transport
) -> None:
    client, proxy = newcomer
    waits: list[float] = []
    proxy.applies = lambda exchange: exchange.path == "/oauth/token"
    proxy.plan.append(faults.reset_at_once)
    login = signing_in(transport, Person(client), wait=waits.append).run()
    assert client.joining().join(login, "Ana's laptop").joined
    assert len(waits) == 1


def test_without_a_network_no_browser_is_opened(newcomer: Pair, transport: Transport) -> None:
    client, proxy = newcomer
    proxy.always = faults.reset_at_once
    person = Person(client)
    with pytest.raises(NetworkError):
        signing_in(transport, person).run()
    assert person.addresses == []


GOOD = {
    "issuer": "ISSUER",
    "authorization_endpoint": "https://work.example.org/authorize",
    "token_endpoint": "https://work.example.org/token",
    "code_challenge_methods_supported": ["plain", "S256"],
    "authorization_response_iss_parameter_supported": True,
}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, None),
        ({"issuer": "https://evil.example"}, Problem.UNEXPECTED_ANSWER),
        ({"issuer": "ISSUER/"}, Problem.UNEXPECTED_ANSWER),
        ({"issuer": 7}, Problem.UNEXPECTED_ANSWER),
        ({"token_endpoint": "http://work.example.org/token"}, Problem.INSECURE_ADDRESS),
        ({"authorization_endpoint": "file:///etc/passwd"}, Problem.INSECURE_ADDRESS),
        ({"authorization_endpoint": "javascript:alert(1)"}, Problem.INSECURE_ADDRESS),
        ({"token_endpoint": "https://" + "x" * 3000}, Problem.UNEXPECTED_ANSWER),
        ({"code_challenge_methods_supported": ["plain"]}, Problem.SIGN_IN_UNSUPPORTED),
        ({"code_challenge_methods_supported": "S256"}, Problem.SIGN_IN_UNSUPPORTED),
        ({"code_challenge_methods_supported": None}, Problem.SIGN_IN_UNSUPPORTED),
        ({"authorization_response_iss_parameter_supported": 1}, Problem.SIGN_IN_UNSUPPORTED),
    ],
)
def test_metadata_is_checked_before_anything_is_opened(
    transport: Transport, changes: dict[str, Any], code: Problem | None
) -> None:
    with faults.running(FaultProxy()) as server:
        document = {
            name: server.url if value == "ISSUER" else value for name, value in GOOD.items()
        }
        document |= {
            name: value.replace("ISSUER", server.url) if isinstance(value, str) else value
            for name, value in changes.items()
        }
        text = json.dumps(document).encode()
        server.always = lambda exchange: exchange.answer(200, text, "application/json")
        if code is None:
            assert discover(transport, server.url).token_endpoint == GOOD["token_endpoint"]
        else:
            with pytest.raises(UploaderError) as caught:
                discover(transport, server.url)
            assert code_of(caught) is code
