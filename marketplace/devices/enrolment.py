"""Enrolment of devices: a one-time code or a sign-in in the browser begins it with a token, and a
request with the token carries the signed enrolment.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from sqlalchemy import Connection, select

from diary.core.findings import DiaryError
from diary.core.slots import week_of
from diary.formats.encoding import b64url_encode
from diary.log.leaf import LeafType
from diary.log.receipt import open_receipt
from diary.objects.enrolment import Enrolment, parse_enrolment
from marketplace.accounts import one_time_codes
from marketplace.accounts.model import Account, account
from marketplace.core.clock import MarketplaceClock
from marketplace.core.problems import ProblemError
from marketplace.log import beacons
from marketplace.log.log import Log, LogEntry, Row, receipt
from marketplace.notifications.queue import row_for
from marketplace.storage import schema
from marketplace.storage.database import Database
from marketplace.webhooks.events import rows_for


@dataclass(frozen=True)
class Begun:
    """The values for a device's enrolment; the token `session` is valid for ten minutes."""

    sub: str
    name: str
    nonce: str
    week0: int
    session: str


@dataclass(frozen=True)
class Enrolled:
    """The receipt of an enrolment and the newest beacon; `fresh` is False for a repetition."""

    fresh: bool
    receipt: bytes
    beacon: bytes


class Enrolments:
    """Enrols devices at the marketplace `aud`. Blocks."""

    def __init__(self, store: Database, log: Log, clock: MarketplaceClock, aud: str) -> None:
        self._store = store
        self._log = log
        self._clock = clock
        self._aud = aud

    def begin(self, code: str) -> Begun:
        """Use a one-time code. Raises the problem `code_invalid` (401)."""
        now = self._clock.real_s()
        week0 = week_of(self._clock.wall_s())

        def job(connection: Connection) -> Begun | None:
            sub = one_time_codes.use(connection, code, "enrol", now)
            person = None if sub is None else account(connection, sub)
            if person is None or person.role != "freelancer":
                return None
            return begin_enrolment(connection, person, now, week0)

        begun = self._store.write(job).result()
        if begun is None:
            raise ProblemError("code_invalid")
        return begun

    def begun(self, session: str) -> Begun:
        """The values of an enrolment that has begun. Raises the problem `session_invalid` (401)."""
        with self._store.read() as connection:
            row = one_time_codes.find(connection, session, "enrolling", self._clock.real_s())
            person = None if row is None else account(connection, row.sub)
        if row is None or person is None:
            raise ProblemError("session_invalid")
        return Begun(person.sub, person.name, row.nonce, row.week0, session)

    def finish(self, session: str, jws: str) -> Enrolled:
        """Log an enrolment. A repetition gets the same result.

        Raises `session_invalid` (401), `session_used` (409), a code of the protocol or
        `enrolment_mismatch` (422).
        """
        with self._store.read() as connection:
            row = one_time_codes.find(connection, session, "enrolling", self._clock.real_s())
        if row is None:
            raise ProblemError("session_invalid")
        enrolment = self._read(jws)
        given = (self._aud, row.sub, row.nonce, row.week0)
        if (enrolment.aud, enrolment.sub, enrolment.nonce, enrolment.week0) != given:
            raise ProblemError(
                "enrolment_mismatch", "The enrolment does not carry what it was given."
            )
        self._claim(session, row.kid, enrolment)
        values = {"device": enrolment.name, "path": "/devices"}
        with self._store.read() as connection:
            now = self._clock.real_s()
            message = row_for(connection, enrolment.sub, "new_device", values, now)
            events = _events(connection, enrolment, now)
        # In the transaction of the enrolment, so that no crash leaves it unannounced.
        announced: list[Row] = [] if message is None else [(schema.message, message)]
        announced += events
        entry = LogEntry(
            LeafType.DEVICE,
            enrolment.digest,
            attrs=enrolment.kid,
            rows=lambda index, _rt_ms: [*_rows(enrolment, index), *announced],
        )
        placed = self._log.append(entry).result()
        with self._store.read() as connection:
            newest = beacons.newest(connection)
            return Enrolled(placed.fresh, receipt(connection, placed.index), newest or b"")

    def restore(self, jws: str, proof: bytes) -> Enrolled:
        """Log an enrolment again that a restored backup lost; `proof` is the receipt of its leaf,
        signed by this log. An existing enrolment is not changed.

        Raises the problems (422) `E_INCLUSION` and other codes of the protocol for an invalid
        receipt, and `enrolment_mismatch` for an unknown account.
        """
        enrolment = self._read(jws)
        try:
            logged = open_receipt(
                proof,
                self._log.verifiers,
                type=LeafType.DEVICE,
                object_digest=enrolment.digest,
            )
        except DiaryError as error:
            raise ProblemError(error.code.value, f"Not enrolled: {error.detail}.") from error
        with self._store.read() as connection:
            person = account(connection, enrolment.sub)
        known = enrolment.aud == self._aud and logged.leaf.attrs == enrolment.kid
        if person is None or person.role != "freelancer" or not known:
            raise ProblemError(
                "enrolment_mismatch", "The account of this enrolment is not known here."
            )
        with self._store.read() as connection:
            columns = schema.device.c
            same = select(columns.jws).where(columns.kid == enrolment.kid)
            there = connection.execute(same).scalar()
        if there is not None and there != enrolment.data:
            raise ProblemError("device_known")
        entry = LogEntry(
            LeafType.DEVICE,
            enrolment.digest,
            attrs=enrolment.kid,
            rows=lambda index, _rt_ms: _rows(enrolment, index, proof),
        )
        placed = self._log.append(entry).result()
        with self._store.read() as connection:
            newest = beacons.newest(connection)
            return Enrolled(placed.fresh, receipt(connection, placed.index), newest or b"")

    def _read(self, jws: str) -> Enrolment:
        try:
            enrolment = parse_enrolment(jws.encode("ascii", "replace"))
            ECKey.import_key(enrolment.auth_jwk)
        except DiaryError as error:
            raise ProblemError(error.code.value, f"Not enrolled: {error.detail}.") from error
        except (JoseError, ValueError) as error:
            raise ProblemError(
                "E_FORMAT", "Not enrolled: the sign-in key is not a point of P-256."
            ) from error
        return enrolment

    def _claim(self, session: str, kid: str | None, enrolment: Enrolment) -> None:
        """Bind the session to this device. Raises 409 for a key with another enrolment."""
        with self._store.read() as connection:
            known = connection.execute(
                select(schema.device.c.jws).where(schema.device.c.kid == enrolment.kid)
            ).scalar()
        if known is not None and known != enrolment.data:
            raise ProblemError("device_known")
        if kid is None:
            kid = self._store.write(
                lambda connection: one_time_codes.bind(connection, session, enrolment.kid)
            ).result()
        if kid != enrolment.kid:
            raise ProblemError("session_used")


def begin_enrolment(connection: Connection, person: Account, now_s: int, week0: int) -> Begun:
    """Begin the enrolment of a freelancer's device; `now_s` is real time, `week0` the week of the
    marketplace's time.
    """
    nonce = b64url_encode(secrets.token_bytes(16))
    session = one_time_codes.new(
        connection, person.sub, "enrolling", now_s, nonce=nonce, week0=week0
    )
    return Begun(person.sub, person.name, nonce, week0, session)


def _rows(enrolment: Enrolment, index: int, proof: bytes | None = None) -> list[Row]:
    row: dict[str, object] = {
        "kid": enrolment.kid,
        "sub": enrolment.sub,
        "idx": index,
        "jws": enrolment.data,
        "proof": proof,
    }
    return [(schema.device, row)]


def _events(connection: Connection, enrolment: Enrolment, now_s: int) -> list[Row]:
    """The events for the freelancer and for the clients of the contracts, each with its own."""
    columns = schema.contract.c
    rows = connection.execute(
        select(columns.ctr, columns.client)
        .where(columns.freelancer == enrolment.sub)
        .order_by(columns.ctr)
    ).all()
    readers = {enrolment.sub: [row.ctr for row in rows]}
    for row in rows:
        readers.setdefault(row.client, []).append(row.ctr)
    made: list[Row] = []
    for reader, contracts in readers.items():
        data = {"computer": enrolment.kid, "contracts": contracts}
        made += rows_for(connection, [reader], "computer.enrolled", data, now_s)
    return made
