"""The signing interface: how the record obtains a signature without holding a private key."""

from __future__ import annotations

from typing import Protocol


class Signer(Protocol):
    """A device's signing key, which signs nothing but `wd-*` objects."""

    @property
    def kid(self) -> str:
        """RFC 7638 thumbprint of the public key."""

    def sign(self, message: bytes) -> bytes:
        """The 64-byte Ed25519 signature of `message`."""
