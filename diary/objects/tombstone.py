"""Tombstones: which parts were deleted, and whether their time is given back
(`docs/protocol.md` §5.4).

A device's tombstone is a `wd-tombstone+jwt`, the marketplace's a JSON object with the same members
in its receipt. Device and marketplace destroy the disclosures with the tombstone's digests, and the
files that these name. The segment still verifies; the remaining salted digests reveal nothing.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

from diary.core.signer import Signer
from diary.core.vocabulary import Scope
from diary.formats import json_fields, jws
from diary.formats.encoding import Json, canonical, parse_canonical

TYP = "wd-tombstone+jwt"
MAX_REASON = 200
#: A segment has at most memo, note, minutes and three pictures; its amendments have a memo each.
MAX_DIGESTS = 100


@dataclass(frozen=True)
class Tombstone:
    """A deletion of parts of a segment. `signed` is None for the marketplace's tombstones.

    `digests` name disclosures, ascending; `scope` has their kinds, sorted (`time`: the segment's
    time is given back). `at` is Unix s, for display; `reason` has at most 200 characters.
    """

    signed: jws.Jws | None
    segment: str
    digests: tuple[str, ...]
    scope: tuple[Scope, ...]
    reason: str
    at: int

    def data(self) -> bytes:
        """The bytes of the marketplace's object."""
        return canonical(_payload(self.segment, self.digests, self.scope, self.reason, self.at))


def tombstone(
    signer: Signer,
    *,
    segment: str,
    digests: Sequence[str],
    scope: Sequence[Scope],
    reason: str,
    at: int,
) -> bytes:
    """The compact JWS of a device's tombstone. Deleting a picture gives its time back, so `shot`
    needs `time` (E_FORMAT).
    """
    data = jws.sign(
        _payload(segment, sorted(digests), sorted(scope), reason, at),
        TYP,
        signer,
    )
    parse_tombstone(data)
    return data


def parse_tombstone(data: bytes) -> Tombstone:
    """Parse a device's tombstone; raises E_FORMAT, E_ALG or E_TYP. The signature is not checked
    here.
    """
    signed = jws.parse(data, TYP)
    found = _parse(signed.payload, signed)
    if "shot" in found.scope and "time" not in found.scope:
        raise json_fields.bad("scope")
    return found


def parse_object(data: bytes) -> Tombstone:
    """Parse the marketplace's tombstone, which never gives time back; raises E_FORMAT."""
    found = _parse(parse_canonical(data), None)
    if "time" in found.scope:
        raise json_fields.bad("scope")
    return found


def _payload(
    segment: str, digests: Sequence[str], scope: Sequence[str], reason: str, at: int
) -> Json:
    return {
        "v": 1,
        "segment": segment,
        "digests": list(digests),
        "scope": list(scope),
        "reason": reason,
        "at": at,
    }


def _parse(obj: Json, signed: jws.Jws | None) -> Tombstone:
    json_fields.version(obj)
    digests = json_fields.array(obj, "digests", MAX_DIGESTS)
    scope = json_fields.array(obj, "scope", len(get_args(Scope)))
    if not scope:
        raise json_fields.bad("scope")
    return Tombstone(
        signed=signed,
        segment=json_fields.b64(obj, "segment", 32),
        digests=_ascending([json_fields.b64({"digests": each}, "digests", 32) for each in digests]),
        scope=_ascending(  # type: ignore[arg-type]
            [json_fields.one_of({"scope": each}, "scope", get_args(Scope)) for each in scope]
        ),
        reason=json_fields.string(obj, "reason", MAX_REASON),
        at=json_fields.integer(obj, "at"),
    )


def _ascending(values: list[str]) -> tuple[str, ...]:
    if any(a >= b for a, b in itertools.pairwise(values)):
        raise json_fields.bad("digests or scope")
    return tuple(values)
