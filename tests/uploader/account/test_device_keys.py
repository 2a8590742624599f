"""The device's secrets in a real Secret Service, and the errors without one."""

from __future__ import annotations

import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from diary.objects.picture_times import chain_value
from tests.diary.world import AUD, START
from tests.uploader.secret_service import SecretService
from uploader.account.device_keys import DeviceKeys, DeviceKeyStore, with_keyring_timeout
from uploader.account.keyring import BACKENDS, find_keyring
from uploader.api.dpop import AuthKey
from uploader.errors import KeysError, Problem

if TYPE_CHECKING:
    from pathlib import Path


def code_of(caught: pytest.ExceptionInfo[KeysError]) -> Problem:
    return caught.value.code


def test_a_devices_keys_are_restored_from_the_keyring(service: SecretService) -> None:
    keys, box = DeviceKeys.generate(), DeviceKeyStore(find_keyring())
    box.save(AUD, keys)
    back = DeviceKeyStore(find_keyring()).load(AUD, keys.kid)
    assert (back.kid, back.seed) == (keys.kid, keys.seed)
    assert back.signing.sign(b"x") == keys.signing.sign(b"x")
    assert back.auth.jwk == keys.auth.jwk
    assert back.picture_scheduler(START).value(START) == chain_value(keys.seed, START)


def test_each_marketplace_and_each_device_has_its_own(service: SecretService) -> None:
    first, second, box = (
        DeviceKeys.generate(),
        DeviceKeys.generate(),
        DeviceKeyStore(find_keyring()),
    )
    box.save(AUD, first)
    box.save(AUD, second)
    assert box.load(AUD, first.kid).seed == first.seed
    assert box.load(AUD, second.kid).seed == second.seed
    with pytest.raises(KeysError) as caught:
        box.load("other.example", first.kid)
    assert code_of(caught) is Problem.KEYS_MISSING
    box.forget(AUD, first.kid)
    box.forget(AUD, first.kid)
    with pytest.raises(KeysError) as caught:
        box.load(AUD, first.kid)
    assert code_of(caught) is Problem.KEYS_MISSING
    assert box.load(AUD, second.kid).kid == second.kid


def test_the_keyring_lists_secrets_under_our_name_only(service: SecretService) -> None:
    keys = DeviceKeys.generate()
    DeviceKeyStore(find_keyring()).save(AUD, keys)
    lookup = ["secret-tool", "search", "--all", "service", f"Workdiary {AUD}"]
    found = subprocess.run(
        lookup, env=service.env, capture_output=True, text=True, check=True, timeout=60
    )
    assert found.stdout.count("secret = ") == 3
    assert keys.auth.secret in found.stdout


@pytest.mark.parametrize("item", ["signing-key", "sign-in-key", "moment-seed"])
@pytest.mark.parametrize("value", [None, "torn", ""])
def test_a_wiped_or_damaged_item_is_reported(
    service: SecretService, item: str, value: str | None
) -> None:
    keys, store = DeviceKeys.generate(), find_keyring()
    DeviceKeyStore(store).save(AUD, keys)
    if value is None:
        store.delete_password(f"Workdiary {AUD}", f"{keys.kid} {item}")
    else:
        store.set_password(f"Workdiary {AUD}", f"{keys.kid} {item}", value)
    with pytest.raises(KeysError, match="Join again") as caught:
        DeviceKeyStore(store).load(AUD, keys.kid)
    assert code_of(caught) is Problem.KEYS_MISSING


def test_another_devices_key_under_our_name_is_not_taken(service: SecretService) -> None:
    ours, theirs, store = DeviceKeys.generate(), DeviceKeys.generate(), find_keyring()
    for keys in (ours, theirs):
        DeviceKeyStore(store).save(AUD, keys)
    swapped = store.get_password(f"Workdiary {AUD}", f"{theirs.kid} signing-key")
    store.set_password(f"Workdiary {AUD}", f"{ours.kid} signing-key", swapped or "")
    with pytest.raises(KeysError) as caught:
        DeviceKeyStore(store).load(AUD, ours.kid)
    assert code_of(caught) is Problem.KEYS_MISSING


def test_a_keyring_that_stays_locked_is_reported(service: SecretService) -> None:
    keys = DeviceKeys.generate()
    DeviceKeyStore(find_keyring()).save(AUD, keys)
    service.lock()
    with pytest.raises(KeysError, match="Unlock it") as caught:
        DeviceKeyStore(find_keyring()).load(AUD, keys.kid)
    assert code_of(caught) is Problem.KEYRING_LOCKED


def test_a_keyring_that_dies_is_reported(service: SecretService) -> None:
    keys, box = DeviceKeys.generate(), DeviceKeyStore(find_keyring())
    box.save(AUD, keys)
    service.close()
    with pytest.raises(KeysError) as caught:
        box.load(AUD, keys.kid)
    assert code_of(caught) in {Problem.KEYRING_FAILED, Problem.KEYRING_LOCKED}


def test_without_a_session_bus_there_is_no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
    with pytest.raises(KeysError, match="GNOME Keyring and KWallet") as caught:
        find_keyring("linux")
    assert code_of(caught) is Problem.KEYRING_ABSENT


def test_only_four_keyrings_are_ever_asked() -> None:
    assert {module for _, module, _ in BACKENDS} == {
        "keyring.backends.SecretService",
        "keyring.backends.kwallet",
        "keyring.backends.Windows",
        "keyring.backends.macOS",
    }


def test_a_plain_text_keyring_is_not_used_even_if_it_is_the_users_choice(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """keyrings.alt and others are enabled by configuration or plug-in; none is ever used."""
    module = tmp_path / "plain_keyring.py"
    module.write_text(
        "from keyring.backend import KeyringBackend\n"
        "class Plain(KeyringBackend):\n"
        "    priority = 100\n"
        "    def get_password(self, service, username): return None\n"
        "    def set_password(self, service, username, password): raise SystemExit('written')\n"
        "    def delete_password(self, service, username): pass\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "plain_keyring.Plain")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
    with pytest.raises(KeysError) as caught:
        find_keyring("linux")
    assert code_of(caught) is Problem.KEYRING_ABSENT


def test_keyring_is_not_imported_before_it_is_needed() -> None:
    script = "import sys, uploader.account.device_keys; print('keyring' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"


def test_secrets_show_in_no_text_of_the_keys() -> None:
    keys = DeviceKeys.generate()
    shown = f"{keys!r} {keys} {keys.signing!r} {keys.auth!r} {keys.picture_scheduler(0)!r}"
    for secret in keys.auth.secret.split(".")[:1]:
        assert secret not in shown
    assert keys.seed.hex() not in shown
    assert str(keys.seed) not in shown
    assert str(keys.signing.seed) not in shown


class Forgetful:
    """A keyring that accepts everything and stores nothing."""

    def get_password(self, *_: str) -> None:
        return None

    def set_password(self, *_: str) -> None:
        return None

    def delete_password(self, *_: str) -> None:
        return None


def test_a_keyring_that_keeps_nothing_is_found_out_before_anything_is_sent() -> None:
    with pytest.raises(KeysError) as caught:
        DeviceKeyStore(Forgetful()).save(AUD, DeviceKeys.generate())
    assert code_of(caught) is Problem.KEYRING_FAILED


# Waiting for the user


def test_a_keyring_that_makes_one_wait_is_shown_and_then_answers() -> None:
    unlocked, shown = threading.Event(), []

    def waiting() -> None:
        shown.append(threading.current_thread())
        unlocked.set()  # the user answers the dialog

    def call() -> str:
        assert unlocked.wait(60)
        return "keys"

    assert with_keyring_timeout(call, waiting, after_s=0.01) == "keys"
    assert shown == [threading.current_thread()]


def test_a_quick_keyring_shows_nothing() -> None:
    def waiting() -> None:
        pytest.fail("nobody had to wait")

    assert with_keyring_timeout(lambda: 7, waiting, after_s=60) == 7


def test_the_error_of_the_call_is_raised() -> None:
    def call() -> None:
        raise KeysError(Problem.KEYS_MISSING)

    with pytest.raises(KeysError):
        with_keyring_timeout(call, lambda: None, after_s=60)


def test_an_unanswered_dialog_is_given_up() -> None:
    never = threading.Event()
    with pytest.raises(KeysError) as caught:
        with_keyring_timeout(lambda: never.wait(60), lambda: None, after_s=0.01, give_up_s=0.01)
    assert code_of(caught) is Problem.KEYRING_LOCKED
    never.set()


@pytest.mark.parametrize("secret", ["", "a.b.c", "a.b", "x" * 131, "AA.AA.AA"])
def test_a_damaged_sign_in_key_is_no_key(secret: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        AuthKey.from_secret(secret)
