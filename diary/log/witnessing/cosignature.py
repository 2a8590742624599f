"""C2SP tlog-cosignature v1 with Ed25519 (type 0x04): a witness's signed statement that a checkpoint
was, at a time, the largest consistent one that it had seen of the log.

Only this type is supported: no browser verifies ML-DSA-44 (type 0x06) yet.
"""

from __future__ import annotations

from dataclasses import dataclass

from diary.formats.ed25519 import SigningKey, verify
from diary.formats.encoding import b64_encode
from diary.log.signed_note import DASH, key_id, parse_vkey, write_vkey

TYPE = b"\x04"
_TIME = 8
_MAX_TIME = 2**63 - 1


@dataclass(frozen=True)
class CosignatureVerifier:
    """A witness's name and the public key with which it cosigns."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        """The four bytes that identify the key together with its name."""
        return key_id(self.name, self.public, TYPE)

    @property
    def vkey(self) -> str:
        """The published form of the key."""
        return write_vkey(self.name, self.public, TYPE)

    @classmethod
    def parse(cls, vkey: str) -> CosignatureVerifier:
        """Read a published key. Raises E_POLICY or E_KEY_WEAK."""
        return cls(*parse_vkey(vkey, TYPE))

    def verifies(self, text: bytes, signature: bytes) -> bool:
        """Whether a `timestamped_signature` is of this checkpoint's text by this key."""
        time = cosigned_at(signature)
        if time > _MAX_TIME:
            return False
        return verify(self.public, signature[_TIME:], _message(text, time))


@dataclass(frozen=True)
class CosignatureSigner:
    """A witness's name and its key."""

    name: str
    key: SigningKey

    @property
    def verifier(self) -> CosignatureVerifier:
        """The public side."""
        return CosignatureVerifier(self.name, self.key.public)

    def sign(self, text: str, time: int) -> bytes:
        """The signature line of a checkpoint's text at a time (Unix s, 0 to 2^63 - 1)."""
        signature = time.to_bytes(_TIME, "big") + self.key.sign(_message(text.encode(), time))
        encoded = b64_encode(self.verifier.id + signature)
        return f"{DASH}{self.name} {encoded}\n".encode()


def cosigned_at(signature: bytes) -> int:
    """The time (Unix s) in a `timestamped_signature`, which is not verified here."""
    return int.from_bytes(signature[:_TIME], "big")


def _message(text: bytes, time: int) -> bytes:
    return b"cosignature/v1\ntime %d\n" % time + text
