"""C2SP signed-note with Ed25519 (type 0x01): a text, a blank line, and signature lines.

(name, key ID) identifies a key. Signatures of unknown keys are ignored; each signature of a known
key must be valid, and at least one known key must have signed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

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


def key_id(name: str, public: bytes) -> bytes:
    """The four bytes that identify a key together with its name."""
    return sha256(name.encode() + b"\n" + _ED25519 + public)[:4]


@dataclass(frozen=True)
class NoteVerifier:
    """A name and the public key that signs under it."""

    name: str
    public: bytes

    @property
    def vkey(self) -> str:
        """`name+hex key ID+base64(type || key)`, the published form of the key."""
        tail = b64_encode(_ED25519 + self.public)
        return f"{self.name}+{key_id(self.name, self.public).hex()}+{tail}"

    @classmethod
    def parse(cls, vkey: str) -> NoteVerifier:
        """Read a published key. Raises E_POLICY or E_KEY_WEAK."""
        try:
            name, ident, encoded = vkey.split("+", 2)
            key = b64_decode(encoded, 33)
        except (ValueError, DiaryError) as error:
            raise DiaryError(Code.E_POLICY, "the log's key cannot be read") from error
        if not _KEY_NAME.fullmatch(name) or key[:1] != _ED25519:
            raise DiaryError(Code.E_POLICY, "the log's key is not an Ed25519 note key")
        if key_id(name, key[1:]).hex() != ident:
            raise DiaryError(Code.E_POLICY, "the log key's ID does not fit the key")
        check_public(key[1:])
        return cls(name, key[1:])


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
        return f"{text}\n\u2014 {self.name} {b64_encode(signature)}\n".encode()


def open_note(data: bytes, verifiers: Sequence[NoteVerifier]) -> tuple[str, NoteVerifier]:
    """The text of a note and the first known key that signed it. Raises E_CP_SIG."""
    text, lines = _take_apart(data)
    signed_by: NoteVerifier | None = None
    for line in lines:
        name, _, encoded = line.removeprefix("\u2014 ").partition(" ")
        try:
            signature = b64_decode(encoded)
        except DiaryError as error:
            raise DiaryError(Code.E_CP_SIG, "a signature line is malformed") from error
        if not line.startswith("\u2014 ") or not _NAME.fullmatch(name) or len(signature) < 5:
            raise DiaryError(Code.E_CP_SIG, "a signature line is malformed")
        for verifier in verifiers:
            if verifier.name == name and key_id(name, verifier.public) == signature[:4]:
                if not verify(verifier.public, signature[4:], text.encode()):
                    raise DiaryError(Code.E_CP_SIG, "the log's signature does not fit")
                signed_by = signed_by or verifier
    if signed_by is None:
        raise DiaryError(Code.E_CP_SIG, "no known key has signed")
    return text, signed_by


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
