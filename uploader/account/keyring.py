"""The operating system's keyrings: selection and errors.

Rules kept: a keyring is selected by name from a short table, so that a backend that writes plain
text is never used. `keyring` is large and imported late, in the helper process only
(`uploader.account.keyring_helper`).
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from uploader.errors import KeysError, Problem

#: System, module, class. No other backend is used, even if installed.
BACKENDS: tuple[tuple[str, str, str], ...] = (
    ("linux", "keyring.backends.SecretService", "Keyring"),
    ("linux", "keyring.backends.kwallet", "DBusKeyring"),
    ("win32", "keyring.backends.Windows", "WinVaultKeyring"),
    ("darwin", "keyring.backends.macOS", "Keyring"),
)


class SecretStore(Protocol):
    """The part of `keyring.backend.KeyringBackend` that is used here."""

    def get_password(self, service: str, username: str) -> str | None:
        """The secret, or None."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Store a secret."""

    def delete_password(self, service: str, username: str) -> None:
        """Destroy a secret."""


def find_keyring(platform: str = sys.platform) -> SecretStore:
    """The keyring of this session by the table. Raises KeysError(KEYRING_ABSENT) without one."""
    system = platform if platform in {"win32", "darwin"} else "linux"
    usable: list[tuple[float, Any]] = []
    for where, module, name in BACKENDS:
        if where != system:
            continue
        try:
            backend = getattr(importlib.import_module(module), name)
            usable.append((float(backend.priority), backend))
        except Exception:  # noqa: BLE001, S112 - an unusable backend raises
            continue  # any error of its libraries: ImportError, RuntimeError, D-Bus errors
    if not usable:
        raise KeysError(Problem.KEYRING_ABSENT)
    chosen: Any = max(usable, key=lambda pair: pair[0])[1]()
    if system == "win32":
        # The keys belong to this machine and must not roam with the user's profile.
        chosen.persist = "local machine"
    store: SecretStore = chosen
    return store


@contextmanager
def translate_keyring_errors() -> Iterator[None]:
    """Convert all errors of a backend and its libraries to KeysError."""
    try:
        yield
    except KeysError:
        raise
    except Exception as error:  # D-Bus, Win32 and Keychain errors alike
        raise _problem(error) from error


def _problem(error: Exception) -> KeysError:
    if "keyring.errors" in sys.modules:  # else none of them was raised
        from keyring.errors import InitError, KeyringLocked, NoKeyringError

        if isinstance(error, KeyringLocked | InitError):
            return KeysError(Problem.KEYRING_LOCKED)
        if isinstance(error, NoKeyringError):
            return KeysError(Problem.KEYRING_ABSENT)
    return KeysError(Problem.KEYRING_FAILED, type(error).__name__)
