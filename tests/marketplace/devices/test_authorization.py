"""Joining by a sign-in in the browser: authorization codes with PKCE on a loopback address."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from sqlalchemy import select

from diary.formats.encoding import digest
from marketplace.contracts.queries import Contract
from marketplace.devices.authorization import CODE_S, TOKEN_S, is_redirect_uri
from marketplace.storage import schema
from tests.marketplace.live_marketplace import LiveMarketplace, live_marketplace
from tests.marketplace.simulated_device import SimulatedDevice

OURS = {"Sec-Fetch-Site": "same-origin"}
REDIRECT = "http://127.0.0.1:49152/callback"


@pytest.fixture(scope="module")
def marketplace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveMarketplace]:
    """One marketplace for all tests of this file; each has its own accounts."""
    with live_marketplace(tmp_path_factory.mktemp("market") / "data") as running:
        yield running


@pytest.fixture
def browser(marketplace: LiveMarketplace, contract: Contract) -> Iterator[httpx.Client]:
    """The freelancer's browser."""
    with marketplace.browser(contract.freelancer) as signed_in:
        yield signed_in


@dataclass
class Program:
    """A program that asks to join; `verifier` and `state` are its secrets."""

    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    state: str = field(default_factory=lambda: secrets.token_urlsafe(16))

    def query(self, **changes: str | None) -> dict[str, str]:
        values: dict[str, str | None] = {
            "response_type": "code",
            "client_id": "workdiary",
            "redirect_uri": REDIRECT,
            "code_challenge": digest(self.verifier.encode()),
            "code_challenge_method": "S256",
            "state": self.state,
            "device_name": "ana-laptop",
            **changes,
        }
        return {name: value for name, value in values.items() if value is not None}

    def form(self, code: str, /, **changes: str) -> dict[str, str]:
        return {
            "grant_type": "authorization_code",
            "client_id": "workdiary",
            "redirect_uri": REDIRECT,
            "code": code,
            "code_verifier": self.verifier,
            **changes,
        }


def answered(answer: httpx.Response) -> tuple[str, dict[str, str]]:
    """The address and parameters of a redirect."""
    assert answer.status_code == 303, answer.text
    place = urlsplit(answer.headers["location"])
    values = parse_qs(place.query, strict_parsing=True)
    assert all(len(each) == 1 for each in values.values())
    return f"{place.scheme}://{place.netloc}{place.path}", {n: v[0] for n, v in values.items()}


def allow(browser: httpx.Client, query: dict[str, str], decision: str = "allow") -> httpx.Response:
    return browser.post("/oauth/authorize", params=query, data={"decision": decision}, headers=OURS)


def code_of(browser: httpx.Client, program: Program) -> str:
    return answered(allow(browser, program.query()))[1]["code"]


def exchange(marketplace: LiveMarketplace, form: dict[str, str]) -> httpx.Response:
    return httpx.post(f"{marketplace.url}/oauth/token", data=form, trust_env=False)


def refused(answer: httpx.Response) -> tuple[int, str]:
    assert answer.json()["error"] == answer.json()["code"]
    assert answer.headers["cache-control"] == "no-store"
    return answer.status_code, answer.json()["error"]


def test_the_metadata_names_the_endpoints_and_what_they_accept(
    marketplace: LiveMarketplace,
) -> None:
    address = f"{marketplace.url}/.well-known/oauth-authorization-server"
    document = httpx.get(address, trust_env=False).json()
    assert document["issuer"] == marketplace.url
    assert document["authorization_endpoint"] == f"{marketplace.url}/oauth/authorize"
    assert document["token_endpoint"] == f"{marketplace.url}/oauth/token"
    assert document["code_challenge_methods_supported"] == ["S256"]
    assert document["response_types_supported"] == ["code"]
    assert document["authorization_response_iss_parameter_supported"] is True


def test_a_freelancer_lets_a_computer_join(
    marketplace: LiveMarketplace,
    contract: Contract,
    browser: httpx.Client,
    new_device: Callable[[], SimulatedDevice],
) -> None:
    program = Program()
    shown = browser.get("/oauth/authorize", params=program.query())
    assert shown.status_code == 200
    for name in ("ana-laptop", "Ana Ruiz", marketplace.deps.config.host):
        assert name in shown.text
    place, values = answered(allow(browser, program.query()))
    assert place == REDIRECT
    assert (values["state"], values["iss"]) == (program.state, marketplace.url)
    answer = exchange(marketplace, program.form(values["code"]))
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    token = answer.json()
    assert (token["token_type"], token["expires_in"], token["scope"]) == ("Bearer", 600, "enrol")
    device = new_device()
    bearer = {"Authorization": f"Bearer {token['access_token']}"}
    given = device.http.get("/v1/enrolments/current", headers=bearer).json()
    assert given == device.http.get("/v1/enrolments/current", headers=bearer).json()
    assert given["sub"] == contract.freelancer
    sent = device.send_enrolment(given["session"], device.make_enrolment(given))
    assert sent.status_code == 201
    device.sign_in()
    assert device.call("GET", "/v1/me").json()["name"] == "Ana Ruiz"


def test_the_token_opens_nothing_but_the_enrolment(
    marketplace: LiveMarketplace, browser: httpx.Client
) -> None:
    program = Program()
    answer = exchange(marketplace, program.form(code_of(browser, program)))
    token = answer.json()["access_token"]
    for scheme in ("Bearer", "DPoP"):
        headers = {"Authorization": f"{scheme} {token}"}
        for path in ("/v1/me", "/v1/contracts", "/v1/views"):
            got = httpx.get(marketplace.url + path, headers=headers, trust_env=False)
            assert got.status_code == 401, path
    cookies = {"wd_session": token}
    assert httpx.get(marketplace.url, cookies=cookies, trust_env=False).status_code == 401
    with httpx.Client(base_url=marketplace.url, trust_env=False) as other:
        assert other.post("/v1/enrolments", json={"code": token}).status_code == 401
        assert other.get(f"/signin/{token}").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:1/callback",
        "http://127.0.0.1:65535/callback",
        "http://[::1]:8080/callback",
    ],
)
def test_any_port_of_a_loopback_address_is_accepted(browser: httpx.Client, address: str) -> None:
    query = Program().query(redirect_uri=address)
    assert browser.get("/oauth/authorize", params=query).status_code == 200
    assert answered(allow(browser, query))[0] == address


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "http://127.0.0.1/callback",
        "http://127.0.0.1:0/callback",
        "http://127.0.0.1:65536/callback",
        "http://127.0.0.1:08080/callback",
        "http://127.0.0.1:8080/",
        "http://127.0.0.1:8080/callback/",
        "http://127.0.0.1:8080/callback?x=1",
        "http://127.0.0.1:8080/callback#x",
        "http://127.0.0.1:8080/other/../callback",
        "http://127.0.0.1:8080/callback\n",
        "http://127.0.0.1:٨٠٨٠/callback",
        "http://127.0.0.1:8080@evil.example/callback",
        "http://evil.example@127.0.0.1:8080/callback",
        "http://127.0.0.1.evil.example:8080/callback",
        "http://evil.example:8080/callback",
        "http://127.0.0.2:8080/callback",
        "http://localhost:8080/callback",
        "http://[::2]:8080/callback",
        "https://127.0.0.1:8080/callback",
        "HTTP://127.0.0.1:8080/callback",
        "//127.0.0.1:8080/callback",
        "javascript:alert(1)",
        "workdiary:/callback",
        "http://127.0.0.1:8080/callback" + "x" * 5_000,
    ],
)
def test_any_other_address_gets_no_redirect(browser: httpx.Client, address: str | None) -> None:
    query = Program().query(redirect_uri=address)
    assert not is_redirect_uri(address or "")
    for answer in (browser.get("/oauth/authorize", params=query), allow(browser, query)):
        assert (answer.status_code, answer.json()["code"]) == (400, "authorization_unknown")
        assert "location" not in answer.headers
    html = browser.get("/oauth/authorize", params=query, headers={"Accept": "text/html"})
    assert "This sign-in cannot continue" in html.text
    assert 'href="http' not in html.text
    assert "http-equiv" not in html.text


@pytest.mark.parametrize(
    "repeated",
    [("redirect_uri", "http://evil.example/callback"), ("client_id", "other")],
)
def test_a_repeated_client_or_address_gets_no_redirect(
    browser: httpx.Client, repeated: tuple[str, str]
) -> None:
    for query in ([*Program().query().items(), repeated], [repeated, *Program().query().items()]):
        answer = browser.get(f"/oauth/authorize?{urlencode(query)}")
        assert (answer.status_code, answer.json()["code"]) == (400, "authorization_unknown")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": "s256"}, "invalid_request"),
        ({"code_challenge": "A" * 42}, "invalid_request"),
        ({"code_challenge": "A" * 44}, "invalid_request"),
        ({"code_challenge": "A" * 42 + "B"}, "invalid_request"),
        ({"code_challenge": "A" * 42 + "="}, "invalid_request"),
        ({"response_type": None}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code token"}, "unsupported_response_type"),
        ({"scope": "openid"}, "invalid_scope"),
    ],
)
def test_a_request_without_pkce_or_of_another_kind_is_refused(
    marketplace: LiveMarketplace,
    browser: httpx.Client,
    changes: dict[str, str | None],
    error: str,
) -> None:
    program = Program()
    query = program.query(**changes)
    for answer in (browser.get("/oauth/authorize", params=query), allow(browser, query)):
        place, values = answered(answer)
        assert place == REDIRECT
        assert values == {"error": error, "state": program.state, "iss": marketplace.url}


@pytest.mark.parametrize("state", ["x" * 513, "a\nb", "é"])
def test_an_unusable_state_is_not_sent_back(browser: httpx.Client, state: str) -> None:
    answer = browser.get("/oauth/authorize", params=Program().query(state=state))
    _, values = answered(answer)
    assert values["error"] == "invalid_request"
    assert "state" not in values


def test_cancel_sends_no_code(marketplace: LiveMarketplace, browser: httpx.Client) -> None:
    program = Program()
    for decision in ("cancel", "", "ALLOW"):
        _, values = answered(allow(browser, program.query(), decision))
        expected = {"error": "access_denied", "state": program.state, "iss": marketplace.url}
        assert values == expected


def test_a_page_of_another_site_cannot_press_the_button(
    marketplace: LiveMarketplace, contract: Contract, browser: httpx.Client
) -> None:
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {},
    ):
        answer = browser.post(
            "/oauth/authorize",
            params=Program().query(),
            data={"decision": "allow"},
            headers=headers,
        )
        assert (answer.status_code, answer.json()["code"]) == (403, "cross_site"), headers
    with marketplace.deps.store.read() as connection:
        columns = schema.authorization_code.c
        made = select(columns.hash).where(columns.sub == contract.freelancer)
        assert connection.execute(made).first() is None


def test_no_page_may_frame_the_question(browser: httpx.Client) -> None:
    policy = browser.get("/oauth/authorize", params=Program().query()).headers[
        "content-security-policy"
    ]
    assert "frame-ancestors 'none'" in policy
    assert "form-action 'self' http://127.0.0.1:49152;" in policy


def test_joining_needs_a_session(marketplace: LiveMarketplace) -> None:
    with httpx.Client(base_url=marketplace.url, trust_env=False) as stranger:
        shown = stranger.get("/oauth/authorize", params=Program().query())
        assert shown.status_code == 401
        assert "Sign in to this site first" in shown.text
        answer = allow(stranger, Program().query())
        assert (answer.status_code, answer.json()["code"]) == (401, "sign_in_needed")


def test_a_client_of_a_freelancer_cannot_join(
    marketplace: LiveMarketplace, contract: Contract
) -> None:
    with marketplace.browser(contract.client) as client:
        shown = client.get("/oauth/authorize", params=Program().query())
        assert shown.status_code == 403
        assert "decision" not in shown.text
        assert allow(client, Program().query()).status_code == 404


def test_a_code_works_once_and_a_second_use_disables_its_token(
    marketplace: LiveMarketplace,
    browser: httpx.Client,
    new_device: Callable[[], SimulatedDevice],
) -> None:
    program = Program()
    form = program.form(code_of(browser, program))
    token = exchange(marketplace, form).json()["access_token"]
    bearer = {"Authorization": f"Bearer {token}"}
    device = new_device()
    given = device.http.get("/v1/enrolments/current", headers=bearer).json()
    assert refused(exchange(marketplace, form)) == (400, "invalid_grant")
    again = device.http.get("/v1/enrolments/current", headers=bearer)
    assert (again.status_code, again.json()["code"]) == (401, "session_invalid")
    sent = device.send_enrolment(token, device.make_enrolment(given))
    assert (sent.status_code, sent.json()["code"]) == (401, "session_invalid")


@pytest.mark.parametrize(
    "changes",
    [
        {"code_verifier": "v" * 43},
        {"code_verifier": "v" * 42},
        {"code_verifier": "é" * 43},
        {"client_id": "other"},
        {"redirect_uri": "http://127.0.0.1:49153/callback"},
        {"redirect_uri": "http://[::1]:49152/callback"},
        {"code": "A" * 43},
        {"code": "\x00"},
    ],
)
def test_a_code_is_bound_to_its_request(
    marketplace: LiveMarketplace, browser: httpx.Client, changes: dict[str, str]
) -> None:
    """A thief of the code gets nothing, and the program still gets its token."""
    program = Program()
    code = code_of(browser, program)
    assert refused(exchange(marketplace, program.form(code, **changes))) == (400, "invalid_grant")
    assert exchange(marketplace, program.form(code)).status_code == 200


def test_the_challenge_is_not_accepted_as_the_verifier(
    marketplace: LiveMarketplace, browser: httpx.Client
) -> None:
    program = Program()
    code = code_of(browser, program)
    form = program.form(code, code_verifier=digest(program.verifier.encode()))
    assert refused(exchange(marketplace, form)) == (400, "invalid_grant")


def test_codes_and_tokens_expire(marketplace: LiveMarketplace, browser: httpx.Client) -> None:
    program = Program()
    late = code_of(browser, program)
    marketplace.clock.ms += CODE_S * 1000
    assert refused(exchange(marketplace, program.form(late))) == (400, "invalid_grant")
    program = Program()
    token = exchange(marketplace, program.form(code_of(browser, program))).json()["access_token"]
    marketplace.clock.ms += TOKEN_S * 1000
    answer = httpx.get(
        f"{marketplace.url}/v1/enrolments/current",
        headers={"Authorization": f"Bearer {token}"},
        trust_env=False,
    )
    assert (answer.status_code, answer.json()["code"]) == (401, "session_invalid")


def test_expired_codes_are_removed(marketplace: LiveMarketplace, browser: httpx.Client) -> None:
    def hashes() -> set[str]:
        with marketplace.deps.store.read() as connection:
            return set(connection.execute(select(schema.authorization_code.c.hash)).scalars())

    old = digest(code_of(browser, Program()).encode())
    assert old in hashes()
    marketplace.clock.ms += (CODE_S + TOKEN_S) * 1000
    new = digest(code_of(browser, Program()).encode())
    assert hashes() == {new}


@pytest.mark.parametrize("missing", ["client_id", "redirect_uri", "code", "code_verifier"])
def test_an_incomplete_exchange_is_an_invalid_request(
    marketplace: LiveMarketplace, missing: str
) -> None:
    form = Program().form("c" * 43)
    for value in ({}, {missing: ""}, {missing: "x" * 5_000}):
        answer = exchange(marketplace, {n: v for n, v in form.items() if n != missing} | value)
        assert refused(answer) == (400, "invalid_request")


def test_a_repeated_parameter_is_an_invalid_request(marketplace: LiveMarketplace) -> None:
    body = "&".join(f"{n}={v}" for n, v in Program().form("c" * 43).items()) + "&code=other"
    answer = httpx.post(
        f"{marketplace.url}/oauth/token",
        content=body,
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        trust_env=False,
    )
    assert refused(answer) == (400, "invalid_request")


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer x", "Basic x", "Bearer \xff"])
def test_the_values_of_an_enrolment_need_its_token(
    marketplace: LiveMarketplace, header: str | None
) -> None:
    headers = {} if header is None else {b"Authorization": header.encode("latin-1")}
    answer = httpx.get(f"{marketplace.url}/v1/enrolments/current", headers=headers, trust_env=False)
    assert (answer.status_code, answer.json()["code"]) == (401, "session_invalid")
