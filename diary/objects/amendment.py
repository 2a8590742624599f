"""`wd-amend+sd-jwt`: another memo for a sealed segment (`docs/protocol.md` §5.3).

The segment itself does not change. The last amendment logged before the week locks is shown as the
memo; the earlier memos stay visible.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from diary.core.findings import Code, DiaryError
from diary.core.signer import Signer
from diary.formats import json_fields
from diary.formats import sd_jwt as sdjwt
from diary.objects.segment import MAX_TEXT

TYP = "wd-amend+sd-jwt"


@dataclass(frozen=True)
class Amendment:
    """A parsed amendment; verified only by `jws.verify_jws`. `memo` is None where it is withheld.
    `at` is Unix s, for display.
    """

    sdjwt: sdjwt.SdJwt
    aud: str
    segment: str
    at: int
    memo: str | None


def amend(
    signer: Signer,
    *,
    aud: str,
    segment: str,
    at: int,
    memo: str,
    random: Callable[[int], bytes],
) -> bytes:
    """Sign another memo (at most 2,000 characters) for the segment with this hash."""
    payload = {"v": 1, "aud": aud, "segment": segment, "at": at}
    data = sdjwt.issue(payload, [("memo", memo)], TYP, signer, random)
    parse_amend(data)
    return data


def parse_amend(data: bytes) -> Amendment:
    """Parse an amendment; raises E_FORMAT, E_ALG or E_TYP. The signature is not checked here."""
    opened = sdjwt.parse(data, TYP)
    obj = opened.jws.payload
    json_fields.version(obj)
    shown = {part.name: part.value for part in opened.disclosures}
    if "memo" not in shown and not opened.withheld:
        raise DiaryError(Code.E_FORMAT, "the memo is neither shown nor withheld")
    return Amendment(
        sdjwt=opened,
        aud=json_fields.matching(obj, "aud", json_fields.AUD),
        segment=json_fields.b64(obj, "segment", 32),
        at=json_fields.integer(obj, "at"),
        memo=json_fields.string(shown, "memo", MAX_TEXT) if "memo" in shown else None,
    )
