"""SD-JWT (RFC 9901) as segments use it: flat, top-level disclosures, no key binding, no decoys.

A disclosure is base64url of the JSON array [salt, name, value]; its digest is SHA-256 over the
ASCII of that base64url text (RFC 9901 §4.2.3). Presentations are not bound to a holder: everyone
who has a disclosure may show it, as a review page must.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from diary.core.findings import Code, DiaryError
from diary.core.signer import Signer
from diary.formats import jws as _jws
from diary.formats.encoding import (
    Json,
    b64url_decode,
    b64url_encode,
    canonical,
    digest,
    parse_value,
)

MAX_SDJWT = 65_536
SALT_BYTES = 16
#: A name that no disclosure may have, beside those in the payload (RFC 9901 §4.2.1).
_ARRAY_PART = "..."


@dataclass(frozen=True)
class Disclosure:
    """One disclosed part: its name and value, its digest, and the text that was hashed."""

    name: str
    value: Any
    digest: str
    text: str


@dataclass(frozen=True)
class SdJwt:
    """A parsed SD-JWT: the JWS, its valid disclosures, and the problems of the others.

    `problems` holds one `DiaryError` for each disclosure that is doubled, misnamed, malformed or
    matches no digest; such a disclosure counts as absent. `withheld` are the digests without a
    disclosure.
    """

    jws: _jws.Jws
    disclosures: tuple[Disclosure, ...]
    withheld: tuple[str, ...]
    problems: tuple[DiaryError, ...]

    def text(self) -> bytes:
        """The serialized form, `jws~disclosure~…~`, in the order of the digests."""
        parts = [self.jws.data.decode("ascii"), *(d.text for d in self.disclosures), ""]
        return "~".join(parts).encode("ascii")


def read_parts(opened: SdJwt, read: Callable[[Disclosure], Any]) -> tuple[SdJwt, dict[str, Any]]:
    """The results of `read` for the disclosed parts, by name. A part for which it raises E_FORMAT
    goes into `problems` and counts as absent, so that showing it and leaving it out have the same
    effect.
    """
    values: dict[str, Any] = {}
    kept: list[Disclosure] = []
    problems = [*opened.problems]
    for part in opened.disclosures:
        try:
            values[part.name] = read(part)
        except DiaryError as error:
            problems.append(error)
        else:
            kept.append(part)
    absent = {part.digest for part in opened.disclosures} - {part.digest for part in kept}
    withheld = tuple(sorted({*opened.withheld, *absent}))
    left = replace(opened, disclosures=tuple(kept), withheld=withheld, problems=tuple(problems))
    return left, values


def issue(
    payload: Json,
    disclosures: Sequence[tuple[str, Any]],
    typ: str,
    signer: Signer,
    random: Callable[[int], bytes],
) -> bytes:
    """Sign `payload` with the digests of `disclosures`; returns `jws~disclosure~…~`.

    `random(n)` gives n random bytes for the salts. Raises E_FORMAT if the result is too long.
    """
    made = []
    for name, value in disclosures:
        text = b64url_encode(canonical([b64url_encode(random(SALT_BYTES)), name, value]))
        made.append((digest(text.encode("ascii")), text))
    made.sort()
    body = {**payload, "_sd": [d for d, _ in made], "_sd_alg": "sha-256"}
    signed = _jws.sign(body, typ, signer).decode("ascii")
    data = "~".join([signed, *(text for _, text in made), ""]).encode("ascii")
    if len(data) > MAX_SDJWT:
        raise DiaryError(Code.E_FORMAT, "the segment is longer than 65,536 bytes")
    return data


def parse(data: bytes, typ: str) -> SdJwt:
    """Parse an SD-JWT. Raises E_FORMAT, E_ALG, E_TYP for its signed part; errors of disclosures go
    into `problems`. Nothing is verified here.
    """
    if len(data) > MAX_SDJWT:
        raise DiaryError(Code.E_FORMAT, "the segment is longer than 65,536 bytes")
    head, *texts = data.split(b"~")
    if not texts or texts[-1] != b"":
        raise DiaryError(Code.E_FORMAT, "the serialization does not end with a tilde")
    signed = _jws.parse(head, typ)
    digests = _digests(signed.payload)
    found: dict[str, Disclosure] = {}
    problems: list[DiaryError] = []
    names = {*signed.payload, _ARRAY_PART}
    for text in texts[:-1]:
        try:
            disclosure = _disclosure(text)
            if disclosure.digest not in digests:
                raise DiaryError(Code.E_DISC_UNMATCHED, "a disclosure matches no digest")
            if disclosure.digest in found or disclosure.name in names:
                raise DiaryError(Code.E_DISC_DUP, f"{disclosure.name[:40]!r} appears twice")
        except DiaryError as error:
            problems.append(error)
            continue
        found[disclosure.digest] = disclosure
        names.add(disclosure.name)
    return SdJwt(
        jws=signed,
        disclosures=tuple(found[d] for d in digests if d in found),
        withheld=tuple(d for d in digests if d not in found),
        problems=tuple(problems),
    )


def remove_disclosures(data: bytes, digests: Collection[str]) -> bytes:
    """A serialized SD-JWT without the disclosures of these digests.

    It is not parsed, so that something can be erased even from a damaged record.
    """
    head, *texts = data.split(b"~")
    kept = [text for text in texts if not text or digest(text) not in digests]
    return b"~".join([head, *kept])


def _digests(payload: Json) -> tuple[str, ...]:
    digests = payload.get("_sd")
    if payload.get("_sd_alg") != "sha-256" or not isinstance(digests, list):
        raise DiaryError(Code.E_FORMAT, "_sd or _sd_alg is missing or of another kind")
    for item in digests:
        b64url_decode(item, 32)
    if any(a >= b for a, b in itertools.pairwise(digests)):
        raise DiaryError(Code.E_FORMAT, "_sd is not sorted, or a digest appears twice")
    return tuple(digests)


def _disclosure(text: bytes) -> Disclosure:
    try:
        ascii_text = text.decode("ascii")
        value = parse_value(b64url_decode(ascii_text))
    except (UnicodeDecodeError, DiaryError) as error:
        raise DiaryError(Code.E_DISC_UNMATCHED, "a disclosure is malformed") from error
    if not isinstance(value, list) or len(value) != 3 or not isinstance(value[1], str):
        raise DiaryError(Code.E_DISC_UNMATCHED, "a disclosure is not [salt, name, value]")
    try:
        b64url_decode(value[0], SALT_BYTES)
    except DiaryError as error:
        raise DiaryError(Code.E_DISC_UNMATCHED, "a salt is not 16 bytes") from error
    return Disclosure(name=value[1], value=value[2], digest=digest(text), text=ascii_text)
