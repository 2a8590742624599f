"""Common properties of all responses, and their description in the OpenAPI document."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import httpx
import pytest

from diary.formats.encoding import digest
from marketplace.contracts import queries
from marketplace.contracts.access import open_contract
from marketplace.core.problems import MEDIA_TYPE
from marketplace.core.rate_limit import Throttle
from marketplace.erasure.retention import Retention
from tests.desktop_fixtures.waiting import wait_for
from tests.marketplace.live_marketplace import (
    AUD,
    START,
    LiveMarketplace,
    MovedClock,
    live_marketplace,
)

TOKEN = "a secret of the operator"


@pytest.fixture(scope="module")
def marketplace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveMarketplace]:
    with live_marketplace(
        tmp_path_factory.mktemp("market") / "data", metrics_token=TOKEN
    ) as running:
        yield running


@pytest.fixture
def http(marketplace: LiveMarketplace) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=marketplace.url, trust_env=False, verify=False) as client:
        yield client


def test_the_well_known_document_describes_the_api(
    marketplace: LiveMarketplace, http: httpx.Client
) -> None:
    about = http.get("/.well-known/workdiary").json()
    assert (about["v"], about["aud"], about["demo"], about["jitter_s"]) == (1, AUD, None, 0)
    assert about["log"] == {
        "origin": f"{AUD}/log/2026",
        "vkey": marketplace.deps.log.verifier.vkey,
    }
    assert set(about["endpoints"]) >= {
        "token", "devices", "me", "contracts", "beacons", "blobs", "segments",
    }  # fmt: skip
    assert all(url.startswith(marketplace.url + "/") for url in about["endpoints"].values())


@pytest.mark.parametrize("path", ["/healthz", "/", "/nothing", "/v1/me", "/log/checkpoint"])
def test_every_answer_shows_the_time_and_guards_the_browser(
    marketplace: LiveMarketplace, http: httpx.Client, path: str
) -> None:
    answer = http.get(path)
    assert answer.headers["workdiary-time"] == str(marketplace.clock.ms)
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert "server" not in answer.headers


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/v1/nothing", 404, "not_found"),
        ("GET", "/admin/invite", 404, "not_found"),
        ("DELETE", "/v1/me", 405, "method_not_allowed"),
        ("GET", "/v1/devices", 405, "method_not_allowed"),
        ("GET", "/v1/beacons/7", 422, "invalid_request"),
        ("GET", "/v1/beacons/x", 422, "invalid_request"),
        ("GET", "/v1/beacons/0", 404, "beacon_unknown"),
        ("GET", f"/log/proof/{digest(b'x')}", 404, "object_unknown"),
        ("GET", "/log/proof/x", 422, "invalid_request"),
        ("GET", f"/log/proof/{'B' * 43}", 422, "invalid_request"),
        ("PUT", f"/v1/segments/{digest(b'x')}", 401, "token_missing"),
        ("PUT", f"/v1/blobs/{digest(b'x')}", 401, "token_missing"),
        ("GET", "/v1/diary", 422, "invalid_request"),
        ("GET", f"/v1/diary?contract={'c' * 22}&from=0&to=1", 401, "sign_in_needed"),
        ("GET", f"/v1/diary?contract={'c' * 22}&from=0&to=99999999", 422, "invalid_request"),
    ],
)
def test_every_error_is_a_problem_with_a_stable_code(
    http: httpx.Client, method: str, path: str, status: int, code: str
) -> None:
    answer = http.request(method, path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == MEDIA_TYPE
    body = answer.json()
    assert (body["status"], body["code"]) == (status, code)
    assert body["type"] == f"urn:workdiary:problem:{code}"
    assert body["title"]
    assert body["detail"].endswith(".")


def test_a_wrong_method_gets_the_list_of_the_allowed_ones(http: httpx.Client) -> None:
    answer = http.delete(f"/v1/blobs/{digest(b'x')}")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "HEAD, PUT"
    assert http.delete("/").headers["allow"] == "GET"


def test_an_error_repeats_nothing_of_what_was_sent(http: httpx.Client) -> None:
    answer = http.post("/v1/enrolments", json={"code": ["<script>secret</script>"]})
    assert answer.status_code == 422
    assert "secret" not in answer.text


def test_a_browser_gets_a_page(http: httpx.Client) -> None:
    answer = http.get("/nothing", headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    program = http.get("/v1/nothing", headers={"Accept": "text/html"})
    assert program.headers["content-type"] == MEDIA_TYPE


def test_a_browser_is_answered_in_its_language_and_a_program_in_english(http: httpx.Client) -> None:
    german = {"accept-language": "de-AT,de;q=0.8"}
    answer = http.get("/signin/unknown", headers={"accept": "text/html"} | german)
    assert "Dieser Link gilt nicht mehr" in answer.text
    assert answer.headers["content-language"] == "de"
    assert http.get("/v1/nothing", headers=german).json() == http.get("/v1/nothing").json()


@pytest.mark.usefixtures("one_window")
def test_too_many_tries_are_slowed_down(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("throttled") / "data"
    with (
        live_marketplace(folder, throttle=Throttle(failed="3/minute")) as marketplace,
        httpx.Client(base_url=marketplace.url, trust_env=False, verify=False) as http,
    ):
        answers = [http.post("/v1/enrolments", json={"code": "x"}) for _ in range(5)]
    assert [a.status_code for a in answers] == [401, 401, 401, 429, 429]
    assert answers[-1].json()["code"] == "too_many"
    assert int(answers[-1].headers["retry-after"]) > 0


def test_a_store_that_cannot_write_asks_for_a_retry(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Its first round could end before the store is closed, or fail and log that.
    monkeypatch.setattr(Retention, "run_once", lambda _: 0)
    with live_marketplace(tmp_path_factory.mktemp("closed") / "data") as marketplace:
        marketplace.deps.store.close()
        with httpx.Client(base_url=marketplace.url, trust_env=False, verify=False) as http:
            ready = http.get("/readyz")
            begun = http.post("/v1/enrolments", json={"code": "x"})
            assert http.get("/healthz").status_code == 200
    for answer in (ready, begun):
        assert (answer.status_code, answer.json()["code"]) == (503, "log_unavailable")
        assert answer.headers["retry-after"]


def test_figures_name_routes_and_codes_but_no_people(
    marketplace: LiveMarketplace, http: httpx.Client
) -> None:
    http.get(f"/v1/beacons/{START}")
    http.get("/secret-address-of-somebody")
    assert http.get("/metrics").status_code == 401
    guessed = http.get("/metrics", headers={"Authorization": "Bearer guessed"})
    assert (guessed.status_code, guessed.headers["www-authenticate"]) == (401, "Bearer")
    text = http.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).text
    assert "workdiary_log_size 1.0" in text
    assert 'route="/v1/beacons/{slot}"' in text
    assert str(START) not in text
    assert "secret-address" not in text


def test_the_log_of_requests_holds_no_personal_data(
    marketplace: LiveMarketplace, http: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="marketplace")
    code = marketplace.code(marketplace.contract("Secret title").freelancer)
    http.post("/v1/enrolments", json={"code": code}, headers={"User-Agent": "Somebody"})
    http.get(f"/signin/{code}")

    def records() -> list[logging.LogRecord]:
        return [r for r in caplog.records if r.name.startswith("marketplace")]

    # The log has a request after its response was sent.
    wait_for(lambda: len(records()) >= 2, what="both requests in the log")
    for record in records():
        entry = json.loads(record.getMessage())
        assert set(entry) <= {"event", "level", "timestamp", "method", "route", "status", "ms"}
        for private in (code, "Somebody", "Secret", "Ana", "127.0.0.1"):
            assert private not in record.getMessage()


def test_the_openapi_document_declares_the_interface(http: httpx.Client) -> None:
    document = http.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    wanted = {
        "/.well-known/workdiary": {"get"},
        "/.well-known/oauth-authorization-server": {"get"},
        "/v1/enrolments": {"post"},
        "/v1/enrolments/current": {"get"},
        "/v1/devices": {"post"},
        "/oauth/token": {"post"},
        "/v1/me": {"get"},
        "/v1/contracts": {"get"},
        "/v1/beacons": {"post"},
        "/v1/beacons/current": {"get"},
        "/v1/beacons/{slot}": {"get"},
        "/v1/blobs/{sha}": {"head", "put"},
        "/v1/uploads/{sha}": {"put"},
        "/v1/uploads/{sha}/complete": {"post"},
        "/v1/segments/{sha}": {"get", "put"},
        "/v1/segments": {"post"},
        "/v1/findings": {"get"},
        "/v1/webhooks": {"get", "post"},
        "/v1/webhooks/{endpoint}": {"delete", "get", "patch"},
        "/v1/webhooks/{endpoint}/deliveries": {"get"},
        "/v1/webhooks/{endpoint}/secret": {"post"},
        "/v1/webhooks/{endpoint}/test": {"post"},
        "/v1/vouches": {"post"},
        "/v1/retires": {"post"},
        "/v1/amends": {"post"},
        "/v1/tombstones": {"post"},
        "/v1/heartbeat": {"post"},
        "/v1/statements": {"get"},
        "/v1/bundles/{contract}/{week}": {"get"},
        "/v1/diary": {"get"},
        "/v1/views": {"get"},
        "/v1/reports": {"get"},
        "/v1/reviews": {"get", "post"},
        "/v1/weeks": {"get"},
        "/log/checkpoint": {"get"},
        "/log/cosigned": {"get"},
        "/log/proof/{sha}": {"get"},
        "/log/policy": {"get"},
        "/log/keys": {"get"},
        "/log/tile/{path}": {"get"},
        "/log/{name}/checkpoint": {"get"},
        "/log/{name}/cosigned": {"get"},
        "/log/{name}/tile/{path}": {"get"},
        "/healthz": {"get"},
        "/readyz": {"get"},
        "/metrics": {"get"},
    }
    assert {path: set(methods) for path, methods in document["paths"].items()} == wanted
    raw = document["paths"]["/v1/segments/{sha}"]["put"]["requestBody"]["content"]
    assert raw == {
        "application/sd-jwt": {
            "schema": {
                "type": "string",
                "contentMediaType": "application/sd-jwt",
                "maxLength": 65_536,
            }
        }
    }
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            for status, answer in operation["responses"].items():
                if int(status) >= 400:
                    assert set(answer["content"]) == {MEDIA_TYPE}, (path, method, status)
            assert "500" in operation["responses"]
            for parameter in operation.get("parameters", []):
                assert "anyOf" not in parameter["schema"], "a parameter is absent, never null"
    sums = document["components"]["schemas"]["Sums"]
    assert "from" in sums["required"], "the names in responses"
    links = document["paths"]["/v1/segments/{sha}"]["put"]["responses"]["201"]["links"]
    assert links["proof"] == {
        "operationRef": "#/paths/~1log~1proof~1{sha}/get",
        "description": "The proof that the log contains the segment.",
        "parameters": {"path.sha": "$request.path.sha"},
    }


# Demo


def test_a_demo_runs_faster_from_a_published_origin_also_after_a_restart(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("demo") / "data"
    clock = MovedClock(START)
    with live_marketplace(folder, clock=clock, name="demo.example", speed=60) as marketplace:
        with httpx.Client(base_url=marketplace.url, trust_env=False, verify=False) as http:
            about = http.get("/.well-known/workdiary").json()
            assert about["demo"] == {"speed": 60, "origin_ms": START * 1000}
            assert about["aud"].startswith("demo.")
            assert about["log"]["origin"].startswith("demo.")
            clock.to(START + 10)
            answer = http.get("/healthz")
            assert answer.headers["workdiary-time"] == str((START + 600) * 1000)
        contract = marketplace.contract()
        with marketplace.deps.store.read() as connection:
            book = open_contract(connection, marketplace.account(contract.client), contract.ctr)
            terms = book.terms(connection, START + 10_000)
            assert queries.contracts_of(connection, contract.client) == [contract]
        assert terms is not None
        # Two real seconds each for the picture and for its review.
        assert (terms.shot_tol_ms, terms.review_s) == (120_000, 120)
    clock.to(START + 100)
    with live_marketplace(folder, clock=clock, name="demo.example", speed=60) as marketplace:
        assert marketplace.deps.clock.wall_s() == START + 6_000
        assert marketplace.deps.clock.real_s() == START + 100


@pytest.mark.parametrize("speed", [1, 20, 600])
def test_the_terms_of_a_demo_stay_within_what_the_protocol_allows(
    tmp_path_factory: pytest.TempPathFactory, speed: int
) -> None:
    folder = tmp_path_factory.mktemp("demo") / "data"
    with live_marketplace(folder, name="demo.example", speed=speed) as marketplace:
        contract = marketplace.contract()
        terms = marketplace.deps.contracts.set_terms(contract, limit_s=3_600)
    assert terms.shot_tol_ms == min(300_000, max(10_000, 2_000 * speed))
    assert terms.review_s == min(600, max(15, 2 * speed))
    assert terms.limit_s == 3_600
