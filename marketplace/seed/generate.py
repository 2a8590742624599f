"""Generate a marketplace's data folder.

The stored rows are those that the marketplace itself would have stored if these computers had sent
these segments at these times; `tests/marketplace/seed` compares both. The database gets its name
when it is complete, so that an interrupted run leaves no marketplace.
"""

from __future__ import annotations

import os
import random
import shutil
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from diary.core.slots import DAY, SLOT, week_of
from diary.formats.ed25519 import SigningKey
from diary.formats.encoding import digest
from diary.formats.sd_jwt import remove_disclosures
from diary.log.leaf import LeafType, contract_attr
from diary.log.signed_note import NoteSigner
from diary.objects.beacon import Beacon
from diary.objects.device_lifecycle import parse_vouch, vouch
from diary.objects.tombstone import parse_tombstone
from diary.verification.credit import CreditEntry, credit, totals
from marketplace.devices.registry import statement_row
from marketplace.log.shards import ShardKeys
from marketplace.records import credited_totals, exceptions, segment_facts
from marketplace.seed.bulk import BulkWriter, Entry, LogBuilder
from marketplace.seed.files import store_files
from marketplace.seed.people import Computer, Freelancer, SeedClient, SeedContract, make_people
from marketplace.seed.pictures import SeedPicture, draw_pictures
from marketplace.seed.plan import PlannedSlot, SeedOptions, plan
from marketplace.seed.segments import MadeSegment, PublishedBeacon, SegmentGenerator
from marketplace.storage import schema
from marketplace.storage.data_folder import DATABASE
from system.files import TEMPORARY, move, private_dir, write_private

#: Seconds from the creation of the log to the first day, from the creation to the enrolments, and
#: from there to the terms.
_SETUP_S, _ENROLLED_S, _TERMS_S = 2 * SLOT - 30, 2, 10
#: Seconds from a slot's end to the arrival of its segments, and of the deletions of that slot.
_ARRIVAL_S, _DELETION_S = 3, 300
_BEACON_LEAD_S = 60
_SECRET_BYTES = 32


@dataclass(frozen=True)
class SeedCounts:
    """What was generated; `seconds` is the recorded time."""

    accounts: int
    contracts: int
    devices: int
    segments: int
    deletions: int
    beacons: int
    leaves: int
    pictures: int
    seconds: int


def generate(
    data_dir: Path, options: SeedOptions, progress: Callable[[int, int], None]
) -> SeedCounts:
    """Fill a folder without a marketplace. `progress` gets the days done and their number.

    Raises ConfigError for a plan without room.
    """
    temporary = private_dir(data_dir) / f"{TEMPORARY}seed.sqlite"
    temporary.touch(mode=0o600)
    try:
        writer = BulkWriter(temporary)
        counts = _Generator(data_dir, options, writer).run(progress)
        writer.close()
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        move(temporary, data_dir / DATABASE)
    except BaseException:
        # Without its database the folder would refuse another run because of the log's key.
        temporary.unlink(missing_ok=True)
        for name in ("blobs", "keys"):
            shutil.rmtree(data_dir / name, ignore_errors=True)
        raise
    return counts


class SeededAttention(NamedTuple):
    """The columns of a segment that decide about its exceptions."""

    hash: str
    ctr: str
    t0: int
    t1: int
    attention: str | None


class _Generator:
    def __init__(self, data_dir: Path, options: SeedOptions, writer: BulkWriter) -> None:
        self._options = options
        self._writer = writer
        self._blobs = private_dir(data_dir / "blobs")
        self._keys = private_dir(data_dir / "keys")
        self._rng = random.Random(options.random_seed)  # noqa: S311 - generated test data
        self._genesis_s = options.begin_s - _SETUP_S
        shard_keys = ShardKeys(self._keys)
        self._log = LogBuilder(
            writer, options.name, self._genesis_s, self._shard_key, shard_keys.destroy
        )
        self._entries: defaultdict[tuple[str, int], list[CreditEntry]] = defaultdict(list)
        self._attention: defaultdict[tuple[str, int], list[SeededAttention]] = defaultdict(list)
        self._counts: Counter[str] = Counter()

    def _shard_key(self, origin: str) -> NoteSigner:
        secret = self._rng.randbytes(_SECRET_BYTES)
        write_private(ShardKeys(self._keys).path(origin), secret.hex().encode() + b"\n")
        return NoteSigner(origin, SigningKey.from_seed(secret))

    def run(self, progress: Callable[[int, int], None]) -> SeedCounts:
        options = self._options
        for name, value in (
            ("name", options.name),
            ("speed", "0"),
            ("origin_ms", str(self._genesis_s * 1000)),
        ):
            self._writer.add(schema.setting, {"name": name, "value": value})
        genesis = self._genesis_s - self._genesis_s % SLOT
        beacon = self._beacon(genesis, self._genesis_s)
        pictures = draw_pictures(self._rng)
        enrolled_s = self._genesis_s + _ENROLLED_S
        freelancers, clients, contracts = make_people(
            options, self._rng, enrolled_s, enrolled_s + _TERMS_S
        )
        self._store_people(freelancers, clients, contracts)
        self._work(pictures, contracts, beacon, progress)
        self._counts["pictures"] = store_files(
            self._writer, self._blobs, options.begin_s, pictures, freelancers
        )
        self._counts["contracts"] = len(contracts)
        self._counts["accounts"] = len(freelancers) + len(clients)
        return SeedCounts(**{name: self._counts[name] for name in SeedCounts.__annotations__})

    def _append(self, at_s: int, entries: list[Entry]) -> list[int]:
        self._counts["leaves"] += len(entries)
        return self._log.append(at_s * 1000, entries)

    def _beacon(self, slot: int, at_s: int) -> PublishedBeacon:
        beacon = Beacon(slot, self._rng.randbytes(_SECRET_BYTES))
        data = beacon.data()
        entry = Entry(LeafType.BEACON, digest(data), str(slot), data)
        index, file = self._log.append_with_receipt(at_s * 1000, entry)
        name = digest(file)
        self._writer.add(schema.beacon, {"slot": slot, "idx": index, "file": file, "hash": name})
        self._counts.update(beacons=1, leaves=1)
        return PublishedBeacon(slot, beacon.val, name)

    def _store_people(
        self,
        freelancers: list[Freelancer],
        clients: list[SeedClient],
        contracts: list[SeedContract],
    ) -> None:
        at = self._genesis_s + 1
        people: list[tuple[str, str, str, str | None]]
        people = [(each.sub, "freelancer", each.name, None) for each in freelancers]
        people += [(each.sub, "client", each.name, each.pseudonym) for each in clients]
        for sub, role, name, pseudonym in people:
            account = {
                "sub": sub, "role": role, "name": name, "created_s": at, "pseudonym": pseudonym,
            }  # fmt: skip
            self._writer.add(schema.account, account)
        for number, contract in enumerate(contracts):
            row = {
                "ctr": contract.ctr,
                "title": contract.title,
                "freelancer": contract.freelancer.sub,
                "client": contract.client.sub,
                # The operator's command invites to the oldest contract.
                "created_s": at + (number > 0),
            }
            self._writer.add(schema.contract, row)
            if contract.rate is not None:
                rate = {"ctr": contract.ctr, "from_s": week_of(at), **asdict(contract.rate)}
                self._writer.add(schema.contract_rate, rate)
        self._enrol(freelancers)
        at = self._genesis_s + _ENROLLED_S
        entries = [
            Entry(LeafType.TERMS, c.terms_hash, contract_attr(c.ctr), c.terms.data())
            for c in contracts
        ]
        for contract, index in zip(contracts, self._append(at, entries), strict=True):
            terms = {
                "hash": contract.terms_hash,
                "ctr": contract.ctr,
                "idx": index,
                "from_s": contract.terms.from_s,
                "state": contract.terms.state,
                "limit_s": contract.terms.limit_s,
                "edit_until_s": contract.terms.edit_until_s,
            }
            self._writer.add(schema.terms, terms)

    def _enrol(self, freelancers: list[Freelancer]) -> None:
        """Log all computers, and the vouches of the first ones for the second ones."""
        at = self._genesis_s + _ENROLLED_S
        pairs = [(f, computer) for f in freelancers for computer in f.computers]
        entries = [Entry(LeafType.DEVICE, c.digest, c.key.kid) for _, c in pairs]
        for (freelancer, computer), index in zip(pairs, self._append(at, entries), strict=True):
            device = {
                "kid": computer.key.kid,
                "sub": freelancer.sub,
                "idx": index,
                "jws": computer.enrolment,
                "proof": None,
            }
            self._writer.add(schema.device, device)
        self._counts["devices"] = len(pairs)
        vouches = [
            (f.computers[0].key.kid, second.key.kid, self._vouch(f, second))
            for f in freelancers
            for second in f.computers[1:]
        ]
        if not vouches:
            return
        entries = [Entry(LeafType.VOUCH, _name_of_vouch(data)) for _, _, data in vouches]
        for (kid, subject, data), index in zip(vouches, self._append(at, entries), strict=True):
            self._writer.add(
                *statement_row(
                    LeafType.VOUCH, _name_of_vouch(data), index, subject=subject, kid=kid, data=data
                )
            )

    def _vouch(self, freelancer: Freelancer, second: Computer) -> bytes:
        key = freelancer.computers[0].key
        return vouch(key, aud=self._options.name, sub=freelancer.sub, kid=second.key.kid)

    def _work(
        self,
        pictures: list[SeedPicture],
        contracts: list[SeedContract],
        before: PublishedBeacon,
        progress: Callable[[int, int], None],
    ) -> None:
        factory = SegmentGenerator(self._rng, pictures)
        made: list[MadeSegment] = []
        week = week_of(self._options.begin_s)
        for number, planned in enumerate(plan(self._options, self._rng)):
            day = self._options.begin_s + number * DAY
            if week_of(day) != week:
                self._store_totals()
                week = week_of(day)
            for slot, work in _by_slot(day, planned):
                # The segments of the slot before arrive after its end, before the next beacon.
                beacon = self._beacon(slot, slot - _BEACON_LEAD_S)
                self._arrive(slot, made)
                made = [
                    factory.make(each, contracts[each.contract], beacon, before) for each in work
                ]
                before = beacon
            progress(number + 1, self._options.days)
        self._arrive(self._options.end_s, made)
        self._store_totals()

    def _arrive(self, slot_end: int, made: list[MadeSegment]) -> None:
        """Log and store the segments of a slot, then their deletions."""
        if not made:
            return
        entries = [Entry(LeafType.SEGMENT, each.hash, str(each.received)) for each in made]
        rows = self._append(slot_end + _ARRIVAL_S, entries)
        deleted = [(each, row) for each, row in zip(made, rows, strict=True) if each.tombstone]
        gone = self._delete(slot_end + _DELETION_S, [each for each, _ in deleted])
        for each, row in zip(made, rows, strict=True):
            self._store_segment(each, row, slot_end, gone.get(each.hash))

    def _delete(self, at_s: int, made: list[MadeSegment]) -> dict[str, int]:
        """Log the deletions; returns their rows by segment."""
        if not made:
            return {}
        parsed = [(each, parse_tombstone(each.tombstone or b"")) for each in made]
        names = [body.signed.digest if body.signed else "" for _, body in parsed]
        rows = self._append(at_s, [Entry(LeafType.TOMBSTONE, name) for name in names])
        for each, name, row in zip(made, names, rows, strict=True):
            self._writer.add(
                *statement_row(
                    LeafType.TOMBSTONE, name, row,
                    subject=each.hash, kid=each.computer.key.kid, data=each.tombstone,
                )
            )  # fmt: skip
        self._counts["deletions"] += len(made)
        return {each.hash: row for each, row in zip(made, rows, strict=True)}

    def _store_segment(
        self, made: MadeSegment, index: int, slot_end: int, given_back_idx: int | None
    ) -> None:
        """Store a segment of the log row `index`, and the results of its last check."""
        body, contract = made.body, made.contract
        data = made.data
        if given_back_idx is not None:
            data = remove_disclosures(data, {digest(part) for part in data.split(b"~")[1:]})
        row: dict[str, Any] = {
            "hash": made.hash,
            "idx": index,
            "kid": made.computer.key.kid,
            "ctr": body.ctr,
            "epoch": body.epoch,
            "seq": body.seq,
            "slot": body.slot,
            "t0": body.t0,
            "t1": body.t1,
            "kind": body.kind,
            "beacon": body.bcn.h if body.bcn else None,
            "beacon_slot": body.bcn.slot if body.bcn else None,
            "data": data,
            "checked": True,
            "given_back": given_back_idx is not None,
            "given_back_idx": given_back_idx,
            "pays": True,
            "limit_s": contract.terms.limit_s,
            "client": contract.terms.client,
            "attention": " ".join(made.attention) or None,
            "allowed": False,
        }
        self._writer.add(schema.segment, row)
        if given_back_idx is None:
            for sha in made.files:
                self._writer.add(schema.segment_blob, {"segment": made.hash, "sha256": sha})
        for finding in made.findings:
            detail = {
                "segment": made.hash,
                "kind": finding.kind,
                "subject": finding.subject,
                "code": finding.code.value,
                "detail": finding.detail,
            }
            self._writer.add(schema.finding, detail)
        received_s = slot_end + _ARRIVAL_S
        checked_s = received_s if given_back_idx is None else slot_end + _DELETION_S
        facts = replace(made.facts, rt_ms=received_s * 1000)
        summary = segment_facts.facts_row(made.hash, body.ctr, body.slot, facts, checked_s)
        self._writer.add(schema.segment_summary, summary)
        entry = CreditEntry(
            made.hash, index, body.kind, body.t0, body.t1,
            given_back=given_back_idx is not None, limit_s=contract.terms.limit_s, sub=body.sub,
            client=contract.terms.client, ctr=body.ctr, given_back_at=given_back_idx,
        )  # fmt: skip
        attention = SeededAttention(made.hash, body.ctr, body.t0, body.t1, row["attention"])
        of_week = body.sub, week_of(body.slot)
        self._entries[of_week].append(entry)
        self._attention[of_week].append(attention)
        self._counts.update(segments=1, seconds=body.seconds)

    def _store_totals(self) -> None:
        """Store the totals and the exceptions of the finished weeks."""
        for (sub, week), entries in self._entries.items():
            shares = credit(entries)
            for (ctr, day), sums in credited_totals.by_day(entries, shares).items():
                self._writer.add(schema.daily_total, {"ctr": ctr, "day_s": day, **asdict(sums)})
            rows = self._attention[sub, week]
            for ctr in sorted({row.ctr for row in rows}):
                found = exceptions.find([row for row in rows if row.ctr == ctr], shares, {})
                sums = totals([entry for entry in entries if entry.ctr == ctr], shares)
                status = credited_totals.status_row(
                    ctr, week, sums, found, questions=0, approved=False
                )
                self._writer.add(schema.week_status, status)
        self._entries.clear()
        self._attention.clear()


def _name_of_vouch(data: bytes) -> str:
    return parse_vouch(data).signed.digest


def _by_slot(day: int, planned: list[PlannedSlot]) -> Iterator[tuple[int, list[PlannedSlot]]]:
    """All slots of a day with their planned work."""
    work: defaultdict[int, list[PlannedSlot]] = defaultdict(list)
    for each in planned:
        work[each.slot].append(each)
    for slot in range(day, day + DAY, SLOT):
        yield slot, work[slot]
