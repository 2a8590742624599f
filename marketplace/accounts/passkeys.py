"""Passkeys: registration and sign-in by WebAuthn (Level 3), with `webauthn` as the verifier.

Rules kept: the authenticator verifies the person (PIN, fingerprint, face); a challenge is random,
works once and for five minutes; a registration belongs to the account that asked for it. Browsers
have passkeys for host names only, not for IP addresses.
"""

from __future__ import annotations

import ipaddress
import json
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, delete, func, select, update
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from diary.core.display import tidy
from marketplace.accounts.model import Account
from marketplace.accounts.pending import PendingSignIns
from marketplace.core.clock import MarketplaceClock
from marketplace.core.problems import ProblemError, not_found
from marketplace.notifications.queue import enqueue
from marketplace.storage import schema
from marketplace.storage.database import Database

CHALLENGE_S = 300
MAX_PASSKEYS = 20
MAX_NAME = 60
#: Challenges in memory at once; the oldest is dropped first.
_MAX_CHALLENGES = 10_000


@dataclass(frozen=True)
class Passkey:
    """A registered passkey. Times are Unix s of real time."""

    id: str
    name: str
    created_s: int
    used_s: int | None


class Challenges:
    """Issued challenges, each used once. Thread-safe; a restart forgets them, unless they are in
    `shared`.
    """

    def __init__(self, now_s: Callable[[], int], shared: PendingSignIns | None = None) -> None:
        self._now_s = now_s
        self._shared = shared
        self._gate = threading.Lock()
        self._issued: OrderedDict[bytes, tuple[str, int]] = OrderedDict()

    def new(self, sub: str) -> bytes:
        """A challenge for an account, or for a sign-in with `sub` ""."""
        challenge = secrets.token_bytes(32)
        expires = self._now_s() + CHALLENGE_S
        if self._shared is not None:
            self._shared.put("passkey", challenge, sub, expires)
            return challenge
        with self._gate:
            self._issued[challenge] = (sub, expires)
            while len(self._issued) > _MAX_CHALLENGES:
                self._issued.popitem(last=False)
        return challenge

    def use(self, challenge: bytes, sub: str) -> bool:
        """Whether the challenge was issued for this `sub`, and is neither used nor too old."""
        if self._shared is not None:
            return self._shared.take("passkey", challenge) == sub
        with self._gate:
            issued, expires = self._issued.pop(challenge, ("", 0))
        return expires > self._now_s() and issued == sub


class Passkeys:
    """Registers, lists and checks the passkeys of the site `base_url`. Blocks."""

    def __init__(
        self,
        store: Database,
        clock: MarketplaceClock,
        base_url: str,
        shared: PendingSignIns | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._origin = base_url
        self._rp_id = urlsplit(base_url).hostname or ""
        self._challenges = Challenges(clock.real_s, shared)

    @property
    def available(self) -> bool:
        """Whether browsers allow passkeys for the address of this site."""
        try:
            ipaddress.ip_address(self._rp_id)
        except ValueError:
            return True
        return False

    def of(self, sub: str) -> tuple[Passkey, ...]:
        """The passkeys of an account, oldest first."""
        columns = schema.passkey.c
        query = select(schema.passkey).where(columns.sub == sub).order_by(columns.created_s)
        with self._store.read() as connection:
            return tuple(
                Passkey(row.id, row.name, row.created_s, row.used_s)
                for row in connection.execute(query)
            )

    def registration_options(self, person: Account) -> dict[str, Any]:
        """The options for `navigator.credentials.create`, as JSON."""
        known = [
            PublicKeyCredentialDescriptor(id=base64url_to_bytes(each.id))
            for each in self.of(person.sub)
        ]
        options = generate_registration_options(
            rp_id=self._rp_id,
            rp_name="Workdiary",
            user_id=person.sub.encode(),
            user_name=person.name,
            user_display_name=person.name,
            challenge=self._challenges.new(person.sub),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=known,
        )
        return dict(json.loads(options_to_json(options)))

    def register(self, person: Account, credential: dict[str, Any], name: str) -> None:
        """Store the passkey of a response. Raises `passkey_invalid` and `passkeys_full`."""
        try:
            verified = verify_registration_response(
                credential=credential,
                expected_challenge=self._used_challenge(credential, person.sub),
                expected_rp_id=self._rp_id,
                expected_origin=self._origin,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError, KeyError, TypeError) as error:
            raise ProblemError("passkey_invalid") from error
        now = self._clock.real_s()
        shown = tidy(name).strip()[:MAX_NAME] or "Passkey"
        row: dict[str, object] = {
            "id": bytes_to_base64url(verified.credential_id),
            "sub": person.sub,
            "public_key": verified.credential_public_key,
            "sign_count": verified.sign_count,
            "name": shown,
            "created_s": now,
            "used_s": None,
        }

        def job(connection: Connection) -> None:
            columns = schema.passkey.c
            count = select(func.count()).where(columns.sub == person.sub)
            if connection.execute(count).scalar_one() >= MAX_PASSKEYS:
                raise ProblemError("passkeys_full")
            same = select(columns.id).where(columns.id == row["id"])
            if connection.execute(same).first() is not None:
                raise ProblemError("passkey_invalid")
            schema.insert(connection, schema.passkey, [row])
            values = {"name": shown, "path": "/account"}
            enqueue(connection, person.sub, "new_passkey", values, now)

        self._store.write(job).result()

    def sign_in_options(self) -> dict[str, Any]:
        """The options for `navigator.credentials.get`, as JSON; they name no account."""
        options = generate_authentication_options(
            rp_id=self._rp_id,
            challenge=self._challenges.new(""),
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        return dict(json.loads(options_to_json(options)))

    def check(self, credential: dict[str, Any]) -> str:
        """The `sub` of the account whose passkey signed the response. Raises `passkey_invalid`."""
        columns = schema.passkey.c
        name = credential.get("id")
        with self._store.read() as connection:
            row = connection.execute(
                select(schema.passkey).where(columns.id == (name if isinstance(name, str) else ""))
            ).first()
        try:
            challenge = self._used_challenge(credential, "")
            if row is None:
                raise ProblemError("passkey_invalid")
            verified = verify_authentication_response(
                credential=credential,
                expected_challenge=challenge,
                expected_rp_id=self._rp_id,
                expected_origin=self._origin,
                credential_public_key=row.public_key,
                credential_current_sign_count=row.sign_count,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError, KeyError, TypeError) as error:
            raise ProblemError("passkey_invalid") from error
        used = {"sign_count": verified.new_sign_count, "used_s": self._clock.real_s()}
        self._store.write(
            lambda connection: connection.execute(
                update(schema.passkey).where(columns.id == row.id).values(**used)
            )
        ).result()
        return str(row.sub)

    def remove(self, sub: str, passkey: str) -> None:
        """Remove a passkey of an account. Raises `not_found`."""
        columns = schema.passkey.c
        done = self._store.write(
            lambda connection: (
                connection.execute(
                    delete(schema.passkey).where(columns.sub == sub, columns.id == passkey)
                ).rowcount
            )
        ).result()
        if not done:
            raise not_found()

    def _used_challenge(self, credential: dict[str, Any], sub: str) -> bytes:
        """The challenge that the response names, which is then used up. Raises `passkey_invalid`
        for one that was not issued for `sub`.
        """
        data = base64url_to_bytes(credential["response"]["clientDataJSON"])
        challenge = base64url_to_bytes(json.loads(data)["challenge"])
        if not self._challenges.use(challenge, sub):
            raise ProblemError("passkey_invalid")
        return challenge
