"""C2SP signed-note with Ed25519 (type 0x01): a text, a blank line, and signature lines.

(name, key ID) identifies a key. Signatures of unknown keys are ignored; each signature of a known
key must be valid, and at least one known key must have signed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from diary.core.findings import Code, DiaryError
from diary.formats.ed25519 import SigningKey, check_public, verify
from diary.formats.encoding import b64_decode, b64_encode, sha256

_ED25519 = b"\x01"
MAX_NOTE = 65_536
MAX_SIGNATURES = 64
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_NAME = re.compile(r"[^\s+]+")
#: ASCII only: the set of printable characters changes with each version of Unicode.
_KEY_NAME = re.compile(r"[!-*,-~]+")


#: The beginning of a signature line.
DASH = "\u2014 "


class KnownKey(Protocol):
    """A key by which a reader verifies signatures of notes."""

    @property
    def name(self) -> str:
        """The name under which it signs."""

    @property
    def id(self) -> bytes:
        """The four bytes that identify the key together with its name."""

    def verifies(self, text: bytes, signature: bytes) -> bool:
        """Whether it made the signature (without the key ID) of a note's text."""


K = TypeVar("K", bound=KnownKey)


def key_id(name: str, public: bytes, kind: bytes = _ED25519) -> bytes:
    """The four bytes that identify a key of a type together with its name."""
    return sha256(name.encode() + b"\n" + kind + public)[:4]


def write_vkey(name: str, public: bytes, kind: bytes = _ED25519) -> str:
    """`name+hex key ID+base64(type || key)`, the published form of a key."""
    return f"{name}+{key_id(name, public, kind).hex()}+{b64_encode(kind + public)}"


def parse_vkey(vkey: str, kind: bytes = _ED25519) -> tuple[str, bytes]:
    """Name and public key of a published key of a type. Raises E_POLICY or E_KEY_WEAK."""
    try:
        name, ident, encoded = vkey.split("+", 2)
        key = b64_decode(encoded, 33)
    except (ValueError, DiaryError) as error:
        raise DiaryError(Code.E_POLICY, "the key cannot be read") from error
    if not _KEY_NAME.fullmatch(name) or key[:1] != kind:
        raise DiaryError(Code.E_POLICY, "the key is not an Ed25519 key of the right type")
    if key_id(name, key[1:], kind).hex() != ident:
        raise DiaryError(Code.E_POLICY, "the key's ID does not fit the key")
    check_public(key[1:])
    return name, key[1:]


@dataclass(frozen=True)
class NoteVerifier:
    """A name and the public key that signs under it."""

    name: str
    public: bytes

    @property
    def vkey(self) -> str:
        """The published form of the key."""
        return write_vkey(self.name, self.public)

    @property
    def id(self) -> bytes:
        """The four bytes that identify the key together with its name."""
        return key_id(self.name, self.public)

    @classmethod
    def parse(cls, vkey: str) -> NoteVerifier:
        """Read a published key. Raises E_POLICY or E_KEY_WEAK."""
        return cls(*parse_vkey(vkey))

    def verifies(self, text: bytes, signature: bytes) -> bool:
        """Whether this key signed the text."""
        return verify(self.public, signature, text)


@dataclass(frozen=True)
class NoteSigner:
    """A key that signs notes under a name."""

    name: str
    key: SigningKey

    @property
    def verifier(self) -> NoteVerifier:
        """The public side."""
        return NoteVerifier(self.name, self.key.public)

    def sign(self, text: str) -> bytes:
        """The signed note of `text`, which must end in a newline."""
        if not text.endswith("\n"):
            raise ValueError("a note's text ends in a newline")
        signature = key_id(self.name, self.key.public) + self.key.sign(text.encode())
        return f"{text}\n{DASH}{self.name} {b64_encode(signature)}\n".encode()


def open_note(data: bytes, verifiers: Sequence[K]) -> tuple[str, K]:
    """The text of a note and the first known key that signed it. Raises E_CP_SIG."""
    text, signers = read_note(data, verifiers)
    if not signers:
        raise DiaryError(Code.E_CP_SIG, "no known key has signed")
    return text, signers[0]


def read_note(data: bytes, verifiers: Sequence[K]) -> tuple[str, list[K]]:
    """The text of a note, and the known keys that signed it, each once, in the order of the lines.

    Raises E_CP_SIG for a malformed note, and if a signature of a known key does not match.
    """
    text, lines = _take_apart(data)
    signers: dict[K, None] = {}
    for line in lines:
        name, ident, signature = signature_line(line)
        for verifier in verifiers:
            if verifier.name == name and verifier.id == ident:
                if not verifier.verifies(text.encode(), signature):
                    raise DiaryError(Code.E_CP_SIG, "the signature of a known key does not fit")
                signers[verifier] = None
    return text, list(signers)


def signature_line(line: str) -> tuple[str, bytes, bytes]:
    """Name, key ID and signature in a line, given without its newline. Raises E_CP_SIG."""
    name, _, encoded = line.removeprefix(DASH).partition(" ")
    try:
        signature = b64_decode(encoded)
    except DiaryError as error:
        raise DiaryError(Code.E_CP_SIG, "a signature line is malformed") from error
    if not line.startswith(DASH) or not _NAME.fullmatch(name) or len(signature) < 5:
        raise DiaryError(Code.E_CP_SIG, "a signature line is malformed")
    return name, signature[:4], signature[4:]


def _take_apart(data: bytes) -> tuple[str, list[str]]:
    if len(data) > MAX_NOTE:
        raise DiaryError(Code.E_CP_SIG, "the note is longer than 65,536 bytes")
    try:
        note = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise DiaryError(Code.E_CP_SIG, "the note is not UTF-8") from error
    if _CONTROL.search(note):
        raise DiaryError(Code.E_CP_SIG, "the note has control characters")
    text, blank, tail = note.rpartition("\n\n")
    if not blank or not tail.endswith("\n"):
        raise DiaryError(Code.E_CP_SIG, "the note has no signature lines")
    lines = tail[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise DiaryError(Code.E_CP_SIG, "the note has too many signatures")
    return text + "\n", lines
