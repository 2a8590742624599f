"""`wd-device+jwt`: a device's enrolment, signed with the key that it introduces.

It fixes the device's keys and the anchors of its weekly hash chains before any beacon of those
weeks exists (`docs/protocol.md` §2, §3).
"""

from __future__ import annotations

from dataclasses import dataclass

from diary.core.findings import Code, DiaryError
from diary.core.signer import Signer
from diary.core.slots import WEEK, week_of
from diary.formats import json_fields, jws
from diary.formats.ed25519 import jwk, parse_jwk, thumbprint
from diary.formats.encoding import Json
from diary.objects.picture_times import ANCHORS, anchors

TYP = "wd-device+jwt"
STORES = ("os", "file", "tpm")


@dataclass(frozen=True)
class Enrolment:
    """A verified enrolment. `public` is the Ed25519 key; `auth_jwk` the ES256 sign-in key."""

    data: bytes
    kid: str
    public: bytes
    aud: str
    sub: str
    auth_jwk: Json
    week0: int
    anchors: tuple[str, ...]
    name: str
    store: str
    nonce: str
    replaces: str | None
    digest: str

    def anchor_of(self, slot: int) -> str | None:
        """The anchor that covers the slot; None outside the 56 weeks."""
        index = (week_of(slot) - self.week0) // WEEK
        return self.anchors[index] if 0 <= index < ANCHORS else None


def enrol(
    signer: Signer,
    public: bytes,
    *,
    aud: str,
    sub: str,
    auth_jwk: Json,
    week0: int,
    seed: bytes,
    name: str,
    store: str,
    nonce: str,
    replaces: str | None = None,
) -> bytes:
    """Make the compact JWS of an enrolment.

    `week0` is the marketplace's current week (Monday, Unix s), `seed` the 32 secret bytes of the
    hash chains, `store` where the keys are kept, `nonce` the marketplace's, `name` is for people.
    """
    payload = {
        "v": 1,
        "aud": aud,
        "sub": sub,
        "jwk": jwk(public),
        "auth_jwk": auth_jwk,
        "week0": week0,
        "anchors": list(anchors(seed, week0)),
        "name": name,
        "store": store,
        "nonce": nonce,
        "replaces": replaces,
    }
    return jws.sign(payload, TYP, signer)


def parse_enrolment(data: bytes) -> Enrolment:
    """Parse an enrolment and verify it with its own key. Raises E_FORMAT, E_ALG, E_TYP, E_KEY_WEAK
    or E_SIG, and E_KID_UNKNOWN where the header names another key than the payload introduces.
    """
    signed = jws.parse(data, TYP)
    obj = signed.payload
    json_fields.version(obj)
    public = parse_jwk(json_fields.field(obj, "jwk"))
    if thumbprint(obj["jwk"]) != signed.kid:
        raise DiaryError(Code.E_KID_UNKNOWN, "the header names another key")
    jws.verify_jws(signed, public)
    week0 = json_fields.integer(obj, "week0")
    if week_of(week0) != week0:
        raise json_fields.bad("week0")
    values = json_fields.field(obj, "anchors")
    if not isinstance(values, list) or len(values) != ANCHORS:
        raise json_fields.bad("anchors")
    listed = tuple(json_fields.b64({"anchor": value}, "anchor", 32) for value in values)
    return Enrolment(
        data=data,
        kid=signed.kid,
        public=public,
        aud=json_fields.matching(obj, "aud", json_fields.AUD),
        sub=json_fields.matching(obj, "sub", json_fields.ID),
        auth_jwk=_ec_jwk(json_fields.field(obj, "auth_jwk")),
        week0=week0,
        anchors=listed,
        name=json_fields.string(obj, "name", 100),
        store=json_fields.one_of(obj, "store", STORES),
        nonce=json_fields.string(obj, "nonce", 100),
        replaces=json_fields.optional_b64(obj, "replaces", 32),
        digest=signed.digest,
    )


def _ec_jwk(value: object) -> Json:
    if not isinstance(value, dict) or set(value) != {"crv", "kty", "x", "y"}:
        raise json_fields.bad("auth_jwk")
    if value["crv"] != "P-256" or value["kty"] != "EC":
        raise json_fields.bad("auth_jwk")
    json_fields.b64(value, "x", 32)
    json_fields.b64(value, "y", 32)
    return value
