"""A morning of work at a real marketplace, whose files are then saved."""

from __future__ import annotations

import json
import tempfile
import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path

from diary.core.slots import SLOT, week_of
from diary.objects.segment import parse
from tests.marketplace.live_marketplace import START
from tests.uploader.client_under_test import ClientUnderTest, MemoryKeyring, open_client
from tracker.model.activity import Activity
from tracker.platform.clock import ClockMapping, ClockReading
from tracker.recording.journal import Journal
from tracker.recording.state.open_segment import OpenSegment
from ui.settings import settings

#: The end of the last sealed segment, which has no receipt yet.
NOON = START + 4 * SLOT
MEMO, NEW_MEMO = "Write tests", "Write and run tests"
THEME = "dark"


@dataclass(frozen=True)
class Facts:
    """The facts that a reader must find in the saved files."""

    now_ms: int
    kid: str
    ctr: str
    freelancer: str
    client: str
    keyring: dict[str, str]
    """The secrets by "service/username"."""
    log_keys: list[str]
    segments: list[str]
    """The hashes in the order of the chain; the last one waits for its upload."""
    totals: list[int]
    """The client's seconds of the day and of the week."""
    payable_s: int
    """The marketplace's payable seconds of the day."""
    journal_s: int
    """Seconds in the journal."""

    @classmethod
    def read(cls, path: Path) -> Facts:
        return cls(**json.loads(path.read_bytes()))


def write(folder: Path) -> None:
    """Save the files of a new client and its marketplace, and those after a morning of work."""
    folder.mkdir()
    for name in ("empty", "full"):
        with tempfile.TemporaryDirectory() as temporary:
            base = Path(temporary)
            with open_client(base) as (client, _):
                chosen = settings.Settings().changed(settings.THEME, THEME)
                settings.save(client.base / settings.SETTINGS, chosen)
                if name == "full":
                    hashes = work(client)
                    (folder / "bundle.zip").write_bytes(_bundle(client))
                    found = facts(client, hashes, begin_segment(client))
                else:
                    found = facts(client, [], 0)
            _pack(base, folder / f"{name}.zip")
        text = json.dumps(asdict(found), indent=1, sort_keys=True)
        (folder / f"{name}.json").write_text(f"{text}\n", "utf-8")


def work(client: ClientUnderTest) -> list[str]:
    """Four slots of work, with a changed memo, a deleted picture and an upload still to come."""
    hashes = []
    for slot in range(START, NOON, SLOT):
        client.marketplace.advance_to(slot)
        client.clock.to(slot + 1)
        client.fetch_what_work_needs()
        hashes.append(parse(client.work(slot + 1, slot + SLOT, memo=MEMO)).hash)
        client.marketplace.advance_to(slot + SLOT)
        client.clock.to(slot + SLOT + 1)
        if slot + SLOT < NOON:
            client.drain()
        if slot == START + SLOT:
            client.changes.change_memo(hashes[0], NEW_MEMO)
            client.changes.delete(hashes[1], ["shot"])
    return hashes


def begin_segment(client: ClientUnderTest) -> int:
    """An open segment in the journal; returns its seconds."""
    contract = client.outbox.contract(client.contract.ctr)
    assert client.worker is not None
    client.worker.beacon_step()
    beacon = client.outbox.beacon(NOON)
    assert beacon is not None
    begin = ClockReading((NOON + 2) * 1000, 50_000, 50_000)
    segment = OpenSegment(
        id="open", run=1, ctr=contract.ctr, memo=MEMO, terms=contract.terms,
        terms_hash=contract.terms_hash, mapping=ClockMapping(begin.wall - begin.up),
        boot="A" * 22, tz="Europe/Madrid", slot=NOON, begin=begin, bcn_slot=beacon.slot,
        bcn_h=beacon.h, mom=None, picture_times=(), activity=Activity(NOON, [None] * 10, "ok"),
    )  # fmt: skip
    Journal(client.outbox, client.keys.kid).write(segment, begin.shifted(200_000))
    return 200


def facts(client: ClientUnderTest, hashes: list[str], journal_s: int) -> Facts:
    """The facts in the current files of a client and its marketplace."""
    assert isinstance(client.keyring, MemoryKeyring)
    contract, market = client.contract, client.marketplace
    day = market.day(contract.freelancer, contract.ctr)
    return Facts(
        now_ms=client.clock.ms,
        kid=client.keys.kid,
        ctr=contract.ctr,
        freelancer=contract.freelancer,
        client=contract.client,
        keyring={f"{service}/{user}": s for (service, user), s in client.keyring.items.items()},
        log_keys=[verifier.vkey for verifier in market.deps.log.verifiers],
        segments=hashes,
        totals=list(client.outbox.totals(client.clock.ms // 1000, contract.ctr)),
        payable_s=day.totals.payable_s,
        journal_s=journal_s,
    )


def _bundle(client: ClientUnderTest) -> bytes:
    market, contract = client.marketplace, client.contract
    account = market.account(contract.client)
    bundle = market.deps.bundles.make(account, contract.ctr, week_of(START), images=True)
    return b"".join(bundle)


def _pack(base: Path, path: Path) -> None:
    """Save the files of folders that are closed."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for file in sorted(base.rglob("*")):
            if file.is_file():
                archive.write(file, file.relative_to(base))
