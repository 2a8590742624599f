"""The device's secrets in the operating system's keyring.

Rules kept (`docs/protocol.md` §2): the signing key, the sign-in key and the seed of the picture
times are stored as three small items in the operating system's keyring and nowhere else. Each
item's name contains the device's `kid`, so that two state folders of one user never overwrite each
other's keys.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from diary.formats.ed25519 import SigningKey
from diary.formats.encoding import b64url_decode, b64url_encode
from diary.objects.picture_times import PictureScheduler
from uploader.account.keyring import SecretStore, translate_keyring_errors
from uploader.api.dpop import AuthKey
from uploader.errors import KeysError, Problem

T = TypeVar("T")
WAITING_AFTER_S = 1.0
_ITEMS = ("signing-key", "sign-in-key", "moment-seed")


@dataclass(frozen=True)
class DeviceKeys:
    """The three secrets of a device. Its `repr` shows none of them."""

    signing: SigningKey
    auth: AuthKey
    seed: bytes

    @classmethod
    def generate(cls) -> DeviceKeys:
        """New secrets from the system's random source."""
        return cls(SigningKey.generate(), AuthKey.generate(), secrets.token_bytes(32))

    @property
    def kid(self) -> str:
        """The device's id: RFC 7638 thumbprint of the signing key."""
        return self.signing.kid

    def picture_scheduler(self, week0: int) -> PictureScheduler:
        """The picture times of an enrolment that begins with the week `week0` (Unix s)."""
        return PictureScheduler(self.seed, week0)

    def __repr__(self) -> str:
        return f"DeviceKeys({self.kid!r})"


class DeviceKeyStore:
    """Device keys in a keyring. Every method may block until the user unlocks the keyring: call it
    through `with_keyring_timeout`. Methods raise KeysError.
    """

    def __init__(self, store: SecretStore) -> None:
        self._store = store

    def save(self, aud: str, keys: DeviceKeys) -> None:
        """Store a device's secrets and read them back. KEYRING_FAILED if they differ."""
        values = (b64url_encode(keys.signing.seed), keys.auth.secret, b64url_encode(keys.seed))
        for item, value in zip(_ITEMS, values, strict=True):
            name = _item(keys.kid, item)
            with translate_keyring_errors():
                self._store.set_password(_service(aud), name, value)
            if self._get(aud, name) != value:
                raise KeysError(Problem.KEYRING_FAILED, "it returned something else")

    def load(self, aud: str, kid: str) -> DeviceKeys:
        """A device's secrets. KEYS_MISSING if one is missing, damaged or of another device."""
        signing, auth, seed = (self._get(aud, _item(kid, item)) for item in _ITEMS)
        if signing is None or auth is None or seed is None:
            raise KeysError(Problem.KEYS_MISSING)
        try:
            keys = DeviceKeys(
                SigningKey.from_seed(b64url_decode(signing, 32)),
                AuthKey.from_secret(auth),
                b64url_decode(seed, 32),
            )
        except ValueError:
            raise KeysError(Problem.KEYS_MISSING, "an item is damaged") from None
        if keys.kid != kid:
            raise KeysError(Problem.KEYS_MISSING, "an item is of another device")
        return keys

    def forget(self, aud: str, kid: str) -> None:
        """Destroy a device's secrets; missing ones are no error."""
        for item in _ITEMS:
            name = _item(kid, item)
            if self._get(aud, name) is not None:
                with translate_keyring_errors():
                    self._store.delete_password(_service(aud), name)

    def _get(self, aud: str, name: str) -> str | None:
        with translate_keyring_errors():
            return self._store.get_password(_service(aud), name)


def with_keyring_timeout(
    call: Callable[[], T],
    on_waiting: Callable[[], None],
    after_s: float = WAITING_AFTER_S,
    give_up_s: float | None = None,
) -> T:
    """Make a call that may wait for the user, such as one to a locked keyring; returns its result
    or raises its error.

    The call runs on a separate thread. After `after_s` seconds `on_waiting` is called once, on the
    caller's thread, to show the reason for the wait. After `give_up_s` more seconds, if given,
    KEYRING_LOCKED is raised; the thread ends with the process.
    """
    results: list[T] = []
    errors: list[BaseException] = []
    done = threading.Event()

    def run() -> None:
        try:
            results.append(call())
        except BaseException as error:  # noqa: BLE001 - handed to the caller
            errors.append(error)
        finally:
            done.set()

    threading.Thread(target=run, name="workdiary-patient", daemon=True).start()
    if not done.wait(after_s):
        on_waiting()
        if not done.wait(give_up_s):
            raise KeysError(Problem.KEYRING_LOCKED, "no answer")
    if errors:
        raise errors[0]
    return results[0]


def _service(aud: str) -> str:
    return f"Workdiary {aud}"


def _item(kid: str, item: str) -> str:
    return f"{kid} {item}"
