"""The proxy's password in a real keyring."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from uploader.account.keyring import find_keyring
from uploader.account.proxy_password import SERVICE, read_password, save_password
from uploader.api.network.route import RouteChoice
from uploader.errors import KeysError, NetworkError, Problem

if TYPE_CHECKING:
    from tests.uploader.secret_service import SecretService

CHOICE = RouteChoice("manual", "http://proxy.example:3128", "ana")


def test_a_password_is_kept_for_one_user_of_one_proxy(service: SecretService) -> None:
    assert read_password(CHOICE) is None
    save_password(CHOICE, "s3cret ü")
    assert read_password(CHOICE) == "s3cret ü"
    assert find_keyring().get_password(SERVICE, "ana@http://proxy.example:3128") == "s3cret ü"
    for other in ("http://proxy.example:3129", "http://other.example:3128"):
        assert read_password(RouteChoice("manual", other, "ana")) is None
    assert read_password(RouteChoice("manual", CHOICE.proxy, "ben")) is None


def test_an_empty_password_removes_it(service: SecretService) -> None:
    save_password(CHOICE, "")
    save_password(CHOICE, "s3cret")
    save_password(CHOICE, "")
    assert read_password(CHOICE) is None


def test_without_a_keyring_no_request_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    with pytest.raises(NetworkError) as caught:
        read_password(CHOICE)
    assert caught.value.code is Problem.KEYRING_ABSENT
    with pytest.raises(KeysError):
        save_password(CHOICE, "s3cret")
