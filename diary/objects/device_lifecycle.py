"""Vouches, retirements and revocations: statements about a device's key after its enrolment
(`docs/protocol.md` §2).

`wd-vouch+jwt`: an earlier device of the same freelancer vouches for a new one.
`wd-retire+sd-jwt`: a device names its last segments, which stay valid whenever they arrive.
Revocation: the marketplace declares that a key may be in the wrong hands from then on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from diary.core.signer import Signer
from diary.formats import json_fields, jws
from diary.formats import sd_jwt as sdjwt
from diary.formats.encoding import canonical, parse_canonical

VOUCH_TYP = "wd-vouch+jwt"
RETIRE_TYP = "wd-retire+sd-jwt"
MAX_REASON = 200


@dataclass(frozen=True)
class Vouch:
    """`signed.kid` vouches for the device `kid`, once `jws.verify_jws` has verified it."""

    signed: jws.Jws
    aud: str
    sub: str
    kid: str


def vouch(signer: Signer, *, aud: str, sub: str, kid: str) -> bytes:
    """The compact JWS by which `signer` vouches for the device `kid` of the same freelancer."""
    return jws.sign({"v": 1, "aud": aud, "sub": sub, "kid": kid}, VOUCH_TYP, signer)


def parse_vouch(data: bytes) -> Vouch:
    """Parse a vouch; raises E_FORMAT, E_ALG or E_TYP. The signature is not checked here."""
    signed = jws.parse(data, VOUCH_TYP)
    obj = signed.payload
    json_fields.version(obj)
    return Vouch(
        signed=signed,
        aud=json_fields.matching(obj, "aud", json_fields.AUD),
        sub=json_fields.matching(obj, "sub", json_fields.ID),
        kid=json_fields.b64(obj, "kid", 32),
    )


@dataclass(frozen=True)
class RetirementHead:
    """The last segment of a chain: its contract, its number and its hash."""

    ctr: str
    seq: int
    h: str


@dataclass(frozen=True)
class Retire:
    """The device's final statement about its chains. `heads` are the disclosed ones: an exporter
    discloses to a client only the head of that client's contract. `at` is Unix s, for display.
    """

    sdjwt: sdjwt.SdJwt
    aud: str
    sub: str
    at: int
    heads: tuple[RetirementHead, ...]


def retire(
    signer: Signer,
    *,
    aud: str,
    sub: str,
    at: int,
    heads: Sequence[RetirementHead],
    random: Callable[[int], bytes],
) -> bytes:
    """Sign the retirement with one disclosure for each head; `random(n)` gives salts."""
    parts = [
        (f"head_{i}", {"ctr": head.ctr, "seq": head.seq, "h": head.h})
        for i, head in enumerate(heads)
    ]
    payload = {"v": 1, "aud": aud, "sub": sub, "at": at}
    return sdjwt.issue(payload, parts, RETIRE_TYP, signer, random)


def parse_retire(data: bytes) -> Retire:
    """Parse a retirement; raises E_FORMAT, E_ALG or E_TYP. The signature is not checked here. A
    malformed head is in `sdjwt.problems` and counts as absent.
    """
    opened = sdjwt.parse(data, RETIRE_TYP)
    obj = opened.jws.payload
    json_fields.version(obj)
    left, shown = sdjwt.read_parts(opened, _read_part)
    return Retire(
        sdjwt=left,
        aud=json_fields.matching(obj, "aud", json_fields.AUD),
        sub=json_fields.matching(obj, "sub", json_fields.ID),
        at=json_fields.integer(obj, "at"),
        heads=tuple(shown[part.name] for part in left.disclosures if part.name.startswith("head_")),
    )


def _read_part(part: sdjwt.Disclosure) -> Any:
    return _head(part.value) if part.name.startswith("head_") else part.value


def _head(value: object) -> RetirementHead:
    if not isinstance(value, dict):
        raise json_fields.bad("head")
    return RetirementHead(
        ctr=json_fields.matching(value, "ctr", json_fields.ID),
        seq=json_fields.integer(value, "seq"),
        h=json_fields.b64(value, "h", 32),
    )


@dataclass(frozen=True)
class Revoke:
    """The marketplace's statement that the device `kid` is not trusted after the revocation's leaf.
    `at` is Unix s, for display; `reason` has at most 200 characters.
    """

    kid: str
    at: int
    reason: str

    def data(self) -> bytes:
        """The object's bytes."""
        return canonical({"v": 1, "kid": self.kid, "at": self.at, "reason": self.reason})

    @classmethod
    def parse(cls, data: bytes) -> Revoke:
        """Parse a revocation; raises E_FORMAT."""
        obj = parse_canonical(data)
        json_fields.version(obj)
        return cls(
            kid=json_fields.b64(obj, "kid", 32),
            at=json_fields.integer(obj, "at"),
            reason=json_fields.string(obj, "reason", MAX_REASON),
        )
