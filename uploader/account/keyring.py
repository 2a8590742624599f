"""The operating system's keyrings: which one is used, and what can go wrong with it.

Rules kept: a keyring is chosen by name from a short table, so that one which writes plain text can
never slip in. `keyring` is imported late: it is heavy, and brought only into the process that asks
(`uploader.account.keyring_helper`).
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from uploader.errors import KeysError, Problem

#: System, module, class. What is not in here is never used, whatever else is installed.
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
        """Keep a secret."""

    def delete_password(self, service: str, username: str) -> None:
        """Destroy a secret."""


def find_keyring(platform: str = sys.platform) -> SecretStore:
    """The keyring of this session, by the table. KEYRING_ABSENT if there is none."""
    system = platform if platform in {"win32", "darwin"} else "linux"
    usable: list[tuple[float, Any]] = []
    for where, module, name in BACKENDS:
        if where != system:
            continue
        try:
            backend = getattr(importlib.import_module(module), name)
            usable.append((float(backend.priority), backend))
        except Exception:  # noqa: BLE001, S112 - a backend that is not usable raises
            continue  # whatever its libraries raise: ImportError, RuntimeError, D-Bus errors
    if not usable:
        raise KeysError(Problem.KEYRING_ABSENT)
    chosen: Any = max(usable, key=lambda pair: pair[0])[1]()
    if system == "win32":
        # The keys are this machine's: they do not roam to others with the person's profile.
        chosen.persist = "local machine"
    store: SecretStore = chosen
    return store


@contextmanager
def translate_keyring_errors() -> Iterator[None]:
    """Turn whatever a backend and its libraries raise into our own, once, here."""
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
