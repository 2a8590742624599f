"""The names of the files in a bundle, and the greatest length of each kind (`docs/protocol.md`
§9.4). Readers compare each name with the content of its file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from diary.formats.encoding import MAX_INT
from diary.formats.jws import MAX_JWS
from diary.formats.sd_jwt import MAX_SDJWT
from diary.log.policy import MAX_POLICY
from diary.log.receipt import MAX_RECEIPT
from diary.log.receipt_set import MAX_CONSISTENCY
from diary.log.signed_note import MAX_NOTE

MANIFEST, POLICY, PAGE = "manifest.json", "policy.txt", "verify.html"
MAX_MANIFEST = 8 * 1024 * 1024
MAX_PAGE = 4 * 1024 * 1024
MAX_BLOB = 20 * 1024 * 1024
#: Bytes of all files without the pictures; a check keeps them in memory.
MAX_TEXT = 256 * 1024 * 1024
#: The busiest week of a contract has some thousand files.
MAX_FILES = 50_000
#: Files that are compared with one another or with every segment; no honest bundle has more.
MAX_IN = {"devices": 1_000, "keys": 200, "terms": 1_000}
#: The ending of a receipt.
PROOF = "tlog-proof"

#: SHA-256 in base64url: the last of 43 letters carries four bits and two zeroes.
_DIGEST = r"([A-Za-z0-9_-]{42}[AEIMQUYcgkosw048])"
_LOG = r"([0-9]{4}(?:-(?:[2-9]|[1-9][0-9]{1,3}))?)"
_NUMBER = r"(0|[1-9][0-9]{0,15})"
_SIZE = r"([1-9][0-9]{0,15})"

#: Pattern below the folder (without the ending), endings, and the longest file of each ending.
_FOLDERS: dict[str, tuple[str, dict[str, int]]] = {
    "amends": (_DIGEST, {"sdjwt": MAX_SDJWT, PROOF: MAX_RECEIPT}),
    "beacons": (f"{_NUMBER}-{_DIGEST}", {PROOF: MAX_RECEIPT}),
    "blobs": (_DIGEST, {"": MAX_BLOB}),
    "checkpoint": (_LOG, {"": MAX_NOTE}),
    "consistency": (f"{_LOG}/{_SIZE}", {"": MAX_CONSISTENCY}),
    "devices": (_DIGEST, {"jws": MAX_JWS, PROOF: MAX_RECEIPT}),
    "keys": (_DIGEST, {PROOF: MAX_RECEIPT}),
    "retires": (_DIGEST, {"sdjwt": MAX_SDJWT, PROOF: MAX_RECEIPT}),
    "reviews": (_DIGEST, {PROOF: MAX_RECEIPT}),
    "revokes": (_DIGEST, {PROOF: MAX_RECEIPT}),
    "segments": (f"{_DIGEST}/{_DIGEST}", {"sdjwt": MAX_SDJWT, PROOF: MAX_RECEIPT}),
    "terms": (_DIGEST, {PROOF: MAX_RECEIPT}),
    "tombstones": (_DIGEST, {"jws": MAX_JWS, PROOF: MAX_RECEIPT}),
    "vouches": (_DIGEST, {"jws": MAX_JWS, PROOF: MAX_RECEIPT}),
}
_TOP = {MANIFEST: MAX_MANIFEST, POLICY: MAX_POLICY, PAGE: MAX_PAGE}
_COMPILED = {folder: re.compile(pattern) for folder, (pattern, _) in _FOLDERS.items()}


@dataclass(frozen=True)
class FileKind:
    """A parsed name. `parts` is the part between folder and ending: kid and hash of a segment, slot
    and digest of a beacon, log and size of a consistency proof.
    """

    name: str
    folder: str
    parts: tuple[str, ...]
    ending: str
    longest: int

    @property
    def stem(self) -> str:
        """The name without its ending, the same for an object and its receipt."""
        return self.name.removesuffix(f".{self.ending}") if self.ending else self.name


def parse_name(name: str) -> FileKind | None:
    """Parse a name; None for a name that no bundle has."""
    if name in _TOP:
        return FileKind(name, "", (), "", _TOP[name])
    folder, _, rest = name.partition("/")
    if folder not in _FOLDERS:
        return None
    stem, dot, ending = rest.partition(".")
    longest = _FOLDERS[folder][1].get(ending)
    match = _COMPILED[folder].fullmatch(stem)
    if match is None or longest is None or bool(dot) != bool(ending):
        return None
    numbers = [part for part in match.groups() if part.isdigit() and len(part) == 16]
    if any(int(part) > MAX_INT for part in numbers):
        return None
    return FileKind(name, folder, match.groups(), ending, longest)
