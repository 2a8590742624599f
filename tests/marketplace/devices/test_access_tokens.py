"""Access tokens for devices, and the proofs of their requests."""

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
from tests.marketplace.live_marketplace import LiveMarketplace, live_marketplace
from tests.marketplace.simulated_device import SimulatedDevice

OTHER = ECKey.generate_key("P-256")


@pytest.fixture(scope="module")
def marketplace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveMarketplace]:
    """One marketplace for all tests of this file; each has its own accounts."""
    with live_marketplace(tmp_path_factory.mktemp("market") / "data") as running:
        yield running


def refused(answer: httpx.Response) -> tuple[int, str]:
    body = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert body["detail"]
    return answer.status_code, body["code"]


def forged(device: SimulatedDevice, key: ECKey = OTHER) -> str:
    """An assertion in the device's name by another key."""
    good = device.assertion()
    header, claims = (
        json.loads(base64.urlsafe_b64decode(part + "==")) for part in good.split(".")[:2]
    )
    return jwt.encode(header, claims, key)


def test_an_enrolled_device_gets_a_token_that_works(device: SimulatedDevice) -> None:
    answer = device.ask_token()
    body = answer.json()
    assert (body["token_type"], body["expires_in"]) == ("DPoP", 300)
    assert answer.headers["cache-control"] == "no-store"
    assert device.call("GET", "/v1/me").status_code == 200


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
    device: SimulatedDevice, assertion: Callable[[SimulatedDevice], str]
) -> None:
    assert refused(device.ask_token(assertion(device))) == (401, "invalid_client")


def test_an_unsigned_or_symmetric_assertion_gets_no_token(device: SimulatedDevice) -> None:
    now = device.now_s()
    claims = {
        "iss": device.key.kid, "sub": device.key.kid, "aud": device.aud, "jti": "12345678",
        "iat": now, "exp": now + 60,
    }  # fmt: skip
    typ = "client-authentication+jwt"
    head = base64.urlsafe_b64encode(json.dumps({"alg": "none", "typ": typ}).encode())
    body = base64.urlsafe_b64encode(json.dumps(claims).encode())
    unsigned = (head.rstrip(b"=") + b"." + body.rstrip(b"=") + b".").decode()
    symmetric = jwt.encode(
        {"alg": "HS256", "typ": typ}, claims, OctKey.import_key(json.dumps(device.jwk).encode())
    )
    for assertion in (unsigned, symmetric):
        assert refused(device.ask_token(assertion)) == (401, "invalid_client")


def test_an_assertion_is_used_once(device: SimulatedDevice) -> None:
    assertion = device.assertion()
    assert device.ask_token(assertion).status_code == 200
    assert refused(device.ask_token(assertion)) == (401, "invalid_client")


def test_the_token_goes_only_to_the_enrolled_key(device: SimulatedDevice) -> None:
    proof = device.proof("POST", "/oauth/token", key=OTHER)
    assert refused(device.ask_token(proof=proof)) == (400, "invalid_dpop_proof")


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
    device: SimulatedDevice, proof: Callable[[SimulatedDevice], str]
) -> None:
    headers = {"Authorization": f"DPoP {device.token}", "DPoP": proof(device)}
    answer = device.http.get("/v1/me", headers=headers)
    assert refused(answer) == (401, "dpop_invalid")
    assert answer.headers["www-authenticate"].startswith("DPoP ")


def test_a_proof_without_an_identifier_is_refused(device: SimulatedDevice) -> None:
    headers = {
        "Authorization": f"DPoP {device.token}",
        "DPoP": device.proof("GET", "/v1/me", device.token, jti=""),
    }
    assert device.http.get("/v1/me", headers=headers).status_code in (400, 401)


def test_a_proof_is_used_once(device: SimulatedDevice) -> None:
    headers = {
        "Authorization": f"DPoP {device.token}",
        "DPoP": device.proof("GET", "/v1/me", device.token),
    }
    assert device.http.get("/v1/me", headers=headers).status_code == 200
    assert refused(device.http.get("/v1/me", headers=headers)) == (401, "dpop_invalid")


def test_two_proofs_at_once_are_refused(device: SimulatedDevice) -> None:
    headers = [
        ("Authorization", f"DPoP {device.token}"),
        ("DPoP", device.proof("GET", "/v1/me", device.token)),
        ("DPoP", device.proof("GET", "/v1/me", device.token)),
    ]
    assert refused(device.http.get("/v1/me", headers=headers)) == (401, "dpop_invalid")


def test_a_token_expires_after_five_minutes(
    marketplace: LiveMarketplace, device: SimulatedDevice
) -> None:
    marketplace.clock.ms += 300_000
    assert refused(device.call("GET", "/v1/me")) == (401, "token_expired")
    device.sign_in()
    assert device.call("GET", "/v1/me").status_code == 200


def test_a_stolen_token_is_worth_nothing(
    device: SimulatedDevice, contract: Contract, enrolled: Callable[[Contract], SimulatedDevice]
) -> None:
    thief = enrolled(contract)
    thief.token = device.token
    assert refused(thief.call("GET", "/v1/me")) == (401, "dpop_invalid")
    bearer = device.http.get("/v1/me", headers={"Authorization": f"Bearer {device.token}"})
    assert refused(bearer) == (401, "token_missing")


def test_tokens_of_another_issuer_are_refused(device: SimulatedDevice) -> None:
    head, body, signature = device.token.split(".")
    claims = {
        "iss": device.aud,
        "sub": device.sub,
        "client_id": device.key.kid,
        "exp": device.now_s() + 60,
    }
    key = OctKey.import_key(b"guessed-guessed-guessed-guessed-")
    made = jwt.encode(
        {"alg": "HS256", "typ": "at+jwt"}, {**claims, "cnf": {"jkt": digest(b"x")}}, key
    )
    for token in (f"{head}.{body}.{signature[:-2]}AA", f"{head}..{signature}", made, "x", "é"):
        headers = [
            (b"Authorization", f"DPoP {token}".encode()),
            (b"DPoP", device.proof("GET", "/v1/me", token).encode()),
        ]
        assert refused(device.http.get("/v1/me", headers=headers)) == (401, "token_invalid")


def test_other_ways_to_ask_for_a_token_are_refused_by_name(device: SimulatedDevice) -> None:
    good = {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": device.assertion(),
    }
    password = device.http.post("/oauth/token", data={**good, "grant_type": "password"})
    assert refused(password) == (400, "unsupported_grant_type")
    saml = device.http.post("/oauth/token", data={**good, "client_assertion_type": "saml"})
    assert refused(saml) == (400, "invalid_request")
    assert saml.json()["error"] == "invalid_request"
    assert refused(device.http.post("/oauth/token", data={})) == (400, "invalid_request")
    without = device.http.post("/oauth/token", data=good)
    assert refused(without) == (400, "invalid_dpop_proof")
