"""A simulated device: enrols, signs in and sends segments over HTTP."""

from __future__ import annotations

import io
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey
from PIL import Image

from diary.core.slots import SLOT, covered_minutes
from diary.formats.ed25519 import SigningKey
from diary.formats.encoding import b64url_encode, digest
from diary.log.leaf import LeafType
from diary.log.receipt import LoggedObject, Receipt, open_receipt
from diary.log.signed_note import NoteVerifier
from diary.objects.beacon import Beacon
from diary.objects.enrolment import enrol, parse_enrolment
from diary.objects.picture import Blob, Picture, Row, rows_with_input
from diary.objects.picture_times import PictureScheduler, draw_value, scheduled_times
from diary.objects.segment import BeaconRef, Segment, parse, seal
from diary.objects.terms import Terms
from tests.marketplace.live_marketplace import LiveMarketplace

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


#: The pictures without a given colour; lossy compression makes some shades equal.
_MADE: set[bytes] = set()


def webp(width: int = 64, height: int = 40, colour: str | None = None) -> bytes:
    """A small picture; without a `colour` it is a new one each time."""
    data = _encoded(width, height, colour)
    while colour is None and data in _MADE:
        data = _encoded(width, height, colour)
    _MADE.add(data)
    return data


def _encoded(width: int, height: int, colour: str | None) -> bytes:
    shade = colour or f"#{secrets.token_hex(3)}"
    image = Image.new("RGB", (width, height), shade)
    image.putpixel((secrets.randbelow(width), 0), (1, 2, 3))
    buffer = io.BytesIO()
    image.save(buffer, "WEBP", quality=80, method=2)
    return buffer.getvalue()


@dataclass
class SimulatedDevice:
    """One computer of one freelancer at the marketplace `url`.

    `now_s` is the real time of its tokens.
    """

    url: str
    now_s: Callable[[], int]
    key: SigningKey = field(default_factory=SigningKey.generate)
    auth: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256"))
    seed: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    boot: str = field(default_factory=lambda: b64url_encode(secrets.token_bytes(16)))
    local: str | None = None
    """The marketplace's own address, if the test simulates a proxy in front of it."""
    source: str | None = None
    """The loopback address from which it connects."""

    def __post_init__(self) -> None:
        # Plain http on loopback: reading the system's certificates would be most of a test's time.
        self.http = httpx.Client(
            base_url=self.local or self.url,
            headers={"Host": self.url.partition("//")[2]},
            transport=httpx.HTTPTransport(verify=False, local_address=self.source),
            timeout=30,
            trust_env=False,
        )
        self.about = self.http.get("/.well-known/workdiary").json()
        self.verifier = NoteVerifier.parse(self.about["log"]["vkey"])
        self.token = ""
        self.sub = ""
        self.enrolment = b""
        self.beacons: dict[int, bytes] = {}
        self.segments: dict[str, list[bytes]] = {}
        self.blobs: dict[str, bytes] = {}

    @property
    def aud(self) -> str:
        return str(self.about["aud"])

    @property
    def jwk(self) -> dict[str, Any]:
        public = self.auth.as_dict(private=False)
        return {name: public[name] for name in ("crv", "kty", "x", "y")}

    def begin(self, code: str) -> dict[str, Any]:
        answer = self.http.post("/v1/enrolments", json={"code": code})
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def make_enrolment(self, given: dict[str, Any], **changes: Any) -> bytes:
        values: dict[str, Any] = {
            "aud": self.aud,
            "sub": given["sub"],
            "auth_jwk": self.jwk,
            "week0": given["week0"],
            "seed": self.seed,
            "name": "Ana's laptop",
            "store": "os",
            "nonce": given["nonce"],
            **changes,
        }
        return enrol(self.key, self.key.public, **values)

    def send_enrolment(self, session: str, jws: bytes) -> httpx.Response:
        return self.http.post(
            "/v1/devices",
            json={"enrolment": jws.decode()},
            headers={"Authorization": f"Bearer {session}"},
        )

    def enrol(self, code: str) -> LoggedObject:
        """Enrol; returns the verified receipt."""
        given = self.begin(code)
        self.sub = given["sub"]
        self.enrolment = self.make_enrolment(given)
        answer = self.send_enrolment(given["session"], self.enrolment)
        assert answer.status_code == 201, answer.text
        body = answer.json()
        beacon = body["beacon"].encode()
        self.keep_beacon(beacon)
        name = parse_enrolment(self.enrolment).digest
        receipt = body["receipt"].encode()
        return open_receipt(receipt, [self.verifier], type=LeafType.DEVICE, object_digest=name)

    def keep_beacon(self, data: bytes) -> int:
        """Verify and store a beacon file; returns its slot."""
        logged = open_receipt(data, [self.verifier], type=LeafType.BEACON)
        beacon = Beacon.parse(logged.object or b"")
        self.beacons[beacon.slot] = data
        return beacon.slot

    # Signing in

    def assertion(self, **changes: Any) -> str:
        now = self.now_s()
        claims = {
            "iss": self.key.kid,
            "sub": self.key.kid,
            "aud": self.aud,
            "jti": secrets.token_urlsafe(16),
            "iat": now,
            "exp": now + 60,
            **changes,
        }
        header = {"alg": "ES256", "typ": "client-authentication+jwt"}
        return jwt.encode(header, claims, self.auth)

    def proof(
        self, method: str, path: str, token: str | None = None, *, key: ECKey | None = None,
        header: dict[str, Any] | None = None, **changes: Any,
    ) -> str:  # fmt: skip
        key = key or self.auth
        claims: dict[str, Any] = {
            "jti": secrets.token_urlsafe(16),
            "htm": method,
            "htu": self.url + path,
            "iat": self.now_s(),
        }
        if token is not None:
            claims["ath"] = digest(token.encode())
        head = {"alg": "ES256", "typ": "dpop+jwt", "jwk": key.as_dict(private=False)}
        return jwt.encode({**head, **(header or {})}, {**claims, **changes}, key)

    def ask_token(self, assertion: str | None = None, proof: str | None = None) -> httpx.Response:
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION,
            "client_assertion": assertion or self.assertion(),
        }
        headers = {"DPoP": proof or self.proof("POST", "/oauth/token")}
        return self.http.post("/oauth/token", data=form, headers=headers)

    def sign_in(self) -> None:
        answer = self.ask_token()
        assert answer.status_code == 200, answer.text
        self.token = answer.json()["access_token"]

    def call(self, method: str, path: str, **request: Any) -> httpx.Response:
        """A request with token and proof."""
        headers = request.pop("headers", {})
        signed = {
            "Authorization": f"DPoP {self.token}",
            "DPoP": self.proof(method, path, self.token),
        }
        return self.http.request(method, path, headers={**signed, **headers}, **request)

    # Working

    def contract(self, ctr: str) -> tuple[Terms, str]:
        """The terms in force and their hash, verified."""
        return self.contract_in(self.call("GET", "/v1/contracts"), ctr)

    def contract_in(self, response: httpx.Response, ctr: str) -> tuple[Terms, str]:
        """`contract` from a response to GET /v1/contracts."""
        listed = response.json()["contracts"]
        text = next(c["terms"] for c in listed if c["ctr"] == ctr).encode()
        logged = open_receipt(text, [self.verifier], type=LeafType.TERMS)
        return Terms.parse(logged.object or b""), logged.leaf.digest

    def fetch_beacon(self, slot: int) -> None:
        answer = self.http.get(f"/v1/beacons/{slot}")
        assert answer.status_code == 200, answer.text
        self.keep_beacon(answer.content)

    def work(
        self, ctr: str, slot: int, t0: int | None = None, t1: int | None = None, *,
        memo: str = "Checkout: address form", note: str | None = None, late_ms: int = 500,
        picture: Callable[[], bytes] = webp, **changes: Any,
    ) -> bytes:  # fmt: skip
        """Seal the next segment of a contract, with its pictures."""
        terms, terms_hash = self.contract(ctr)
        start, end = slot if t0 is None else t0, slot + SLOT if t1 is None else t1
        own = max((s for s in self.beacons if s <= slot), default=slot)
        file = self.beacons[own]
        value = PictureScheduler(self.seed, parse_enrolment(self.enrolment).week0).value(slot)
        assert value is not None
        val = Beacon.parse(Receipt.parse(file).object or b"").val
        drawn = draw_value(val, own, slot)
        due = [d for d in scheduled_times(value, drawn, slot, start, terms.shots) if d < end * 1000]
        # A picture in time is taken before the segment ends, however late its scheduled time is.
        last = end * 1000 - 1 if late_ms <= terms.shot_tol_ms else end * 1000 + late_ms
        taken = [min(d + late_ms, last) for d in due]
        shots = [self.shot(at, picture(), webp(32, 20)) for at in taken]
        minutes = tuple(
            (7 * i, i, 0, i, None) if covered else None
            for i, covered in enumerate(covered_minutes(slot, start, end))
        )
        body = self.body(ctr, terms_hash, slot, start, end, minutes)
        pictures = {"pics": len(shots), "shot": "ok" if shots else "ended"}
        body = replace(body, **{**pictures, **changes})
        return self.seal(body, memo, minutes, shots, note)

    def body(
        self,
        ctr: str,
        terms: str,
        slot: int,
        start: int,
        end: int,
        minutes: tuple[Row | None, ...],
    ) -> Segment:
        """The next segment of a contract under the terms with this hash, without pictures."""
        chain = self.segments.setdefault(ctr, [])
        enrolment = parse_enrolment(self.enrolment)
        own = max((s for s in self.beacons if s <= slot), default=slot)
        value = PictureScheduler(self.seed, enrolment.week0).value(slot)
        assert value is not None
        return Segment(
            aud=self.aud,
            sub=self.sub,
            ctr=ctr,
            terms=terms,
            kind="auto",
            seq=len(chain),
            epoch=0,
            prev=parse(chain[-1]).hash if chain else enrolment.digest,
            slot=slot,
            t0=start,
            t1=end,
            up0=start * 1000 - 1_794_000_000_000,
            up1=end * 1000 - 1_794_000_000_000,
            awake=(end - start) * 1000,
            off=0,
            boot=self.boot,
            bcn=BeaconRef(own, digest(self.beacons[own])),
            mom=b64url_encode(value),
            active=rows_with_input(minutes),
            input="ok",
            pics=0,
            shot="ended",
            end="slot",
            tz="Europe/Madrid",
            app="0.1.0",
            os="linux",
        )

    def manual(self, ctr: str, slot: int, t0: int, t1: int, **changes: Any) -> bytes:
        """Seal manual time."""
        model = parse(self.work(ctr, slot, t0, t1)).segment
        self.segments[ctr].pop()
        body = replace(
            model, kind="manual", bcn=None, mom=None, boot=None, up0=None, up1=None, awake=None,
            active=None, pics=0, shot="none", input="unavailable", **changes,
        )  # fmt: skip
        return self.seal(body, "Call", None, [])

    def seal(
        self,
        body: Segment,
        memo: str,
        minutes: tuple[Row | None, ...] | None,
        shots: list[Picture],
        note: str | None = None,
    ) -> bytes:  # fmt: skip
        data = seal(
            body, memo=memo, note=note, minutes=minutes, shots=shots, signer=self.key,
            random=secrets.token_bytes,
        )  # fmt: skip
        self.segments.setdefault(body.ctr, []).append(data)
        return data

    def shot(self, at_ms: int, full: bytes, thumb: bytes) -> Picture:
        for data in (full, thumb):
            self.blobs[digest(data)] = data
        return Picture(
            at=at_ms,
            blob=Blob("image/webp", len(full), digest(full)),
            w=64,
            h=40,
            screen="all",
            thumb=Blob("image/webp", len(thumb), digest(thumb)),
        )

    # Sending

    def put_blob(self, data: bytes, sha: str | None = None) -> httpx.Response:
        return self.call(
            "PUT", f"/v1/blobs/{sha or digest(data)}", content=data,
            headers={"Content-Type": "image/webp"},
        )  # fmt: skip

    def put_segment(
        self, data: bytes, name: str | None = None, parts: str | None = None
    ) -> httpx.Response:
        more = {} if parts is None else {"Workdiary-Parts": parts}
        return self.call(
            "PUT", f"/v1/segments/{name or parse(data).hash}", content=data,
            headers={"Content-Type": "application/sd-jwt", **more},
        )  # fmt: skip

    def post_statement(self, what: str, data: bytes) -> httpx.Response:
        """Post a vouch, retirement, changed memo or deletion."""
        kind = "application/sd-jwt" if what in ("retires", "amends") else "application/jose"
        return self.call("POST", f"/v1/{what}", content=data, headers={"Content-Type": kind})

    def send(self, data: bytes) -> dict[str, Any]:
        """Send a segment with its pictures; returns the response with its verified receipt."""
        sealed = parse(data)
        for shot in sealed.pictures.values():
            for part in (shot.blob, shot.thumb):
                answer = self.put_blob(self.blobs[part.sha256])
                assert answer.status_code in (200, 201), answer.text
        answer = self.put_segment(data)
        assert answer.status_code in (200, 201), answer.text
        body: dict[str, Any] = answer.json()
        self.open(body, sealed.hash)
        return body

    def open(self, body: dict[str, Any], name: str) -> LoggedObject:
        """Verify the receipt in a response."""
        return open_receipt(
            body["receipt"].encode(), [self.verifier], type=LeafType.SEGMENT, object_digest=name
        )


def worked(
    marketplace: LiveMarketplace,
    device: SimulatedDevice,
    ctr: str,
    slot: int,
    *,
    count: int = 1,
    **work: Any,
) -> list[bytes]:
    """Record `count` whole slots, each with its own beacon; sends nothing."""
    made = []
    for at in range(slot, slot + count * SLOT, SLOT):
        marketplace.advance_to(at)
        device.fetch_beacon(at)
        device.sign_in()
        made.append(device.work(ctr, at, **work))
        marketplace.advance_to(at + SLOT)
    marketplace.clock.to(slot + count * SLOT + 3)
    device.sign_in()
    return made
