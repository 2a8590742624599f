"""The marketplace's routes as typed calls (`docs/protocol.md` lists them).

Rules kept: a fresh DPoP proof over a short-lived token in memory authorises every call; an expired
token is replaced once; writes are named by their hash, so that repeating one is harmless; a refusal
raises `RefusedError`, every other failure `NetworkError`. Nothing is retried here (see
`uploader.retry`), and no proof is verified (see `uploader.log.receipt_verifier`).
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import quote, urlencode, urlsplit

from diary.core.day_bounds import DayBounds
from diary.log.policy import MAX_POLICY
from diary.log.receipt import MAX_RECEIPT
from diary.log.tiles import MAX_ENTRY, Tile, longest
from uploader.api import responses
from uploader.api.dpop import AuthKey
from uploader.api.picture_views import MAX_LISTED, ViewsResponse, picture_views
from uploader.api.responses import (
    ContractsResponse,
    DeviceResponse,
    Endpoints,
    FindingsResponse,
    Grant,
    Me,
    SegmentResponse,
    StatementPage,
    WellKnown,
)
from uploader.api.transport import Response, Transport, check_address
from uploader.errors import KeysError, NetworkError, Problem

MAX_BLOB = 20 << 20
#: Segments in one question for findings.
MAX_ASKED = 64
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
#: A token is replaced this long before its end, so that none expires during a request.
_EARLY_S = 30.0
_SIGN_IN_TRIES = 3
_CLOCK_MOVED_S = 5.0
_MAX_NONCE = 512


@dataclass(frozen=True)
class DeviceCredentials:
    """The thumbprint of the signing key, and the sign-in key."""

    kid: str
    key: AuthKey


@dataclass(frozen=True)
class _Token:
    value: str
    ends: float


class MarketplaceClient:
    """A client of the marketplace at `base_url`. Safe to use from several threads.

    Without a `device` only the public routes and the enrolment can be called.
    """

    def __init__(
        self,
        base_url: str,
        transport: Transport,
        device: DeviceCredentials | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Raises NetworkError(INSECURE_ADDRESS) for plain http to another machine."""
        check_address(base_url)
        self.base_url = base_url.rstrip("/")
        self.transport = transport
        self._device = device
        self._monotonic = monotonic
        self._lock = threading.Lock()  # guards the next two
        self._known: WellKnown | None = None
        self._nonces: dict[str, str] = {}
        self._signing_in = (
            threading.Lock()
        )  # guards the token; one thread fetches it for all others
        self._token: _Token | None = None

    # Public

    def well_known(self) -> WellKnown:
        """Fetch the marketplace's description, which is cached for its addresses."""
        answer = self.transport.send("GET", f"{self.base_url}/.well-known/workdiary")
        if answer.status != 200:
            raise responses.problem(answer)
        known = responses.read(answer, responses.well_known)
        with self._lock:
            self._known = known
        return known

    def description(self) -> WellKnown:
        """The marketplace's description of an earlier request."""
        with self._lock:
            known = self._known
        return known or self.well_known()

    def redeem(self, code: str) -> Grant:
        """Exchange a one-time code for a session to enrol. Raises CODE_INVALID."""
        answer = self.transport.send(
            "POST",
            f"{self.base_url}/v1/enrolments",
            headers={"Content-Type": "application/json"},
            body=json.dumps({"code": code}).encode(),
        )
        if answer.status != 200:
            raise responses.problem(answer, Problem.CODE_INVALID)
        return responses.read(answer, responses.grant)

    def begun(self, token: str) -> Grant:
        """The values of an enrolment that a sign-in in the browser has begun. Raises
        SESSION_EXPIRED.
        """
        answer = self.transport.send(
            "GET",
            f"{self.base_url}/v1/enrolments/current",
            headers={"Authorization": f"Bearer {token}"},
        )
        if answer.status != 200:
            raise responses.problem(answer, Problem.SESSION_EXPIRED)
        return responses.read(answer, responses.grant)

    def enrol(self, session: str, enrolment: bytes) -> DeviceResponse:
        """Send an enrolment. The same bytes again get the same response.

        Raises SESSION_EXPIRED or ENROLMENT_REFUSED.
        """
        answer = self.transport.send(
            "POST",
            self._endpoints().devices,
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {session}"},
            body=json.dumps({"enrolment": enrolment.decode("ascii")}).encode(),
        )
        if answer.status == 401:
            raise responses.problem(answer, Problem.SESSION_EXPIRED)
        if answer.status not in {200, 201}:
            raise responses.problem(answer, Problem.ENROLMENT_REFUSED)
        return responses.read(answer, responses.device)

    def enrol_again(self, enrolment: bytes, receipt: bytes) -> DeviceResponse:
        """Send an enrolment that the marketplace has lost, with the receipt of its first leaf.
        Raises RefusedError if the receipt does not prove it, or the account is lost too.
        """
        body = {"enrolment": enrolment.decode("ascii"), "receipt": receipt.decode("utf-8")}
        answer = self.transport.send(
            "POST",
            self._endpoints().devices,
            headers={"Content-Type": "application/json"},
            body=json.dumps(body).encode(),
        )
        if answer.status not in {200, 201}:
            raise responses.problem(answer, Problem.ENROLMENT_REFUSED)
        return responses.read(answer, responses.device)

    def return_beacon(self, data: bytes) -> None:
        """Return a beacon's file that the marketplace has lost."""
        url = self._endpoints().beacons
        _own(self.expect("POST", url, 200, 201, body=data, mime="text/plain"))

    def current_beacon(self) -> bytes:
        """The newest beacon's tlog-proof; from 60 s before a slot it is that slot's."""
        return self._proof(f"{self._endpoints().beacons}/current")

    def beacon(self, slot: int) -> bytes:
        """The tlog-proof of one slot's beacon."""
        return self._proof(f"{self._endpoints().beacons}/{slot}")

    def log_proof(self, object_digest: str) -> bytes:
        """The tlog-proof of an object's first leaf. Raises RefusedError 404 without one."""
        return self._proof(f"{self.base_url}/log/proof/{quote(object_digest)}")

    def log_keys(self) -> tuple[bytes, ...]:
        """The receipts that announce the log's keys. Raises RefusedError 404 without any."""
        answer = self.transport.send("GET", f"{self.base_url}/log/keys")
        if answer.status != 200:
            raise responses.problem(answer)
        return responses.read(answer, responses.log_keys)

    def log_policy(self) -> bytes:
        """The keys of all shards of the log, and its witnesses (C2SP tlog-policy)."""
        return self._get(f"{self.base_url}/log/policy", MAX_POLICY)

    def log_checkpoint(self, log: str, *, cosigned: bool = False) -> bytes:
        """The newest checkpoint of a shard, by its name, or the newest that reaches the quorum."""
        file = "cosigned" if cosigned else "checkpoint"
        return self._get(f"{self.base_url}/log/{quote(log)}/{file}", MAX_RECEIPT)

    def log_tile(self, log: str, tile: Tile) -> bytes:
        """A tile of a shard. Raises RefusedError 404 if the shard has none."""
        return self._get(f"{self.base_url}/log/{quote(log)}/{tile.path}", longest(tile, MAX_ENTRY))

    # Signed in

    def me(self) -> Me:
        """The account, and this device's heads at the marketplace."""
        return responses.read(self.expect("GET", self._endpoints().me, 200), responses.me)

    def contracts(self, day: DayBounds) -> ContractsResponse:
        """The contracts of the account, with the sums of `day` and of the present week."""
        query = urlencode({"day_from": day.begin_s, "day_to": day.end_s})
        answer = self.expect("GET", f"{self._endpoints().contracts}?{query}", 200)
        return responses.read(answer, responses.contracts)

    def has_blob(self, sha: str) -> bool:
        """Whether the marketplace holds the picture."""
        url = f"{self._endpoints().blobs}/{quote(sha)}"
        return _own(self.expect("HEAD", url, 200, 404)).status == 200

    def put_blob(
        self, sha: str, data: bytes, at_ms: int | None = None, mime: str = "image/webp"
    ) -> None:
        """Upload a picture under its digest, taken at `at_ms` (Unix ms). Raises RefusedError
        `blob_erased` if it was deleted.
        """
        url = f"{self._endpoints().blobs}/{quote(sha)}"
        more = {} if at_ms is None else {"Workdiary-Shot-At": str(at_ms)}
        _own(self.expect("PUT", url, 200, 201, body=data, mime=mime, more=more))

    def put_segment(self, digest: str, sdjwt: bytes, parts: int = 0) -> SegmentResponse:
        """Upload a sealed segment under its hash; the same bytes again get the same leaf. `parts`
        is the mask of the parts that the marketplace must hold (`received_parts`). Raises
        RefusedError 412 if it lacks one.
        """
        url = f"{self._endpoints().segments}/{quote(digest)}"
        more = {"Workdiary-Parts": str(parts)}
        answer = self.expect("PUT", url, 200, 201, body=sdjwt, mime="application/sd-jwt", more=more)
        created = answer.status == 201
        return responses.read(answer, lambda obj: responses.segment(obj, created=created))

    def findings(self, digests: Sequence[str]) -> FindingsResponse:
        """The marketplace's findings about up to `MAX_ASKED` delivered segments."""
        query = urlencode([("segment", digest) for digest in digests])
        url = f"{self.base_url}/v1/findings?{query}"
        return responses.read(self.expect("GET", url, 200), responses.segment_findings)

    def post_statement(self, route: str, data: bytes, mime: str) -> SegmentResponse:
        """Upload another statement to `/v1/<route>`; the same bytes again get the same leaf."""
        url = f"{self.base_url}/v1/{route}"
        answer = self.expect("POST", url, 200, 201, body=data, mime=mime)
        created = answer.status == 201
        return responses.read(answer, lambda obj: responses.segment(obj, created=created))

    def statements(self, after: int) -> StatementPage:
        """The statements about the account's segments after a log position from the marketplace; -1
        for all.
        """
        url = f"{self.base_url}/v1/statements?after={after}"
        return responses.read(self.expect("GET", url, 200), responses.statements)

    def views(self, segment: str) -> ViewsResponse:
        """The newest views of a segment's pictures, by its hash."""
        query = urlencode({"segment": segment, "limit": MAX_LISTED})
        answer = self.expect("GET", f"{self.base_url}/v1/views?{query}", 200)
        return responses.read(answer, picture_views)

    def heartbeat(self, ctr: str, since_s: int) -> None:
        """Report that this device records on a contract since `since_s` (Unix s)."""
        body = json.dumps({"contract": ctr, "since": since_s}).encode()
        url = f"{self.base_url}/v1/heartbeat"
        _own(self.expect("POST", url, 204, body=body, mime="application/json"))

    def segment(self, digest: str) -> bytes | None:
        """A segment of the account as the marketplace shows it now; None if it has none."""
        url = f"{self._endpoints().segments}/{quote(digest)}"
        answer = self.expect("GET", url, 200, 404)
        # The caller checks the bytes. A 404 must come from the marketplace itself.
        if answer.status == 200:
            return answer.body
        _own(answer)
        return None

    def close(self) -> None:
        """Close the connections and forget the token."""
        with self._signing_in:
            self._token = None
        self.transport.close()

    # Requests

    def _endpoints(self) -> Endpoints:
        return self.description().endpoints

    def _proof(self, url: str) -> bytes:
        return self._get(url, MAX_RECEIPT)

    def _get(self, url: str, most: int) -> bytes:
        answer = self.transport.send("GET", url, longest=most)
        if answer.status != 200:
            raise responses.problem(answer)
        return answer.body

    def expect(
        self,
        method: str,
        url: str,
        *statuses: int,
        body: bytes | None = None,
        mime: str = "",
        more: Mapping[str, str] = MappingProxyType({}),
    ) -> Response:
        """Send a request of this device. Raises RefusedError for any other status."""
        answer = self._authorised(method, url, body, mime, more)
        if answer.status not in statuses:
            raise responses.problem(answer)
        return answer

    def _authorised(
        self, method: str, url: str, body: bytes | None, mime: str, more: Mapping[str, str]
    ) -> Response:
        """Send with a token and a proof. Retries one 401 for the token and one for the nonce."""
        key = self._require_device().key
        renewed = nonce_learnt = False
        while True:
            token = self._access_token()
            nonce = self._nonce(url)
            headers = {
                "Authorization": f"DPoP {token}",
                "DPoP": key.proof(method, url, self.transport.now_s(), token=token, nonce=nonce),
            }
            if body is not None:
                headers |= {"Content-Type": mime, **more}
            answer = self.transport.send(method, url, headers=headers, body=body)
            self._learn_nonce(url, answer)
            if answer.status != 401:
                return answer
            if _wants_nonce(answer) and not nonce_learnt:
                nonce_learnt = True
            elif not renewed:
                renewed = True
                self._forget(token)
            else:
                raise responses.problem(answer, Problem.SIGN_IN_REFUSED)

    def _access_token(self) -> str:
        with self._signing_in:
            token = self._token
            if token is None or self._monotonic() >= token.ends:
                token = self._token = self._fetch_token()
            return token.value

    def _forget(self, token: str) -> None:
        with self._signing_in:
            if self._token is not None and self._token.value == token:
                self._token = None

    def _fetch_token(self) -> _Token:
        """Request a token; again with the nonce that the server requires (RFC 9449 §8), and again
        if its Date header shows that this clock is wrong.
        """
        device, url, aud = self._require_device(), self._endpoints().token, self._aud()
        tries = 0
        while True:
            tries += 1
            now = self.transport.now_s()
            form = {
                "grant_type": "client_credentials",
                "client_assertion_type": _ASSERTION_TYPE,
                "client_assertion": device.key.assertion(device.kid, aud, now),
            }
            headers = {
                "Content-Type": "application/x-www-form-urlencoded",
                "DPoP": device.key.proof("POST", url, now, token=None, nonce=self._nonce(url)),
            }
            asked = self._monotonic()
            answer = self.transport.send(
                "POST", url, headers=headers, body=urlencode(form).encode()
            )
            self._learn_nonce(url, answer)
            if answer.status == 200:
                value, life = responses.read(answer, responses.token)
                return _Token(value, asked + max(life - _EARLY_S, life / 2))
            if answer.status not in {400, 401}:
                raise responses.problem(answer)
            corrected = abs(self.transport.now_s() - now) > _CLOCK_MOVED_S
            if tries == _SIGN_IN_TRIES or not (_wants_nonce(answer) or corrected):
                raise responses.problem(answer, Problem.SIGN_IN_REFUSED)

    def _aud(self) -> str:
        return self.description().aud

    def _require_device(self) -> DeviceCredentials:
        if self._device is None:
            raise KeysError(Problem.NOT_ENROLLED)
        return self._device

    def _nonce(self, url: str) -> str | None:
        with self._lock:
            return self._nonces.get(urlsplit(url).netloc)

    def _learn_nonce(self, url: str, answer: Response) -> None:
        nonce = answer.headers.get("DPoP-Nonce")
        if nonce and nonce.isascii() and nonce.isprintable() and len(nonce) <= _MAX_NONCE:
            with self._lock:
                self._nonces[urlsplit(url).netloc] = nonce


def _own(answer: Response) -> Response:
    """Check a response without a body, which only the time header identifies as a marketplace's."""
    if "Workdiary-Time" not in answer.headers:
        raise NetworkError(Problem.UNEXPECTED_ANSWER, "not a marketplace's")
    return answer


def _wants_nonce(answer: Response) -> bool:
    """RFC 9449 §8 (authorization server: in the body) and §9 (resource: in a header)."""
    if "use_dpop_nonce" in answer.headers.get("WWW-Authenticate", ""):
        return True
    return b'"use_dpop_nonce"' in answer.body
