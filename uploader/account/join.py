"""Joins a marketplace: a sign-in gives a grant, the grant enrols this device, the log proves it.

Rules kept (`docs/protocol.md` §2): the secrets are in the keyring and the enrolment is on the disk
before it is sent, so that a retry after a lost response sends the same bytes; the device has joined
once a receipt by the pinned log key proves it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

from diary.core.findings import DiaryError
from diary.formats import json_fields
from diary.formats.encoding import canonical
from diary.objects.enrolment import Enrolment, enrol, parse_enrolment
from uploader.account import membership as memberships
from uploader.account.device_keys import DeviceKeys, DeviceKeyStore
from uploader.account.membership import ENROLMENT_RECEIPT, Membership
from uploader.api.client import MarketplaceClient
from uploader.api.responses import Grant
from uploader.errors import KeysError, NetworkError, Problem, ProofError, RefusedError
from uploader.log.consistency import LogHistory
from uploader.log.receipt_verifier import ReceiptVerifier
from uploader.log.trusted_keys import TrustedLogKeys
from uploader.retry import retry_briefly
from uploader.store.index_rebuild import ENROLMENT
from uploader.store.outbox import Outbox
from uploader.store.state_folder import StateFolder

T = TypeVar("T")
_JOINING = "joining.json"
_TRIES = 5
_LONGEST_WAIT_S = 10.0


class Login(Protocol):
    """A method to sign in once, to enrol a device."""

    def grant(self, client: MarketplaceClient) -> Grant:
        """Sign in; raises RefusedError or NetworkError."""


@dataclass(frozen=True)
class CodeLogin:
    """Sign-in by a one-time code that the marketplace gave. Its `repr` does not show the code."""

    code: str

    def grant(self, client: MarketplaceClient) -> Grant:
        """Exchange the code."""
        return client.redeem(self.code.strip())

    def __repr__(self) -> str:
        return "CodeLogin(…)"


class Joining:
    """Joins the marketplace of a state folder.

    `now_ms` is session time (Unix ms), `wait` pauses for real seconds between attempts, `random` is
    in [0, 1); `prove` receives times that the log has signed (see `ReceiptVerifier`). The keyring
    may block: call `join` on a thread that may wait.
    """

    def __init__(
        self,
        folder: StateFolder,
        outbox: Outbox,
        client: MarketplaceClient,
        box: DeviceKeyStore,
        *,
        now_ms: Callable[[], int],
        wait: Callable[[float], None],
        random: Callable[[], float],
        prove: Callable[[int, int | None], None] = lambda *_: None,
    ) -> None:
        self._folder = folder
        self._outbox = outbox
        self._client = client
        self._box = box
        self._now_ms = now_ms
        self._wait = wait
        self._random = random
        self._prove = prove

    def join(self, login: Login, device_name: str, *, replace_key: bool = False) -> Membership:
        """Join, or continue an interrupted attempt; returns the membership.

        An enrolment that is already in the log is found there, even if its response was lost.
        `replace_key` replaces an enrolment whose keys are lost. Raises NetworkError, RefusedError,
        ProofError, KeysError or StoreError; the same call may then be repeated, with a new code if
        the error's text asks for one.
        """
        member = self._pin()
        former: Enrolment | None = None
        if member.joined and not replace_key:
            return member
        if member.enrolment is not None:
            if member.joined:
                former = member.enrolment
                memberships.stage_enrolment(self._folder, former)
            elif self._finish_earlier(member, member.enrolment):
                return self._loaded()
        grant = self._with_retries(lambda: login.grant(self._client))
        memberships.save(self._folder, replace(member, name=grant.name))
        enrolment = self._prepare(member, grant, device_name, former)
        self._send(member, enrolment, grant.session)
        return self._loaded()

    def _pin(self) -> Membership:
        known = self._with_retries(self._client.well_known)
        member = memberships.load(self._folder)
        if member is None:
            policy = self._with_retries(self._policy)
            member = memberships.save_pinned(self._client.base_url, known, policy)
            memberships.save(self._folder, member)
        memberships.check_pinned(member, known, self._verifier(member))
        return member

    def _policy(self) -> bytes | None:
        """The keys of the log's shards; None from a marketplace with a single shard."""
        try:
            return self._client.log_policy()
        except RefusedError:
            return None

    def _verifier(self, member: Membership) -> ReceiptVerifier:
        trust = TrustedLogKeys(member.pinned, self._folder)
        history = LogHistory(self._folder, trust, self._now_ms, self._outbox.report)
        return ReceiptVerifier(
            trust,
            history,
            self._now_ms,
            speed=member.speed,
            prove=self._prove,
            fetch_keys=lambda: self._with_retries(self._client.log_keys),
        )

    def _prepare(
        self, member: Membership, grant: Grant, device_name: str, former: Enrolment | None
    ) -> Enrolment:
        """Create keys and enrolment; store both before anything is sent."""
        keys = DeviceKeys.generate()
        self._box.save(member.aud, keys)
        try:
            data = enrol(
                keys.signing,
                keys.signing.public,
                aud=member.aud,
                sub=grant.sub,
                auth_jwk=keys.auth.jwk,
                week0=grant.week0,
                seed=keys.seed,
                name=device_name[:100],
                store="os",
                nonce=grant.nonce,
                replaces=former.kid if former else None,
            )
            enrolment = parse_enrolment(data)
        except DiaryError as error:
            # Only the grant's values can be wrong: the rest was made here.
            raise NetworkError(Problem.UNEXPECTED_ANSWER, error.detail) from error
        self._folder.write(_JOINING, canonical({"session": grant.session}))
        self._folder.write(ENROLMENT, data)
        return enrolment

    def _finish_earlier(self, member: Membership, enrolment: Enrolment) -> bool:
        """Finish an enrolment without a response; returns False if it was dropped instead."""
        try:
            self._box.load(member.aud, enrolment.kid)
        except KeysError as error:
            if error.code is not Problem.KEYS_MISSING:
                raise
            self._drop(member, enrolment)
            return False
        try:
            self._send(member, enrolment, self._session())
        except RefusedError:
            if not self._find_in_log(member, enrolment):
                self._drop(member, enrolment)
                return False
        return True

    def _send(self, member: Membership, enrolment: Enrolment, session: str) -> None:
        answer = self._with_retries(lambda: self._client.enrol(session, enrolment.data))
        self._keep(member, enrolment, answer.receipt)
        if answer.beacon:
            self._keep_beacon(member, answer.beacon)

    def _find_in_log(self, member: Membership, enrolment: Enrolment) -> bool:
        try:
            receipt = self._with_retries(lambda: self._client.log_proof(enrolment.digest))
        except RefusedError:
            return False
        self._keep(member, enrolment, receipt)
        return True

    def _keep(self, member: Membership, enrolment: Enrolment, receipt: bytes) -> None:
        self._verifier(member).device(receipt, enrolment)
        self._folder.write(ENROLMENT_RECEIPT, receipt)
        self._folder.remove(_JOINING)
        self._outbox.devices.forget()

    def _keep_beacon(self, member: Membership, data: bytes) -> None:
        try:
            beacon = self._verifier(member).beacon(data)
        except ProofError:
            # The worker fetches beacons anyway, and reports what is wrong with them.
            return
        self._outbox.cache.keep_beacon(beacon, data)

    def _drop(self, member: Membership, enrolment: Enrolment) -> None:
        """Drop an enrolment that the log never received: its key has signed nothing."""
        self._folder.set_aside(ENROLMENT)
        self._folder.remove(_JOINING)
        self._box.forget(member.aud, enrolment.kid)

    def _session(self) -> str:
        try:
            return json_fields.string(
                json.loads(self._folder.read(_JOINING) or b""), "session", 8192
            )
        except (ValueError, TypeError):
            return "none"

    def _loaded(self) -> Membership:
        member = memberships.load(self._folder)
        if member is None or not member.joined:
            raise KeysError(Problem.NOT_ENROLLED)
        return member

    def _with_retries(self, call: Callable[[], T]) -> T:
        """Retry a call for a short time: the user waits for it."""
        return retry_briefly(
            call, tries=_TRIES, longest_s=_LONGEST_WAIT_S, random=self._random, wait=self._wait
        )
