"""Published test vectors: from this folder, from a Python package, and from an external folder.

Each file in this folder names its source. Third-party vectors that may not be redistributed are
read from the folder in WORKDIARY_THIRD_PARTY_VECTORS: `cctv_ed25519.json` of C2SP/CCTV, and
`merkle-proofs/testdata` of transparency-dev/merkle.
"""

from __future__ import annotations

import importlib.resources
import json
import os
from pathlib import Path
from typing import Any, NamedTuple

import pytest

_HERE = Path(__file__).resolve().parent / "published"
_THIRD_PARTY = os.environ.get("WORKDIARY_THIRD_PARTY_VECTORS")

with_third_party = pytest.mark.skipif(
    _THIRD_PARTY is None,
    reason="WORKDIARY_THIRD_PARTY_VECTORS, the folder of published vectors, is not set",
)


class Signature(NamedTuple):
    """A secret key's seed, its public key, and its signature of a message."""

    name: str
    seed: bytes
    public: bytes
    message: bytes
    signature: bytes


def kept(name: str) -> Any:
    """A file of this folder."""
    return json.loads((_HERE / f"{name}.json").read_bytes())


def rfc_8032() -> list[Signature]:
    """The tests of RFC 8032 §7.1."""
    return [
        Signature(
            case["name"],
            *(bytes.fromhex(case[key]) for key in ("secret", "public", "message", "signature")),
        )
        for case in kept("rfc8032")["tests"]
    ]


def sign_input() -> list[Signature]:
    """The 1,024 signatures of the original implementation, from PyPI's cryptography-vectors."""
    file = importlib.resources.files("cryptography_vectors") / "asymmetric/Ed25519/sign.input"
    found = []
    for number, line in enumerate(file.read_text("ascii").splitlines()):
        secret, public, message, signed = (bytes.fromhex(part) for part in line.split(":")[:4])
        # The public key follows the secret, the message follows the signature.
        assert (secret[32:], signed[64:]) == (public, message)
        found.append(Signature(f"line {number + 1}", secret[:32], public, message, signed[:64]))
    return found


def cctv() -> list[dict[str, Any]]:
    """The edge cases of Ed25519 of C2SP/CCTV: key, sig (hexadecimal), msg and flags."""
    text = (Path(_THIRD_PARTY or "") / "cctv_ed25519.json").read_text("utf-8")
    cases: list[dict[str, Any]] = json.loads(text)
    return cases


def merkle_proofs(kind: str) -> list[dict[str, Any]]:
    """The proofs of transparency-dev/merkle, valid and not; `kind`: inclusion or consistency."""
    folder = Path(_THIRD_PARTY or "") / "merkle-proofs" / "testdata" / kind
    return [json.loads(path.read_bytes()) for path in sorted(folder.rglob("*.json"))]
