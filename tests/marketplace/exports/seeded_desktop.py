"""The desktop program's store on a computer of a generated marketplace, with all that it has
recorded, sent and fetched.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select

from diary.core.day_bounds import day_bounds
from diary.core.findings import Finding
from diary.core.slots import WEEK
from diary.formats.encoding import Json, digest
from diary.log.leaf import LeafType
from diary.log.receipt import open_receipt
from diary.objects.enrolment import parse_enrolment
from diary.objects.terms import Terms
from marketplace.log import log
from marketplace.seed import people
from marketplace.seed.people import Computer
from marketplace.storage import schema
from tests.marketplace.live_marketplace import AUD, LiveMarketplace
from uploader.api.client import DeviceCredentials, MarketplaceClient
from uploader.api.dpop import AuthKey
from uploader.api.responses import ServerFinding
from uploader.api.transport import Limits, ServerClockObserver, Transport
from uploader.store.contract_cache import CachedContract, CachedTerms
from uploader.store.index_rebuild import ENROLMENT
from uploader.store.local_diary import ContractTotals, load_day
from uploader.store.outbox import Outbox
from uploader.store.state_folder import StateFolder
from uploader.store.statements import StatementKind, read_statement

_KINDS = {LeafType.AMEND: StatementKind.AMEND, LeafType.TOMBSTONE: StatementKind.TOMBSTONE}


@dataclass
class SeededComputers:
    """The computers of the generated freelancers, with the secrets of their sign-in keys."""

    made: list[tuple[Computer, ec.EllipticCurvePrivateKey]] = field(default_factory=list)

    @classmethod
    def recorded(cls, patch: pytest.MonkeyPatch) -> SeededComputers:
        """Record the computers that the generator makes while `patch` is in effect."""
        found, secrets = cls(), []
        make = people._computer

        def sign_in_key(rng: random.Random) -> Json:
            secret = ec.derive_private_key(rng.randrange(1, people._ORDER), ec.SECP256R1())
            secrets.append(secret)
            return AuthKey(secret).jwk

        def computer(*arguments: object) -> Computer:
            made = make(*arguments)  # type: ignore[arg-type]
            found.made.append((made, secrets[-1]))
            return made

        patch.setattr(people, "_sign_in_key", sign_in_key)
        patch.setattr(people, "_computer", computer)
        return found

    def of(self, sub: str) -> list[tuple[Computer, ec.EllipticCurvePrivateKey]]:
        """The computers of a freelancer."""
        return [each for each in self.made if parse_enrolment(each[0].enrolment).sub == sub]


class _TransportInThePast(Transport):
    """A transport with the test's clock: the Date of a response is the real one."""

    def __init__(self, times: ServerClockObserver, now_s: Callable[[], float]) -> None:
        super().__init__(times, Limits(10, 10, 60))
        self._moved_s = now_s

    def now_s(self) -> float:
        return self._moved_s()


class SeededDesktop:
    """The store of one computer; `totals` reads the figures of the own diary."""

    def __init__(
        self,
        base: Path,
        running: LiveMarketplace,
        computer: Computer,
        secret: ec.EllipticCurvePrivateKey,
    ) -> None:
        self._running = running
        self._kid = computer.key.kid
        folder = StateFolder(base, AUD)
        folder.write(ENROLMENT, computer.enrolment)
        self.outbox = Outbox(folder, self._now_ms)
        times = ServerClockObserver(uptime_ms=self._now_ms)
        transport = _TransportInThePast(times, lambda: running.clock.ms / 1000)
        device = DeviceCredentials(self._kid, AuthKey(secret))
        self._client = MarketplaceClient(running.url, transport, device)
        self._sub = parse_enrolment(computer.enrolment).sub

    def close(self) -> None:
        """Close the connections and the store."""
        self._client.close()
        self.outbox.close()

    def totals(self, ctr: str, at_s: int | None = None) -> ContractTotals:
        """The day and the week of `at_s` (Unix s), by default of now."""
        return load_day(self.outbox, self._now_ms(), at_s).totals[ctr]

    def restore(self) -> None:
        """Store this computer's segments with their receipts, as after their upload."""
        segment, leaf = schema.segment.c, schema.leaf.c
        with self._running.deps.store.read() as connection:
            rows = connection.execute(
                select(segment.hash, segment.ctr, segment.idx, segment.slot, leaf.rt_ms)
                .join(schema.leaf, leaf.idx == segment.idx)
                .where(segment.kid == self._kid)
                .order_by(segment.ctr, segment.seq)
            ).all()
            receipts = log.receipts(connection, [row.idx for row in rows])
        owner = self._running.account(self._sub)
        stored: dict[str, tuple[bytes, tuple[Finding, ...]]] = {}
        for ctr in {row.ctr for row in rows}:
            slots = [row.slot for row in rows if row.ctr == ctr]
            diary = self._running.deps.review.diary(owner, ctr, min(slots), max(slots) + 1)
            stored |= {row.hash: (data, findings) for row, data, findings in diary}
        for row in rows:
            data, findings = stored[row.hash]
            self.outbox.commit(row.ctr, self.outbox.head(row.ctr), data)
            kept = self.outbox.row(row.hash)
            assert kept is not None
            for sha in self.outbox.queue.pictures_of(kept):
                self.outbox.queue.picture_done(sha)
            self.outbox.queue.done(
                kept,
                receipts[row.idx],
                [ServerFinding(f.subject, f.code.value, f.detail) for f in findings],
                log_index=row.idx,
                rt_ms=row.rt_ms,
            )

    def contact(self) -> None:
        """Fetch the deletions and the contracts with their sums, as the program does."""
        verifiers = self._running.deps.log.verifiers
        page = self._client.statements(-1)
        assert not page.more
        for record in page.statements:
            kind = _KINDS[LeafType(record.type)]
            assert record.data is not None
            name = read_statement(kind, record.data).digest
            logged = open_receipt(
                record.receipt, verifiers, type=LeafType(record.type), object_digest=name
            )
            self.outbox.learn(kind, record.data, record.receipt, logged.leaf.rt_ms)
        now_s = self._now_ms() // 1000
        contracts, terms = [], []
        for each in self._client.contracts(day_bounds(now_s)).contracts:
            contracts.append(CachedContract(each.ctr, each.title, each.client, each.figure, now_s))
            logged = open_receipt(each.terms, verifiers, type=LeafType.TERMS)
            data = logged.object or b""
            terms.append(CachedTerms(Terms.parse(data), digest(data), logged.position, each.terms))
        self.outbox.cache.keep_contracts(contracts, terms)

    def has_work(self, week: int) -> bool:
        """Whether this computer recorded in the week that begins at `week` (Unix s)."""
        chains = self.outbox.queue.chains()
        return any(self.outbox.segments(ctr, week, week + WEEK) for ctr in chains)

    def _now_ms(self) -> int:
        return self._running.clock.ms


@contextmanager
def desktops(
    base: Path, running: LiveMarketplace, computers: SeededComputers, sub: str
) -> Iterator[list[SeededDesktop]]:
    """The open stores of all computers of a freelancer."""
    made = [
        SeededDesktop(base / f"{sub}-{number}", running, computer, secret)
        for number, (computer, secret) in enumerate(computers.of(sub))
    ]
    try:
        for desktop in made:
            desktop.restore()
            desktop.contact()
        yield made
    finally:
        for desktop in made:
            desktop.close()
