"""The password of a proxy in the operating system's keyring.

Rules kept: the password is in the keyring and nowhere else. The item's name has the user and the
proxy's address, so that no other proxy receives it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from uploader.account.device_keys import with_keyring_timeout
from uploader.account.keyring_helper import HelperKeyring
from uploader.api.network.route import RouteChoice
from uploader.errors import KeysError, NetworkError

T = TypeVar("T")

SERVICE = "Workdiary proxy"
#: Seconds for the person to unlock the keyring.
UNLOCK_S = 60.0
#: Characters of a password.
LONGEST = 512


def read_password(choice: RouteChoice) -> str | None:
    """The password for a choice's proxy; None without one. May wait for the person.

    Raises NetworkError with the keyring's problem, since no request can be sent then.
    """
    try:
        return _ask(lambda keyring: keyring.get_password(SERVICE, _item(choice)))
    except KeysError as error:
        raise NetworkError(error.code, error.detail) from error


def save_password(choice: RouteChoice, password: str) -> None:
    """Keep a password of at most `LONGEST` characters; "" removes it. Raises KeysError."""

    def save(keyring: HelperKeyring) -> None:
        if password:
            keyring.set_password(SERVICE, _item(choice), password[:LONGEST])
        elif keyring.get_password(SERVICE, _item(choice)) is not None:
            keyring.delete_password(SERVICE, _item(choice))

    _ask(save)


def _item(choice: RouteChoice) -> str:
    return f"{choice.user}@{choice.proxy}"


def _ask(call: Callable[[HelperKeyring], T]) -> T:
    keyring = HelperKeyring()
    try:
        return with_keyring_timeout(lambda: call(keyring), lambda: None, give_up_s=UNLOCK_S)
    finally:
        keyring.close()
