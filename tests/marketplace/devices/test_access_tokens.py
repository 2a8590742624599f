"""Access tokens for devices, and the proofs that go with every request."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

from diary.formats.encoding import digest
from marketplace.contracts.queries import Contract
from tests.marketplace.desk import Desk
from tests.marketplace.stand import Stand, stand

OTHER = ECKey.generate_key("P-256")


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    """One marketplace for all tests of this file: each has people of its own."""
    with stand(tmp_path_factory.mktemp("market") / "data") as running:
        yield running


def refused(answer: httpx.Response) -> tuple[int, str]:
    body = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert body["detail"]
    return answer.status_code, body["code"]


def forged(desk: Desk, key: ECKey = OTHER) -> str:
    """An assertion in the device's name by another key."""
    good = desk.assertion()
    header, claims = (
        json.loads(base64.urlsafe_b64decode(part + "==")) for part in good.split(".")[:2]
    )
    return jwt.encode(header, claims, key)


def test_an_enrolled_device_gets_a_token_that_works(desk: Desk) -> None:
    answer = desk.ask_token()
    body = answer.json()
    assert (body["token_type"], body["expires_in"]) == ("DPoP", 300)
    assert answer.headers["cache-control"] == "no-store"
    assert desk.call("GET", "/v1/me").status_code == 200


@pytest.mark.parametrize(
    "assertion",
    [
        lambda d: forged(d),
        lambda d: d.assertion(iss="nobody", sub="nobody"),
        lambda d: d.assertion(iss=7),
        lambda d: d.assertion(sub="somebody-else"),
        lambda d: d.assertion(aud="https://other.example"),
        lambda d: d.assertion(iat=d.now_s() - 301),
        lambda d: d.assertion(iat=d.now_s() + 301),
        lambda d: d.assertion(exp=d.now_s() + 601),
        lambda d: d.assertion(exp="later"),
        lambda d: d.assertion(iat=True),
        lambda _: "x.y.z",
        lambda _: "e30.e30.",
        lambda _: "a" * 8_000,
        lambda _: base64.urlsafe_b64encode(b"[" * 3_000).decode() + ".e30.e30",
        lambda _: "é.ü.ö",
    ],
)
def test_an_assertion_that_does_not_hold_gets_no_token(
    desk: Desk, assertion: Callable[[Desk], str]
) -> None:
    assert refused(desk.ask_token(assertion(desk))) == (401, "invalid_client")


def test_an_unsigned_or_symmetric_assertion_gets_no_token(desk: Desk) -> None:
    now = desk.now_s()
    claims = {
        "iss": desk.key.kid, "sub": desk.key.kid, "aud": desk.aud, "jti": "12345678",
        "iat": now, "exp": now + 60,
    }  # fmt: skip
    typ = "client-authentication+jwt"
    head = base64.urlsafe_b64encode(json.dumps({"alg": "none", "typ": typ}).encode())
    body = base64.urlsafe_b64encode(json.dumps(claims).encode())
    unsigned = (head.rstrip(b"=") + b"." + body.rstrip(b"=") + b".").decode()
    symmetric = jwt.encode(
        {"alg": "HS256", "typ": typ}, claims, OctKey.import_key(json.dumps(desk.jwk).encode())
    )
    for assertion in (unsigned, symmetric):
        assert refused(desk.ask_token(assertion)) == (401, "invalid_client")


def test_an_assertion_is_used_once(desk: Desk) -> None:
    assertion = desk.assertion()
    assert desk.ask_token(assertion).status_code == 200
    assert refused(desk.ask_token(assertion)) == (401, "invalid_client")


def test_the_token_goes_only_to_the_enrolled_key(desk: Desk) -> None:
    proof = desk.proof("POST", "/oauth/token", key=OTHER)
    assert refused(desk.ask_token(proof=proof)) == (400, "invalid_dpop_proof")


@pytest.mark.parametrize(
    "proof",
    [
        lambda d: d.proof("GET", "/v1/me", d.token, htm="POST"),
        lambda d: d.proof("GET", "/v1/contracts", d.token),
        lambda d: d.proof("GET", "/v1/me", d.token, htu="http://other.example/v1/me"),
        lambda d: d.proof("GET", "/v1/me", d.token, htu=7),
        lambda d: d.proof("GET", "/v1/me", "another token"),
        lambda d: d.proof("GET", "/v1/me"),
        lambda d: d.proof("GET", "/v1/me", d.token, key=OTHER),
        lambda d: d.proof("GET", "/v1/me", d.token, iat=d.now_s() - 301),
        lambda d: d.proof("GET", "/v1/me", d.token, iat=d.now_s() + 301),
        lambda d: d.proof("GET", "/v1/me", d.token, iat=str(d.now_s())),
        lambda d: d.proof("GET", "/v1/me", d.token, header={"typ": "jwt"}),
        lambda d: d.proof("GET", "/v1/me", d.token, header={"jwk": OTHER.as_dict(private=False)}),
        lambda d: d.proof("GET", "/v1/me", d.token, header={"jwk": d.auth.as_dict(private=True)}),
        lambda _: "garbage",
        lambda _: "",
    ],
)
def test_a_request_with_a_proof_that_does_not_hold_is_refused(
    desk: Desk, proof: Callable[[Desk], str]
) -> None:
    headers = {"Authorization": f"DPoP {desk.token}", "DPoP": proof(desk)}
    answer = desk.http.get("/v1/me", headers=headers)
    assert refused(answer) == (401, "dpop_invalid")
    assert answer.headers["www-authenticate"].startswith("DPoP ")


def test_a_proof_without_an_identifier_is_refused(desk: Desk) -> None:
    headers = {
        "Authorization": f"DPoP {desk.token}",
        "DPoP": desk.proof("GET", "/v1/me", desk.token, jti=""),
    }
    assert desk.http.get("/v1/me", headers=headers).status_code in (400, 401)


def test_a_proof_is_used_once(desk: Desk) -> None:
    headers = {
        "Authorization": f"DPoP {desk.token}",
        "DPoP": desk.proof("GET", "/v1/me", desk.token),
    }
    assert desk.http.get("/v1/me", headers=headers).status_code == 200
    assert refused(desk.http.get("/v1/me", headers=headers)) == (401, "dpop_invalid")


def test_two_proofs_at_once_are_refused(desk: Desk) -> None:
    headers = [
        ("Authorization", f"DPoP {desk.token}"),
        ("DPoP", desk.proof("GET", "/v1/me", desk.token)),
        ("DPoP", desk.proof("GET", "/v1/me", desk.token)),
    ]
    assert refused(desk.http.get("/v1/me", headers=headers)) == (401, "dpop_invalid")


def test_a_token_ends_after_five_minutes_and_says_so(market: Stand, desk: Desk) -> None:
    market.clock.ms += 300_000
    assert refused(desk.call("GET", "/v1/me")) == (401, "token_expired")
    desk.sign_in()
    assert desk.call("GET", "/v1/me").status_code == 200


def test_a_stolen_token_is_worth_nothing(
    desk: Desk, contract: Contract, enrolled: Callable[[Contract], Desk]
) -> None:
    thief = enrolled(contract)
    thief.token = desk.token
    assert refused(thief.call("GET", "/v1/me")) == (401, "dpop_invalid")
    bearer = desk.http.get("/v1/me", headers={"Authorization": f"Bearer {desk.token}"})
    assert refused(bearer) == (401, "token_missing")


def test_tokens_that_are_not_ours_are_refused(desk: Desk) -> None:
    head, body, signature = desk.token.split(".")
    claims = {"iss": desk.aud, "sub": desk.sub, "client_id": desk.key.kid, "exp": desk.now_s() + 60}
    key = OctKey.import_key(b"guessed-guessed-guessed-guessed-")
    made = jwt.encode(
        {"alg": "HS256", "typ": "at+jwt"}, {**claims, "cnf": {"jkt": digest(b"x")}}, key
    )
    for token in (f"{head}.{body}.{signature[:-2]}AA", f"{head}..{signature}", made, "x", "é"):
        headers = [
            (b"Authorization", f"DPoP {token}".encode()),
            (b"DPoP", desk.proof("GET", "/v1/me", token).encode()),
        ]
        assert refused(desk.http.get("/v1/me", headers=headers)) == (401, "token_invalid")


def test_other_ways_to_ask_for_a_token_are_refused_by_name(desk: Desk) -> None:
    good = {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": desk.assertion(),
    }
    password = desk.http.post("/oauth/token", data={**good, "grant_type": "password"})
    assert refused(password) == (400, "unsupported_grant_type")
    saml = desk.http.post("/oauth/token", data={**good, "client_assertion_type": "saml"})
    assert refused(saml) == (400, "invalid_request")
    assert saml.json()["error"] == "invalid_request"
    assert refused(desk.http.post("/oauth/token", data={})) == (400, "invalid_request")
    without = desk.http.post("/oauth/token", data=good)
    assert refused(without) == (400, "invalid_dpop_proof")
