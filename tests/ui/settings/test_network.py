"""The network's settings: forms of addresses, no password in the file, values of a policy."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from ui.client.network.route import choice_of, open_route
from ui.settings.network import is_file_path, is_server_address, is_user, proxy_address
from ui.settings.policy.policy import parse_policy
from ui.settings.settings import (
    AUTHORITY,
    NETWORK,
    PROXY,
    PROXY_USER,
    SETTINGS,
    TABLE,
    Settings,
    parse,
    save,
)
from uploader.api.network.route import RouteChoice

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("proxy.example:3128", "http://proxy.example:3128"),
        (" http://proxy.example:3128/ ", "http://proxy.example:3128"),
        ("https://proxy.example", "https://proxy.example"),
        ("10.0.0.1:8080", "http://10.0.0.1:8080"),
        ("http://[2001:db8::1]:3128", "http://[2001:db8::1]:3128"),
        ("", None),
        ("http://", None),
        ("socks5://proxy.example:1080", None),
        ("http://ana:secret@proxy.example:3128", None),
        ("ana@proxy.example:3128", None),
        ("http://@proxy.example:3128", None),
        ("http://proxy.example:port", None),
        ("http://proxy.example:0", None),
        ("http://proxy.example:", None),
        ("http://proxy.example:70000", None),
        ("http://proxy.example:3128/path", None),
        ("http://proxy.example:3128?x", None),
        ("http://proxy.example?", None),
        ("http://proxy.example#", None),
        ("http://proxy example", None),
        ("http://pröxy.example", None),
        ("http://proxy.example\r\nHost: x", None),
        ("http://[bad", None),
        ("x" * 400, None),
    ],
)
def test_an_address_of_a_proxy_is_kept_in_one_form(text: str, kept: str | None) -> None:
    assert proxy_address(text) == kept


@pytest.mark.parametrize(
    ("text", "fits"),
    [("ana", True), (r"ACME\ana", True), ("a:b", False), ("", False), ("a\n", False)],
)
def test_a_user_name_has_no_colon(text: str, fits: bool) -> None:
    assert is_user(text) is fits


def test_a_file_is_named_by_its_whole_path(tmp_path: Path) -> None:
    assert is_file_path(str(tmp_path / "ca.pem"))
    assert not is_file_path("ca.pem")
    assert not is_file_path(str(tmp_path / "a\0"))


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("https://mirror.example", True),
        ("https://mirror.example:8443/workdiary/", True),
        ("http://mirror.example/workdiary", False),
        ("https://ana:secret@mirror.example", False),
        ("https://mirror.example/?x", False),
        ("https://mirror.example/#x", False),
        ("https://mirror.example:0", False),
        ("https:///workdiary", False),
        ("https://mirror.example/a b", False),
        ("https://[bad", False),
        ("https://mirror.example/" + "x" * 300, False),
        ("/srv/workdiary", False),
    ],
)
def test_an_update_server_is_named_by_a_secure_address(text: str, fits: bool) -> None:
    assert is_server_address(text) is fits


def test_a_password_in_the_file_is_neither_used_nor_reported() -> None:
    data = json.dumps({"proxy": "http://ana:secret@proxy.example:3128", "proxy_user": "a:secret"})
    settings, problems = parse(data.encode())
    assert settings.text(PROXY) == settings.text(PROXY_USER) == ""
    assert len(problems) == 2
    assert not any("secret" in problem for problem in problems)


def test_the_settings_make_the_route(tmp_path: Path) -> None:
    file = str(tmp_path / "ca.pem")
    values = ((NETWORK, "manual"), (PROXY, "http://p:1"), (PROXY_USER, "ana"), (AUTHORITY, file))
    settings = Settings()
    for row, value in values:
        settings = settings.changed(row, value)
    assert choice_of(settings) == RouteChoice("manual", "http://p:1", "ana", file)
    assert choice_of(Settings()) == RouteChoice()
    save(tmp_path / SETTINGS, settings.changed(PROXY_USER, ""))
    route = open_route(tmp_path)
    assert route.verify == file
    assert route.proxies("https://market.example") == {"https": "http://p:1"}


def test_a_policy_sets_the_route() -> None:
    given = {"network": "manual", "proxy": "http://proxy.acme.example:3128", "proxy_user": "ana"}
    policy = parse_policy({"enforced": given}, "policy.json", TABLE)
    assert policy.problems == ()
    choice = choice_of(Settings(policy=policy))
    assert choice == RouteChoice("manual", "http://proxy.acme.example:3128", "ana")
    bad = {"enforced": {"proxy": "http://ana:secret@p:1", "network": "tor"}}
    policy = parse_policy(bad, "policy.json", TABLE)
    assert policy.enforced == {}
    assert [problem.code for problem in policy.problems] == ["invalid_value"] * 2
    assert not any("secret" in str(problem) for problem in policy.problems)
