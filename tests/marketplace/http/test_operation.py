"""An operator's settings: base URL, proxy, metrics; and the sign-in of devices and people."""

from __future__ import annotations

import contextlib
import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from marketplace.accounts.user_agents import agent_of
from marketplace.cli import main
from marketplace.contracts.queries import Contract
from marketplace.core.config import Config, ConfigError
from marketplace.core.rate_limit import Throttle
from tests.marketplace.http.test_processes import now_s, served
from tests.marketplace.live_marketplace import LiveMarketplace, live_marketplace
from tests.marketplace.simulated_device import SimulatedDevice

OURS = {"Sec-Fetch-Site": "same-origin"}
PUBLIC = "https://diary.example"


@contextlib.contextmanager
def browser(url: str, **headers: str) -> Iterator[httpx.Client]:
    with httpx.Client(
        base_url=url, headers={"Accept": "text/html", **headers}, trust_env=False, verify=False
    ) as client:
        yield client


# The base URL


@pytest.mark.parametrize(
    "url",
    [
        "https://diary.example",
        "https://diary.example:8443",
        "https://[2001:db8::1]",
        "http://127.0.0.1:8000",
        "http://localhost:8000",
        "http://[::1]:8000",
    ],
)
def test_a_base_url_is_an_origin(tmp_path: Path, url: str) -> None:
    assert Config(tmp_path, "example", url).host == url.partition("//")[2]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "diary.example",
        "http://diary.example",
        "http://127.0.0.1.evil.example",
        "ftp://diary.example",
        "https://diary.example/path",
        "https://diary.example?x",
        "https://user@diary.example",
        "https://Diary.example",
        "https://diary.example:0",
        "https://diary.example:70000",
        "https://diary example",
        "https://diary.example\n",
        "https://",
    ],
)
def test_invalid_values_are_refused_with_a_sentence(tmp_path: Path, url: str) -> None:
    with pytest.raises(ConfigError, match=r"\.$"):
        Config(tmp_path, "example", url)


@pytest.mark.parametrize("proxy", ["", "proxy", "10.0.0.0/33", "10.0.0.1/8", "127.0.0.1:80"])
def test_a_proxy_that_is_no_address_is_refused(tmp_path: Path, proxy: str) -> None:
    with pytest.raises(ConfigError, match="proxy"):
        Config(tmp_path, "example", PUBLIC, proxies=(proxy,))


def test_a_process_behind_a_proxy_names_its_public_address_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "data"
    options = ("--base-url", PUBLIC, "--trusted-proxy", "127.0.0.1")
    with served(folder, "--example", *options) as marketplace:
        local = marketplace.url
        assert main(["invite", "--data-dir", str(folder), "--links", str(tmp_path / "links")]) == 0
        links = json.loads((tmp_path / "links").read_text())
        assert {links["marketplace"], links["client"].partition("/signin/")[0]} == {PUBLIC}
        device = SimulatedDevice(PUBLIC, now_s, local=local)
        assert all(url.startswith(f"{PUBLIC}/") for url in device.about["endpoints"].values())
        device.enrol(links["enrol_code"])
        device.sign_in()
        assert device.call("GET", "/v1/me").status_code == 200
        device.http.close()
        with browser(local, Host="diary.example") as client:
            path = links["client"].removeprefix(PUBLIC)
            assert "Acme" in client.get(path).text
            answer = client.post(path, headers=OURS)
            assert (answer.status_code, answer.headers["location"]) == (303, "/")
            cookie = answer.headers["set-cookie"]
            assert cookie.startswith("__Host-wd_session=")
            for attribute in ("Secure", "HttpOnly", "SameSite=lax", "Path=/"):
                assert attribute in cookie
            assert "Domain" not in cookie
            session = {"Cookie": cookie.partition(";")[0]}
            assert client.get("/", headers=session).status_code == 200
            plain = session["Cookie"].replace("__Host-", "")
            assert client.get("/", headers={"Cookie": plain}).status_code == 401
            form = client.post("/signout", headers={**session, "Origin": PUBLIC})
            assert form.status_code == 200
        # The commands reach the process through its own port.
        capsys.readouterr()
        assert main(["devices", "--data-dir", str(folder)]) == 0
        assert device.key.kid in capsys.readouterr().out
        assert marketplace.stop() == 0
        # Stored, also for commands without a process; deleted on request.
        assert main(["invite", "--data-dir", str(folder)]) == 0
        assert f"{PUBLIC}/signin/" in capsys.readouterr().out
        marketplace.options = ()
        marketplace.start()
        with browser(marketplace.url, Host="diary.example") as client:
            assert client.get("/healthz").status_code == 200
        assert marketplace.stop() == 0
        marketplace.options = ("--base-url", "local")
        marketplace.start()
        with browser(marketplace.url) as client:
            about = client.get("/.well-known/workdiary").json()
            assert about["endpoints"]["me"] == f"{marketplace.url}/v1/me"
        assert marketplace.stop() == 0
        assert main(["invite", "--data-dir", str(folder)]) == 0
        assert f"{marketplace.url}/signin/" in capsys.readouterr().out


# Host


@pytest.fixture(scope="module")
def marketplace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveMarketplace]:
    with live_marketplace(tmp_path_factory.mktemp("market") / "data") as running:
        yield running


@pytest.mark.parametrize(
    "host",
    [
        "evil.example", "127.0.0.1", "127.0.0.1:1", "127.0.0.1.evil.example:{port}", "-",
        "evil.example:{port}", "user@127.0.0.1:{port}", "[::1]:{port}", "127.0.0.1:{port}.",
        "localhost:{port}",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "path",
    ["/", "/signin", "/devices/", "/v1/me", "/v1/contracts/", "/static/pages.css", "/nothing"],
)
def test_every_request_with_a_foreign_host_is_refused(
    marketplace: LiveMarketplace, host: str, path: str
) -> None:
    name = host.format(port=marketplace.url.rpartition(":")[2])
    with browser(marketplace.url, Host=name) as client:
        answer = client.get(path)
        assert (answer.status_code, answer.json()["code"]) == (421, "host_unknown")
        assert "location" not in answer.headers
        assert "evil" not in answer.text


def test_no_response_links_to_the_host_of_its_request(marketplace: LiveMarketplace) -> None:
    host = marketplace.url.partition("//")[2]
    for path in ("/devices/", "/v1/contracts/", "/healthz/", "//evil.example/", "/signin/"):
        with browser(marketplace.url, Host=host.upper()) as client:
            answer = client.get(path)
            assert answer.status_code in (401, 404)
            assert "location" not in answer.headers


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_a_request_without_a_host_is_refused(marketplace: LiveMarketplace, version: str) -> None:
    port = int(marketplace.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
        line.sendall(f"GET / HTTP/{version}\r\n\r\n".encode())
        assert line.recv(100).split(b" ")[1] in (b"400", b"421")


def test_a_forwarded_address_is_believed_from_a_trusted_proxy_alone(tmp_path: Path) -> None:
    low = Throttle(failed="3/day")

    def tries(url: str, address: str) -> list[int]:
        headers = {"X-Forwarded-For": address}
        with httpx.Client(base_url=url, trust_env=False, verify=False, headers=headers) as client:
            return [client.post("/v1/enrolments", json={"code": "x"}).status_code for _ in range(5)]

    with live_marketplace(tmp_path / "with", throttle=low, proxies=("127.0.0.0/8",)) as behind:
        assert tries(behind.url, "192.0.2.1") == [401, 401, 401, 429, 429]
        assert tries(behind.url, "192.0.2.2") == [401, 401, 401, 429, 429]
        # A header written by the client precedes the proxy's own value.
        assert tries(behind.url, "198.51.100.9, 192.0.2.1") == [429] * 5
    with live_marketplace(tmp_path / "without", throttle=Throttle(failed="3/day")) as alone:
        assert tries(alone.url, "192.0.2.1") == [401, 401, 401, 429, 429]
        assert tries(alone.url, "192.0.2.2") == [429] * 5


# Metrics


def test_figures_have_a_port_or_a_token_and_no_public_address(tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("0123456789abcdef\n")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = ("--metrics-port", str(port), "--metrics-token-file", str(token))
    with served(tmp_path / "data", "--example", *options) as marketplace:
        with browser(marketplace.url) as client:
            assert client.get("/metrics").status_code == 401
            right = {"Authorization": "Bearer 0123456789abcdef"}
            for headers in (
                {"Authorization": "Bearer 0123456789abcdee"},
                {"Authorization": "Bearer"},
            ):
                assert client.get("/metrics", headers=headers).status_code == 401
            assert "workdiary_log_size" in client.get("/metrics", headers=right).text
        figures = httpx.get(f"http://127.0.0.1:{port}/metrics", trust_env=False, verify=False).text
        assert re.search(r"^workdiary_log_size [1-9]", figures, re.MULTILINE)
        assert "workdiary_connections " in figures
        assert marketplace.stop() == 0
        marketplace.options = ()
        marketplace.start()
        with browser(marketplace.url) as client:
            assert client.get("/metrics", headers=right).status_code == 404
        assert marketplace.stop() == 0


def test_an_invalid_port_or_metrics_token_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, short = tmp_path / "data", tmp_path / "short"
    assert main(["setup", "--data-dir", str(folder)]) == 0
    short.write_text("short")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        for arguments in (
            ["--metrics-port", str(taken.getsockname()[1])],
            ["--metrics-port", "70000"],
            ["--metrics-token-file", str(short)],
            ["--metrics-token-file", str(tmp_path / "missing")],
        ):
            capsys.readouterr()
            assert main(["serve", "--data-dir", str(folder), *arguments]) == 2
            output = capsys.readouterr()
            assert output.out == ""
            assert output.err.startswith("workdiary-marketplace: ")
            assert output.err.count("\n") == 1


# Links and sessions


def test_a_new_link_ends_the_older_ones_of_that_person_alone(
    marketplace: LiveMarketplace, contract: Contract
) -> None:
    first, other = (
        marketplace.code(contract.client, "signin"),
        marketplace.code(contract.freelancer, "signin"),
    )
    enrol = marketplace.code(contract.freelancer)
    second = marketplace.code(contract.client, "signin")
    with browser(marketplace.url) as client:
        assert client.get(f"/signin/{first}").status_code == 404
        assert client.post(f"/signin/{first}", headers=OURS).status_code == 404
        for code in (second, other):
            assert client.post(f"/signin/{code}", headers=OURS).status_code == 303
    device = SimulatedDevice(marketplace.url, marketplace.deps.clock.real_s)
    device.enrol(enrol)
    device.http.close()


def signed_in(marketplace: LiveMarketplace, sub: str, agent: str) -> httpx.Client:
    """A browser that has used a link."""
    client = httpx.Client(
        base_url=marketplace.url,
        headers={"User-Agent": agent, **OURS},
        trust_env=False,
        verify=False,
    )
    assert client.post(f"/signin/{marketplace.code(sub, 'signin')}").status_code == 303
    return client


FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1"
)


def test_a_person_sees_all_browser_sessions_and_ends_them(
    marketplace: LiveMarketplace, contract: Contract
) -> None:
    here = signed_in(marketplace, contract.client, FIREFOX)
    phone = signed_in(marketplace, contract.client, PHONE)
    other = signed_in(marketplace, contract.freelancer, "<b>curl</b>")
    link = marketplace.code(contract.client, "signin")
    page = here.get("/sessions").text
    assert page.count("<h2>") == 2
    assert page.index("Firefox, Linux") < page.index("This browser") < page.index("Safari, iPhone")
    assert "145" not in page
    strange = other.get("/sessions").text
    assert "Unknown browser" in strange
    assert "curl" not in strange
    assert here.post("/sessions/end", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert phone.get("/").status_code == 200
    ended = here.post("/sessions/end")
    assert "signed out everywhere" in ended.text
    for client in (here, phone):
        assert client.get("/").status_code == 401
    assert other.get("/").status_code == 200
    assert here.get(f"/signin/{link}").status_code == 404
    for client in (here, phone, other):
        client.close()


@pytest.mark.parametrize("also", [True, False])
def test_stopping_a_device_offers_to_end_its_owners_other_sessions(
    marketplace: LiveMarketplace, contract: Contract, device: SimulatedDevice, also: bool
) -> None:
    here = signed_in(marketplace, contract.freelancer, FIREFOX)
    phone = signed_in(marketplace, contract.freelancer, PHONE)
    client = signed_in(marketplace, contract.client, FIREFOX)
    path = f"/devices/{device.key.kid}/stop"
    page = here.get(path).text
    assert 'name="browsers"' in page
    assert "other browsers" in page
    assert here.post(path, data={"browsers": "1"} if also else {}).status_code == 303
    assert device.call("GET", "/v1/me").json()["code"] == "device_revoked"
    assert here.get("/").status_code == 200, "the person continues here"
    assert phone.get("/").status_code == (401 if also else 200)
    assert client.get("/").status_code == 200
    for each in (here, phone, client):
        each.close()


def test_the_operator_ends_sessions_with_the_device(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "data"
    with served(folder, "--example") as marketplace:
        assert main(["invite", "--data-dir", str(folder), "--links", str(tmp_path / "links")]) == 0
        links = json.loads((tmp_path / "links").read_text())
        device = SimulatedDevice(marketplace.url, now_s)
        device.enrol(links["enrol_code"])
        device.http.close()
        with browser(marketplace.url) as client:
            assert client.post(links["freelancer"], headers=OURS).status_code == 303
            assert client.get("/").status_code == 200
            arguments = ["stop-device", "--data-dir", str(folder), device.key.kid, "--sign-out"]
            assert main(arguments) == 0
            assert "is stopped" in capsys.readouterr().out
            assert client.get("/").status_code == 401


def test_a_session_shows_when_it_was_last_used(
    marketplace: LiveMarketplace, contract: Contract
) -> None:
    client = signed_in(marketplace, contract.client, FIREFOX)
    token = client.cookies["wd_session"]
    (before,) = marketplace.deps.sign_in.sessions(contract.client, token)
    marketplace.clock.ms += 301_000
    assert client.get("/").status_code == 200
    marketplace.deps.store.write(lambda _: None).result()
    (after,) = marketplace.deps.sign_in.sessions(contract.client, token)
    assert after.seen_s == before.seen_s + 301
    assert after.since_s == before.since_s
    client.close()


EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0"
)
CHROME = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/142.0.0.0 Mobile Safari/537.36"
)


@pytest.mark.parametrize(
    ("header", "shown"),
    [
        (FIREFOX, "Firefox, Linux"),
        (PHONE, "Safari, iPhone"),
        (EDGE, "Edge, Windows"),
        (CHROME, "Chrome, Android"),
        ("curl/8.5.0", ""),
        ("", ""),
        ("\x00" * 10_000, ""),
    ],
)
def test_a_browser_is_named_by_name_and_system(header: str, shown: str) -> None:
    assert agent_of(header) == shown
