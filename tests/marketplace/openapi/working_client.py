"""A client at work: it remembers its session, its key, its token and what it has sent, so that
generated requests can continue one another.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import requests
import requests.auth

from diary.core.slots import SLOT, week_of
from diary.objects.segment import parse
from diary.objects.tombstone import tombstone
from marketplace.contracts.queries import Contract
from marketplace.devices.authorization import CLIENT_ID, AuthorizationRequest
from marketplace.records import review_entries
from marketplace.records.statements import MAX_STATEMENTS
from tests.marketplace.later_statements import AT, amended, digest_of, retired, vouched
from tests.marketplace.live_marketplace import START, LiveMarketplace
from tests.marketplace.simulated_device import ASSERTION, SimulatedDevice, worked
from uploader.api.dpop import AuthKey

#: A verifier and its challenge (RFC 7636 appendix B).
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
REDIRECT = "http://127.0.0.1:4711/callback"


def auth_key(device: SimulatedDevice) -> AuthKey:
    """The device's sign-in key, as the desktop program holds it."""
    secret = device.auth.as_dict(private=True)
    return AuthKey.from_secret(".".join(str(secret[part]) for part in ("d", "x", "y")))


class WorkingClient:
    """The computers of one freelancer of `contract`.

    `device` is the one that is signed in, `joining` the one that enrols.
    """

    def __init__(self, marketplace: LiveMarketplace, contract: Contract) -> None:
        self._marketplace = marketplace
        self.contract = contract
        self._devices: list[SimulatedDevice] = []
        self._receipt = ""
        self._slots = itertools.count(START, SLOT)
        self._times = itertools.count(AT)
        self._unsent: bytes | None = None
        self._statements = 0
        #: The owner of the personal token in the requests.
        self.reader = contract.freelancer
        self.device = self._enrolled()
        self.joining = self.device
        self.begun: dict[str, Any] | None = None
        self._question = ""
        self.sent = self._first = self._work()
        self.device.send(self.sent)

    def close(self) -> None:
        """Close the connections."""
        for device in self._devices:
            device.http.close()

    # Review of the client

    def question(self) -> str:
        """A question of the client about the segment that was sent first."""
        if not self._question:
            person = self._marketplace.account(self.contract.client)
            week, decisions = week_of(START), self._marketplace.deps.decisions
            names = [parse(self._first).hash]
            decisions.ask(person, self.contract.ctr, week, names, "What was this?")
            with self._marketplace.deps.store.read() as connection:
                entries = review_entries.of_week(connection, self.contract.ctr, week)
            self._question = next(each.digest for each in entries if each.kind == "question")
        return self._question

    # Webhooks of the reader

    def webhook(self) -> str:
        """An endpoint that exists."""
        endpoints = self._marketplace.deps.endpoints
        person = self._marketplace.account(self.reader)
        known = endpoints.of(person)
        if known:
            return known[0].id
        url, events = "https://erp.example/hook", ["week.ready"]
        return endpoints.create(person, None, url, events)[0].id

    def forget_webhooks(self) -> None:
        """Delete all endpoints, so that there is room for another one."""
        endpoints = self._marketplace.deps.endpoints
        person = self._marketplace.account(self.reader)
        for each in endpoints.of(person):
            endpoints.remove(person, each.id)

    # Enrolment and sign-in

    def code(self) -> str:
        """A one-time code for enrolling."""
        return self._marketplace.code(self.contract.freelancer)

    def session(self) -> str:
        """The session of the enrolment that has begun; begins one if necessary."""
        if self.begun is None or not self._works(self.begun["session"]):
            self.begun = self.device.begin(self.code())
        return str(self.begun["session"])

    def _works(self, session: str) -> bool:
        headers = {"Authorization": f"Bearer {session}"}
        answer = self.device.http.get("/v1/enrolments/current", headers=headers)
        assert answer.status_code in (200, 401), answer.text
        return answer.status_code == 200

    def enrolment(self) -> bytes:
        """An enrolment of a new computer for the present session."""
        self.session()
        assert self.begun is not None
        device = self._new_device()
        device.sub = self.begun["sub"]
        device.enrolment = device.make_enrolment(self.begun)
        self.joining = device
        return device.enrolment

    def enrolled(self) -> None:
        """The marketplace accepted the enrolment of `joining`."""
        self.begun = None

    def known_enrolment(self) -> tuple[bytes, str]:
        """The enrolment of the first computer and its receipt."""
        return self._devices[0].enrolment, self._receipt

    def assertion(self) -> dict[str, str]:
        """The form of a token request of the computer that enrolled last."""
        device = self.joining
        made = auth_key(device).assertion(device.key.kid, device.aud, device.now_s())
        return {"client_assertion_type": ASSERTION, "client_assertion": made}

    def token_proof(self) -> str:
        """The DPoP proof of this token request."""
        device = self.joining
        url = f"{device.url}/oauth/token"
        return auth_key(device).proof("POST", url, device.now_s(), token=None, nonce=None)

    def authorization(self) -> dict[str, str]:
        """The form of a token request after a sign-in in the browser."""
        request = AuthorizationRequest(REDIRECT, CHALLENGE, None, "Laptop")
        code = self._marketplace.deps.authorizations.issue(self.contract.freelancer, request)
        return {
            "client_id": CLIENT_ID,
            "code": code,
            "redirect_uri": REDIRECT,
            "code_verifier": VERIFIER,
        }

    def signed_in(self, token: str) -> None:
        """The marketplace gave a token to `joining`."""
        if self.joining is not self.device:
            self._unsent = None
        self.device = self.joining
        self.device.token = token

    # Work

    def segment(self) -> bytes:
        """The next segment, after its pictures were sent; the same one until it is stored."""
        if self._unsent is None or self._is_stored(self._unsent):
            self._unsent = self._work()
        self.sent = self._unsent
        for shot in parse(self._unsent).pictures.values():
            for part in (shot.blob, shot.thumb):
                answer = self.device.put_blob(self.device.blobs[part.sha256])
                assert answer.status_code in (200, 201), answer.text
        return self._unsent

    def beacon(self) -> bytes:
        """The file of a beacon of this log."""
        return next(iter(self._devices[0].beacons.values()))

    def statement(self, what: str) -> bytes:
        """A new statement for `/v1/<what>`."""
        made: dict[str, Callable[[], bytes]] = {
            "vouches": lambda: vouched(self._devices[0], self._enrolled()),
            "retires": lambda: retired(self._enrolled(), at=next(self._times)),
            "amends": lambda: amended(
                self.device, self._stored(), "Other words", next(self._times)
            ),
            "tombstones": lambda: tombstone(
                self.device.key,
                segment=parse(self._stored()).hash,
                digests=[digest_of(self.sent, "minutes")],
                scope=["minutes"],
                reason="deleted",
                at=next(self._times),
            ),
        }
        return made[what]()

    def _stored(self) -> bytes:
        """A segment that the marketplace has, for a further statement about it."""
        self._statements += 1
        if self._statements >= MAX_STATEMENTS or not self._is_stored(self.sent):
            self._statements = 0
            self.device.send(self.segment())
        return self.sent

    def _is_stored(self, data: bytes) -> bool:
        answer = self.device.call("GET", f"/v1/segments/{parse(data).hash}")
        assert answer.status_code in (200, 404), answer.text
        return answer.status_code == 200

    def _work(self) -> bytes:
        slot = next(self._slots)
        (made,) = worked(self._marketplace, self.device, self.contract.ctr, slot)
        return made

    def _new_device(self) -> SimulatedDevice:
        device = SimulatedDevice(self._marketplace.url, self._marketplace.deps.clock.real_s)
        self._devices.append(device)
        return device

    def _enrolled(self) -> SimulatedDevice:
        device = self._new_device()
        given = device.begin(self.code())
        device.sub = given["sub"]
        device.enrolment = device.make_enrolment(given)
        answer = device.send_enrolment(given["session"], device.enrolment)
        assert answer.status_code == 201, answer.text
        self._receipt = self._receipt or answer.json()["receipt"]
        device.keep_beacon(answer.json()["beacon"].encode())
        device.sign_in()
        return device


class DeviceAuth(requests.auth.AuthBase):
    """Signs each request with the desktop program's code: a DPoP-bound token and a proof."""

    def __init__(self, client: WorkingClient) -> None:
        self._client = client

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        assert request.method is not None
        assert request.url is not None
        device = self._client.device
        request.headers["Authorization"] = f"DPoP {device.token}"
        request.headers["DPoP"] = auth_key(device).proof(
            request.method, request.url, device.now_s(), token=device.token, nonce=None
        )
        return request


class SessionAuth(requests.auth.AuthBase):
    """Sends the session of the present enrolment."""

    def __init__(self, client: WorkingClient) -> None:
        self._client = client

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._client.session()}"
        return request


class HeaderAuth(requests.auth.AuthBase):
    """Sends a fixed header."""

    def __init__(self, name: str, value: str) -> None:
        self._name, self._value = name, value

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers[self._name] = self._value
        return request
