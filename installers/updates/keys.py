"""Loads the keys of the release manager: PEM files in a folder, named after their roles.

`root-1.pem`, `root-2.pem`, `targets-1.pem`, `stable-1.pem`, `preview-1.pem`, `snapshot-1.pem`,
`timestamp-1.pem`: the part before the hyphen is the role. `openssl genpkey -algorithm ed25519`
creates a key.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from securesystemslib.signer import CryptoSigner

ROLES = ("root", "targets", "snapshot", "timestamp", "stable", "preview")
Signers = Mapping[str, tuple[CryptoSigner, ...]]


class KeysError(Exception):
    """The repository cannot be signed: a key, the command or a file is wrong. The message is a
    sentence.
    """


def load_keys(folder: Path, password: Callable[[Path], str]) -> Signers:
    """The keys in a folder, by role; other files are ignored. `password` returns the password of an
    encrypted file. Raises KeysError or OSError.
    """
    found: dict[str, list[CryptoSigner]] = {}
    for path in sorted(folder.glob("*.pem")):
        role = path.name.partition("-")[0]
        if role in ROLES:
            found.setdefault(role, []).append(_load(path, password))
    return {role: tuple(signers) for role, signers in found.items()}


def of_role(signers: Signers, role: str) -> tuple[CryptoSigner, ...]:
    """The keys of a role. Raises KeysError if there is none."""
    if not signers.get(role):
        raise KeysError(f"The folder of keys has no {role}-1.pem.")
    return signers[role]


def _load(path: Path, password: Callable[[Path], str]) -> CryptoSigner:
    data = path.read_bytes()
    secret = password(path).encode() if b"ENCRYPTED" in data else None
    try:
        key = load_pem_private_key(data, secret)
    except (ValueError, TypeError) as error:
        raise KeysError(f"{path.name} cannot be read: {error}") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeysError(f"{path.name} is not an Ed25519 key.")
    return CryptoSigner(key)
