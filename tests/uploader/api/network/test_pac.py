"""Proxy scripts (PAC): real scripts from a real server and a file, in the real helper process."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tests.uploader.connect_proxy import HOST, connect_proxy, issue, speak_tls, tls_market
from tests.uploader.proxy import Exchange, FaultProxy, Reply, Silence, running
from ui.cli.main import HELPERS
from uploader.api.network import pac, pac_helper
from uploader.api.network.route import SCRIPT_S, Route, RouteChoice
from uploader.api.transport import Limits, ServerClockObserver, Transport
from uploader.errors import NetworkError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

URL = f"https://{HOST}:8443/v1/segments/a-secret-path"
DIRECT = 'function FindProxyForURL(url, host) { return "DIRECT"; }'


@pytest.fixture
def server() -> Iterator[FaultProxy]:
    """The server of the script."""
    with running(FaultProxy()) as made:
        yield made


def serve(server: FaultProxy, script: str, status: int = 200) -> str:
    def answer(exchange: Exchange) -> None:
        kind = [("Content-Type", "application/x-ns-proxy-autoconfig")]
        exchange.reply(Reply(status, kind, script.encode()))

    server.always = answer
    return f"{server.url}/proxy.pac"


def returning(result: str) -> str:
    return f'function FindProxyForURL(url, host) {{ return "{result}"; }}'


def found(tmp_path: Path, script: str) -> tuple[str, ...]:
    file = tmp_path / "proxy.pac"
    file.write_text(script, "utf-8")
    return pac.find_proxies(str(file), "", URL)


def refusal(script: str) -> tuple[Problem, str]:
    with pytest.raises(NetworkError) as caught:
        pac.find_proxies(script, "", URL)
    return caught.value.code, caught.value.detail


# The script


@pytest.mark.parametrize(
    ("result", "proxies"),
    [
        ("DIRECT", ("DIRECT",)),
        ("PROXY p.example:3128", ("http://p.example:3128",)),
        ("HTTPS p.example:443; DIRECT", ("https://p.example:443", "DIRECT")),
        (" proxy a:1 ;; PROXY b:2;", ("http://a:1", "http://b:2")),
        ("SOCKS s:1080; nonsense; DIRECT", ("socks5://s:1080", "DIRECT")),
    ],
)
def test_a_scripts_result_becomes_addresses(
    tmp_path: Path, result: str, proxies: tuple[str, ...]
) -> None:
    assert found(tmp_path, returning(result)) == proxies


def test_a_script_uses_the_usual_functions_and_sees_no_path(tmp_path: Path) -> None:
    script = """// Über
    function FindProxyForURL(url, host) {
        if (url.indexOf("secret") >= 0) return "PROXY path:1";
        if (shExpMatch(host, "*.example") && !isPlainHostName(host) && !isInNet("10.1.2.3",
            "192.168.0.0", "255.255.0.0") && dnsDomainIs(host, ".example"))
            return "PROXY " + host + ":1; PROXY " + url.split("/")[2];
        return "DIRECT";
    }"""
    assert found(tmp_path, script) == (f"http://{HOST}:1", f"http://{HOST}:8443")


def test_a_script_gets_no_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_SECRET", "for-nobody")
    script = """function FindProxyForURL(url, host) {
        return "PROXY " + (process.env.A_SECRET || "nothing") + ":1";
    }"""
    assert found(tmp_path, script) == ("http://nothing:1",)


@pytest.mark.parametrize(
    "script",
    [
        "",
        "<html>Sign in</html>",
        "function FindProxyForURL(url, host) { return missing(host); }",
        "function FindProxyForURL(url, host) { return",
        "function FindProxyForURL(url, host) { return null; }",
        "function FindProxyForURL(url, host) { return 7; }",
        "function FindProxyForURL(url, host) { return ''; }",
        "function FindProxyForURL(url, host) { return 'nonsense'; }",
        "function FindProxyForURL(url, host) { return isInNet(); }",
        "function FindProxyForURL(url, host) { return FindProxyForURL(url, host); }",
        "function FindProxyForURL(url, host) { var a = 'x'; for (;;) a += a; }",
    ],
)
def test_a_broken_script_is_a_clear_error(tmp_path: Path, script: str) -> None:
    file = tmp_path / "proxy.pac"
    file.write_text(script)
    code, reason = refusal(str(file))
    assert code is Problem.PAC_BROKEN
    assert reason


def test_an_endless_script_is_ended(tmp_path: Path) -> None:
    file = tmp_path / "proxy.pac"
    file.write_text("function FindProxyForURL(url, host) { for (;;) {} }")
    with pytest.raises(NetworkError) as caught:
        pac.find_proxies(str(file), "", URL, run_s=1.0)
    assert (caught.value.code, caught.value.detail) == (Problem.PAC_BROKEN, "it does not end")


# Where it is


def test_a_script_is_fetched_without_a_proxy(
    server: FaultProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert pac.find_proxies(serve(server, DIRECT), "", URL) == ("DIRECT",)


def test_a_script_may_need_the_own_authority(server: FaultProxy, tmp_path: Path) -> None:
    authority, certificate, key = issue(tmp_path, "localhost")
    speak_tls(server, certificate, key)
    serve(server, DIRECT)
    port = server.url.rpartition(":")[2]
    address = f"https://localhost:{port}/proxy.pac"
    assert pac.find_proxies(address, str(authority), URL) == ("DIRECT",)
    code, reason = refusal(address)
    assert (code, reason) == (Problem.PAC_UNREADABLE, "SSLError")


@pytest.mark.parametrize("status", [301, 404, 500])
def test_a_server_without_the_script_is_reported(server: FaultProxy, status: int) -> None:
    address = serve(server, DIRECT, status)
    assert refusal(address) == (Problem.PAC_UNREADABLE, f"status {status}")


def test_a_huge_script_is_refused(server: FaultProxy, tmp_path: Path) -> None:
    huge = DIRECT + " " * pac.LARGEST
    assert refusal(serve(server, huge)) == (Problem.PAC_UNREADABLE, "it is too large")
    file = tmp_path / "proxy.pac"
    file.write_text(huge)
    assert refusal(str(file)) == (Problem.PAC_UNREADABLE, "it is too large")


def test_a_server_that_never_answers_is_given_up(
    server: FaultProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pac, "FETCH_S", 0.2)
    server.always = silence = Silence()
    code, _ = refusal(f"{server.url}/proxy.pac")
    silence.let.set()
    assert code is Problem.PAC_UNREADABLE


def test_a_missing_file_and_a_folder_are_reported(tmp_path: Path) -> None:
    missing = str(tmp_path / "none.pac")
    assert refusal(missing) == (Problem.PAC_UNREADABLE, "the file is missing")
    assert refusal(str(tmp_path)) == (Problem.PAC_UNREADABLE, "the file cannot be read")
    assert refusal("http://127.0.0.1:9/proxy.pac")[0] is Problem.PAC_UNREADABLE


# The route


@pytest.fixture
def market(tmp_path: Path) -> Iterator[FaultProxy]:
    with tls_market(tmp_path) as made:
        yield made


def test_a_request_takes_the_first_proxy_that_is_reached(
    server: FaultProxy, market: FaultProxy, tmp_path: Path
) -> None:
    port = int(market.url.rpartition(":")[2])
    with connect_proxy(port) as proxy:
        where = proxy.address.removeprefix("http://")
        names = f"PROXY 127.0.0.1:9; PROXY proxy.invalid:1; SOCKS s:1; PROXY {where}; DIRECT"
        script = serve(server, returning(names))
        choice = RouteChoice("pac", script=script, authority=str(tmp_path / "authority.pem"))
        now = [0.0]
        route = Route(choice, monotonic=lambda: now[0])
        times = ServerClockObserver(uptime_ms=lambda: 0)
        transport = Transport(times, Limits(5, 5, 5), route=route)
        try:
            assert route.address_of(URL) == "", "no script has run yet"
            assert transport.send("GET", URL).status == 200
            assert route.address_of(URL) == proxy.address
            assert transport.send("GET", URL).status == 200
            assert len(server.requests) == 1, "the script is not fetched for each request"
            assert proxy.seen == [f"{HOST}:8443"], "the connection is used again"
            now[0] = SCRIPT_S
            assert transport.send("GET", URL).status == 200
            assert len(server.requests) == 2
        finally:
            transport.close()


def test_when_no_proxy_is_reached_the_last_problem_is_reported(server: FaultProxy) -> None:
    script = serve(server, returning("PROXY proxy.invalid:1; PROXY 127.0.0.1:9"))
    transport = Transport(
        ServerClockObserver(uptime_ms=lambda: 0),
        Limits(5, 5, 5),
        route=Route(RouteChoice("pac", script=script)),
    )
    with pytest.raises(NetworkError) as caught:
        transport.send("GET", URL)
    transport.close()
    assert caught.value.code is Problem.PROXY_UNREACHABLE
    assert caught.value.detail == "http://127.0.0.1:9"


def test_this_program_imports_no_interpreter(tmp_path: Path) -> None:
    assert found(tmp_path, DIRECT) == ("DIRECT",)
    assert not {"dukpy", "pypac"} & set(sys.modules)


def test_a_packaged_program_is_its_own_helper() -> None:
    assert HELPERS[pac.OPTION] == pac_helper.__name__
