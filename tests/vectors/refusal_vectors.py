"""Objects and keys with the first code of their refusal (`docs/protocol.md` §1.3, §1.6 and §7.3):
the order of the refusals, closed and open lists, absent members and null.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from diary.core.findings import DiaryError
from diary.formats import jws
from diary.formats.ed25519 import SigningKey, jwk
from diary.formats.encoding import b64_encode, b64url_encode, canonical, parse_canonical
from diary.log.checkpoint import open_checkpoint
from diary.log.signed_note import NoteVerifier, key_id
from diary.objects.amendment import parse_amend
from diary.objects.beacon import Beacon
from diary.objects.device_lifecycle import Revoke, parse_retire, parse_vouch
from diary.objects.enrolment import parse_enrolment
from diary.objects.review_entry import ReviewEntry
from diary.objects.segment import parse as parse_segment
from diary.objects.terms import Terms
from diary.objects.tombstone import parse_object, parse_tombstone
from tests.diary.world import AUD, START, World

_WORLD = World()
_SEGMENT = parse_segment(_WORLD.day(1)[0].sdjwt.text())
_KEY = _WORLD.key
_VKEY = _WORLD.log.signer.verifier.vkey
_CHECKPOINT = _WORLD.log.checkpoint()
_WEAK = bytes([1]) + bytes(31)

#: The parsers, by their names in the vectors.
READERS: dict[str, Callable[[bytes], object]] = {
    "segment": parse_segment,
    "enrolment": parse_enrolment,
    "vouch": parse_vouch,
    "retire": parse_retire,
    "amend": parse_amend,
    "signed tombstone": parse_tombstone,
    "tombstone": parse_object,
    "terms": Terms.parse,
    "beacon": Beacon.parse,
    "review": ReviewEntry.parse,
    "revoke": Revoke.parse,
    "vkey": lambda data: NoteVerifier.parse(data.decode()),
    "checkpoint": lambda data: open_checkpoint(data, [NoteVerifier.parse(_VKEY)]),
}

#: Removes a member.
_GONE = object()
Row = tuple[str, str, bytes, str | None]


def _changed(payload: Any, changes: dict[str, Any]) -> Any:
    made = {**payload, **changes}
    return {name: value for name, value in made.items() if value is not _GONE}


def _jws(payload: bytes, header: dict[str, Any] | bytes, *, cut: int = 64) -> bytes:
    """Any header and any payload, signed by the world's device."""
    if isinstance(header, dict):
        header = canonical(_changed({"alg": "Ed25519", "kid": _KEY.kid, "typ": ""}, header))
    body = f"{b64url_encode(header)}.{b64url_encode(payload)}".encode()
    return body + b"." + b64url_encode(_KEY.sign(body)[:cut]).encode()


_PAYLOAD = _SEGMENT.sdjwt.jws.payload
_TYP = _SEGMENT.sdjwt.jws.typ
_PARTS = _SEGMENT.sdjwt.text()[len(_SEGMENT.sdjwt.jws.data) :]


def _segment(**changes: Any) -> bytes:
    return _jws(canonical(_changed(_PAYLOAD, changes)), {"typ": _TYP}) + _PARTS


def _headed(header: dict[str, Any] | bytes, payload: bytes = canonical(_PAYLOAD)) -> bytes:
    """The segment with another header."""
    if isinstance(header, dict):
        header = {"typ": _TYP, **header}
    return _jws(payload, header) + _PARTS


def _order() -> list[Row]:
    """Objects with two faults: the code is the first in the order of §1.6."""
    long = canonical({**_PAYLOAD, "x": "x" * 13_000})
    none = {"alg": "none"}
    spaced = b'{"alg":"none", "kid":"' + _KEY.kid.encode() + b'","typ":"x"}'
    head = _headed(none)[: -len(_PARTS)]
    long_parts = _headed(none) + b"A" * 65_536 + b"~"
    short = _jws(canonical(_PAYLOAD), {"typ": _TYP}, cut=63) + _PARTS
    rows = [
        ("a JWS too long and another algorithm", _headed(none, long), "E_FORMAT"),
        ("an SD-JWT too long and another algorithm", long_parts, "E_FORMAT"),
        ("no ~ at all and another algorithm", head, "E_FORMAT"),
        ("no ~ at the end and another algorithm", _headed(none) + b"A", "E_FORMAT"),
        ("two parts and another algorithm", head.rpartition(b".")[0] + b"~", "E_FORMAT"),
        ("four parts and another algorithm", head + b".A~", "E_FORMAT"),
        ("not ASCII and another algorithm", b"\xc3\xa9" + _headed(none), "E_FORMAT"),
        ("a header in another spelling and another algorithm", _headed(spaced), "E_FORMAT"),
        ("a member more and another algorithm", _headed({**none, "crit": []}), "E_FORMAT"),
        ("a member less and another algorithm", _headed({**none, "kid": _GONE}), "E_FORMAT"),
        ("another algorithm and another type", _headed({**none, "typ": "wd-x"}), "E_ALG"),
        ("an algorithm that is no text", _headed({"alg": 1}), "E_ALG"),
        ("no algorithm", _headed({"alg": None}), "E_ALG"),
        ("another type and another kid", _headed({"typ": "wd-x", "kid": "x"}), "E_TYP"),
        ("another type and a payload that is none", _headed({"typ": "wd-x"}, b"{"), "E_TYP"),
        ("a type that is no text", _headed({"typ": None}), "E_TYP"),
        ("a kid that is none", _headed({"kid": "x"}), "E_FORMAT"),
        ("a payload that is an array", _headed({}, b"[]"), "E_FORMAT"),
        ("a payload with a claim of a token", _segment(exp=1), "E_FORMAT"),
        ("a signature cut short", short, "E_FORMAT"),
        ("no signature", _headed({}).rpartition(b".")[0] + b"." + _PARTS, "E_FORMAT"),
        ("an honest segment", _segment(), None),
    ]  # fmt: skip
    return [(name, "segment", data, code) for name, data, code in rows]


def _lists() -> list[Row]:
    """Closed and open lists; absent members and null."""
    terms, review = _said("terms"), _said("review")
    stone = {"segment": _SEGMENT.hash, "v": 1, "digests": [], "reason": "x", "at": 1}
    rows: list[tuple[str, str, bytes, str | None]] = []
    segments: list[tuple[dict[str, Any], str | None]] = [
        *(({name: "unheard of"}, "E_FORMAT") for name in ("kind", "input", "shot", "end")),
        *(({name: None}, "E_FORMAT") for name in ("kind", "input", "shot", "end", "boot", "tz")),
        *(
            ({name: _GONE}, "E_FORMAT")
            for name in ("end", "boot", "mom", "bcn", "off", "tz", "app")
        ),
        ({"v": 2}, "E_FORMAT"),
        ({"v": True}, "E_FORMAT"),
        ({"mom": None}, None),
        ({"tz": "Mars/Olympus"}, None),
        ({"tz": "x" * 65}, "E_FORMAT"),
        ({"app": {"os": "beos", "ver": "", "more": 1}}, None),
        ({"app": {"os": "beos"}}, "E_FORMAT"),
        ({"bcn": {**_PAYLOAD["bcn"], "more": None}}, None),
        ({"more": None}, None),
        *(({"end": end}, None) for end in ("slot", "limit", "deleted", "crash")),
    ]
    rows += [
        (_description(changes), "segment", _segment(**changes), code) for changes, code in segments
    ]
    objects: list[tuple[str, Any, dict[str, Any], str | None]] = [
        ("terms", terms, {"state": "gone"}, "E_FORMAT"),
        ("terms", terms, {"limit_rule": "pay"}, "E_FORMAT"),
        ("terms", terms, {"limit_s": _GONE}, "E_FORMAT"),
        ("terms", terms, {"limit_s": None}, None),
        ("terms", terms, {"kept": 1}, "E_FORMAT"),
        ("terms", terms, {"rules": "any words"}, None),
        ("terms", terms, {"rules": "x" * 33}, "E_FORMAT"),
        ("terms", terms, {"more": 1}, None),
        ("review", review, {"kind": "praise"}, "E_FORMAT"),
        ("review", review, {"text": _GONE}, "E_FORMAT"),
        ("review", review, {"text": None}, None),
        ("review", review, {"by": "anybody"}, None),
        ("beacon", {"v": 1, "slot": START, "val": b64url_encode(bytes(32))}, {}, None),
        ("beacon", {"v": 1, "slot": START + 1, "val": b64url_encode(bytes(32))}, {}, "E_FORMAT"),
        ("revoke", {"v": 1, "kid": _KEY.kid, "at": 1, "reason": "any"}, {}, None),
        ("revoke", {"v": 1, "kid": _KEY.kid, "at": 1, "reason": None}, {}, "E_FORMAT"),
        ("tombstone", {**stone, "scope": ["memo"]}, {}, None),
        ("tombstone", {**stone, "scope": ["time"]}, {}, "E_FORMAT"),
        ("tombstone", {**stone, "scope": []}, {}, "E_FORMAT"),
        ("tombstone", {**stone, "scope": ["all"]}, {}, "E_FORMAT"),
        ("tombstone", {**stone, "scope": ["minutes", "memo"]}, {}, "E_FORMAT"),
        ("tombstone", {**stone, "scope": ["memo", "memo"]}, {}, "E_FORMAT"),
    ]
    rows += [
        (
            f"{_description(changes)} {_description(obj)[:60]}",
            kind,
            canonical(_changed(obj, changes)),
            code,
        )
        for kind, obj, changes, code in objects
    ]
    for scope, code in ((["time"], None), (["shot"], "E_FORMAT"), (["shot", "time"], None)):
        payload = canonical({**stone, "scope": scope})
        data = _jws(payload, {"typ": "wd-tombstone+jwt"})
        rows.append((f"a device's {scope}", "signed tombstone", data, code))
    return rows


def _description(changes: dict[str, Any]) -> str:
    return ", ".join(f"{n}: {'-' if v is _GONE else v}" for n, v in changes.items())[:90]


def _said(name: str) -> Any:
    if name == "terms":
        return parse_canonical(_WORLD.terms.data())
    made = ReviewEntry(AUD, _WORLD.ctr, START, "client", "approve", (_SEGMENT.hash,), None)
    return parse_canonical(made.data())


def _enrolments() -> list[Row]:
    payload = jws.parse(_WORLD.enrolment.data, "wd-device+jwt").payload
    typ = {"typ": "wd-device+jwt"}
    other = jwk(SigningKey.from_seed(bytes(32)).public)
    weak = {"crv": "Ed25519", "kty": "OKP", "x": b64url_encode(_WEAK)}

    def made(cut: int = 64, **changes: Any) -> bytes:
        return _jws(canonical(_changed(payload, changes)), typ, cut=cut)

    broken = made(store="hsm").rpartition(b".")[0] + b"." + b64url_encode(bytes([1] * 64)).encode()
    rows = [
        ("an honest one", made(), None),
        ("an earlier one", made(replaces=b64url_encode(bytes(32))), None),
        ("another v and a weak key", made(v=2, jwk=weak), "E_FORMAT"),
        ("a weak key of another kid", made(jwk=weak), "E_KEY_WEAK"),
        ("a key of another kid, and a wrong field", made(jwk=other, store="hsm"), "E_KID_UNKNOWN"),
        ("another signature and a wrong field", broken, "E_SIG"),
        ("an unknown store", made(store="hsm"), "E_FORMAT"),
        ("without replaces", made(replaces=_GONE), "E_FORMAT"),
        ("a member more", made(more=1), None),
    ]
    return [(name, "enrolment", data, code) for name, data, code in rows]


def _keys() -> list[Row]:
    def vkey(name: str, key: bytes = _KEY.public, ident: str = "") -> bytes:
        ident = ident or key_id(name, key).hex()
        return f"{name}+{ident}+{b64_encode(bytes([1]) + key)}".encode()

    rows: list[tuple[str, bytes, str | None]] = [
        ("an honest key", _VKEY.encode(), None),
        ("a name that is no origin", vkey("nobody"), None),
        ("a weak key", vkey("nobody", _WEAK), "E_KEY_WEAK"),
        ("a weak key of another ID", vkey("nobody", _WEAK, "00000000"), "E_POLICY"),
        ("an ID in capitals", vkey("nobody").replace(b"+", b"+A", 1), "E_POLICY"),
        ("no name", vkey(""), "E_POLICY"),
        *(
            (
                f"U+{ord(letter):04X} in the name of a weak key",
                vkey(f"a{letter}b", _WEAK),
                "E_POLICY",
            )
            for letter in " \t\u00e9\u00a0\u2028\u200b\ufeff\U0001cc00\x7f"
        ),
    ]
    return [(name, "vkey", data, code) for name, data, code in rows]


def _notes() -> list[Row]:
    """White space in the name of a foreign signature."""
    signature = b64_encode(bytes(68))

    def with_line(line: str) -> bytes:
        return _CHECKPOINT + f"{line}\n".encode()

    spaces = "\u0085\u00a0\u1680\u2000\u200a\u2028\u2029\u202f\u205f\u3000"
    others = "\u180e\u200b\u2060\ufeff\U0001cc00"
    rows: list[tuple[str, bytes, str | None]] = [
        *(
            (f"U+{ord(c):04X} in a name", with_line(f"\u2014 a{c}b {signature}"), "E_CP_SIG")
            for c in f"{spaces}+\x1f"
        ),
        *(
            (f"U+{ord(c):04X} in a name", with_line(f"\u2014 a{c}b {signature}"), None)
            for c in others
        ),
        ("no name", with_line(f"\u2014  {signature}"), "E_CP_SIG"),
        ("another dash", with_line(f"\u2013 a {signature}"), "E_CP_SIG"),
        ("no space after the dash", with_line(f"\u2014a {signature}"), "E_CP_SIG"),
        ("four bytes", with_line(f"\u2014 a {b64_encode(bytes(4))}"), "E_CP_SIG"),
        ("five bytes", with_line(f"\u2014 a {b64_encode(bytes(5))}"), None),
        ("a word more", with_line(f"\u2014 a {signature} x"), "E_CP_SIG"),
    ]
    return [(name, "checkpoint", data, code) for name, data, code in rows]


ROWS: tuple[Row, ...] = (*_order(), *_lists(), *_enrolments(), *_keys(), *_notes())


def refusal_of(reader: str, data: bytes) -> str | None:
    """The code of an object's refusal; None for a valid one."""
    try:
        READERS[reader](data)
    except DiaryError as error:
        return error.code.value
    return None


def value() -> Any:
    """The vectors."""
    return {
        "vkey": _VKEY,
        "cases": [
            {"name": name, "reader": reader, "bytes": b64url_encode(data), "code": code}
            for name, reader, data, code in ROWS
        ],
    }
