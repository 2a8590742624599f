"""A generated data folder equals what the marketplace itself stores for the same segments."""

from __future__ import annotations

import asyncio
import datetime as dt
import io
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from diary.bundle.check import CheckOptions, check_bundle
from diary.bundle.zip_reader import Archive
from diary.core.slots import WEEK, to_datetime, week_of
from diary.log.leaf import LeafType
from diary.objects.beacon import Beacon
from diary.objects.enrolment import parse_enrolment
from diary.objects.segment import parse
from marketplace import cli
from marketplace.composition import lock, open_services
from marketplace.core.config import Config, ConfigError
from marketplace.devices import enrolment
from marketplace.http.services import Services
from marketplace.ingest.segments import Upload
from marketplace.log.log import LogEntry
from marketplace.log.shards import ShardKeys
from marketplace.records import quota
from marketplace.seed import people
from marketplace.seed.generate import SeedCounts, generate
from marketplace.seed.plan import FULL_DAY, SeedOptions, plan
from marketplace.seed.segments import MadeSegment, SegmentGenerator
from marketplace.storage import schema
from marketplace.storage.blobs import StoredBlob
from marketplace.storage.blobs.picture_format import picture_size
from marketplace.storage.engines import sqlite
from marketplace.storage.engines.sqlite import SqliteDatabase
from tests.marketplace.live_marketplace import AUD, MovedClock, live_marketplace
from tests.marketplace.stored_bytes import replace_bytes

#: Over the end of a year, when the log begins a new shard.
LAST_DAY = dt.date(2027, 1, 1)
URL = "http://127.0.0.1:1"


def options_of(**changes: Any) -> SeedOptions:
    values: dict[str, Any] = {
        "name": AUD, "contracts": 6, "days": 2, "segments": 190, "freelancers": 5, "clients": 2,
        "last_day": LAST_DAY, "random_seed": 7,
    }  # fmt: skip
    return SeedOptions.create(**(values | changes))


@dataclass
class Generated:
    folder: Path
    keys: Path
    counts: SeedCounts
    sealed: dict[str, MadeSegment]


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Generated:
    """A generated folder, the keys of all its shards, and each segment as it was sealed."""
    folder, keys = tmp_path_factory.mktemp("seed"), tmp_path_factory.mktemp("keys")
    sealed: dict[str, MadeSegment] = {}
    make, destroy = SegmentGenerator.make, ShardKeys.destroy

    def record(self: SegmentGenerator, *args: Any) -> MadeSegment:
        made = make(self, *args)
        sealed[made.hash] = made
        return made

    def keep_copy(self: ShardKeys, origin: str) -> None:
        shutil.copy(self.path(origin), keys)
        destroy(self, origin)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SegmentGenerator, "make", record)
        patch.setattr(ShardKeys, "destroy", keep_copy)
        patch.setattr(people, "FULL_LIMIT_H", 10)
        counts = generate(folder / "data", options_of(), lambda *_: None)
    for path in (folder / "data" / "keys").iterdir():
        shutil.copy(path, keys)
    return Generated(folder / "data", keys, counts, sealed)


def rows_of(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    store = SqliteDatabase(path)
    try:
        with store.read() as connection:
            return {
                table.name: sorted(
                    (
                        tuple(
                            value
                            for name, value in row._mapping.items()
                            if (table.name, name) != ("finding", "id")
                        )
                        for row in connection.execute(select(table))
                    ),
                    key=repr,
                )
                for table in schema.metadata.sorted_tables
            }
    finally:
        store.close()


class Replay:
    """Sends the segments of a generated log to another marketplace, at the same times."""

    def __init__(
        self, generated: Generated, connection: Connection, folder: Path, patch: pytest.MonkeyPatch
    ) -> None:
        self.generated = generated
        self.source = connection
        self.patch = patch
        shutil.copytree(generated.keys, folder / "keys")
        self.leaves = connection.execute(select(schema.leaf).order_by(schema.leaf.c.idx)).all()
        self.clock = MovedClock()
        self.statements = {
            row.digest: row for row in connection.execute(select(schema.statement)).all()
        }
        self.sub_of = {
            row.kid: row.sub
            for row in connection.execute(select(schema.device.c.kid, schema.device.c.sub))
        }
        self.use(self.leaves[0])

    def use(self, leaf: Any) -> None:
        """Set the clock to a leaf's time, and the random value of the next beacon to its own."""
        self.clock.to(leaf.rt_ms / 1000)
        if leaf.type == LeafType.BEACON:
            value = Beacon.parse(leaf.object).val
            self.patch.setattr("marketplace.log.beacons.secrets.token_bytes", lambda _: value)

    def run(self, services: Services) -> None:
        for table in (schema.account, schema.contract, schema.contract_rate):
            rows = [dict(row._mapping) for row in self.source.execute(select(table))]
            services.store.write(partial(schema.insert, table=table, rows=rows)).result()
        steps: dict[str, Callable[[Services, Any], None]] = {
            LeafType.BEACON: lambda s, leaf: s.beacons._make(int(leaf.attrs)),
            LeafType.DEVICE: self.enrol,
            LeafType.TERMS: self.agree,
            LeafType.VOUCH: self.state,
            LeafType.TOMBSTONE: self.state,
            LeafType.SEGMENT: self.send,
            # The sequencer logs them itself.
            LeafType.KEY: lambda _services, _leaf: None,
        }
        for leaf in self.leaves[1:]:
            self.use(leaf)
            steps[leaf.type](services, leaf)

    def enrol(self, services: Services, leaf: Any) -> None:
        columns = schema.device.c
        jws = self.source.execute(select(columns.jws).where(columns.kid == leaf.attrs)).scalar_one()
        rows = partial(enrolment._rows, parse_enrolment(jws))
        entry = LogEntry(
            LeafType.DEVICE, leaf.digest, leaf.attrs, rows=lambda index, _rt: rows(index)
        )
        services.log.append(entry).result()

    def agree(self, services: Services, leaf: Any) -> None:
        columns = schema.terms.c
        row = self.source.execute(select(schema.terms).where(columns.hash == leaf.digest)).one()
        entry = LogEntry(
            LeafType.TERMS, leaf.digest, leaf.attrs, leaf.object,
            lambda index, _rt: [(schema.terms, dict(row._mapping) | {"idx": index})],
        )  # fmt: skip
        services.log.append(entry).result()

    def state(self, services: Services, leaf: Any) -> None:
        row = self.statements[leaf.digest]
        ingest = services.statements
        post = ingest.vouch if leaf.type == LeafType.VOUCH else ingest.tombstone
        assert post(self.sub_of[row.kid], row.data).fresh

    def send(self, services: Services, leaf: Any) -> None:
        made = self.generated.sealed[leaf.digest]
        sub = made.body.sub
        for sha in made.files:
            source = self.generated.folder / "blobs" / sha[:2] / sha
            replace_bytes(services.blobs, sha, source.read_bytes())
            size = source.stat().st_size
            stored = StoredBlob(size, *picture_size(source, size))
            with services.store.read() as connection:
                known = quota.is_owner(connection, sub, sha)
            if not known:
                add = partial(
                    quota.add_blob, sub=sub, sha=sha, stored=stored, now_s=options_of().begin_s
                )
                services.store.write(add).result()
        asyncio.run(services.segments.put(sub, Upload(made.hash, made.data)))


def test_the_rows_are_those_that_the_marketplace_stores_for_the_same_segments(
    generated: Generated, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Otherwise each of a thousand commits waits for the disk.
    fast = [each for each in sqlite._WRITER_PRAGMAS if not each.startswith("synchronous")]
    monkeypatch.setattr(sqlite, "_WRITER_PRAGMAS", (*fast, "synchronous=OFF"))
    expected_of = rows_of(generated.folder / "marketplace.sqlite")
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    config = Config(folder, AUD, URL)
    store = SqliteDatabase(generated.folder / "marketplace.sqlite")
    try:
        with store.read() as connection, lock(folder):
            replay = Replay(generated, connection, folder, monkeypatch)
            with open_services(config, replay.clock) as services:
                replay.run(services)
    finally:
        store.close()
    found = rows_of(config.database)
    # The marketplace signs a checkpoint for each segment, the generator one for each slot.
    checkpoints = set(expected_of.pop("checkpoint"))
    assert checkpoints <= set(found.pop("checkpoint"))
    for name, expected in expected_of.items():
        assert found[name] == expected, name
    kinds = {row[9] for row in expected_of["segment"]}
    assert kinds == {"auto", "kept", "manual"}
    assert {row[3] for row in expected_of["finding"]} == {
        "W_OFFLINE", "W_SHOT_MISSING", "N_MASKED", "N_DELETED",
    }  # fmt: skip
    assert len(expected_of["shard"]) == 2
    assert any(row[9] for row in expected_of["daily_total"]), "no time over a limit"
    assert len(expected_of["statement"]) > generated.counts.deletions > 0


def test_every_week_of_every_contract_verifies_as_a_bundle(
    generated: Generated, tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    shutil.copytree(generated.folder, folder)
    begin, end = options_of().begin_s, options_of().end_s
    seconds = 0
    with live_marketplace(folder, clock=MovedClock(end + 3600)) as running:
        with running.deps.store.read() as connection:
            contracts = connection.execute(select(schema.contract)).all()
        for contract in contracts:
            with running.browser(contract.client) as browser:
                for week in range(week_of(begin), end, WEEK):
                    name = to_datetime(week, dt.UTC).strftime("%G-W%V")
                    answer = browser.get(f"/v1/bundles/{contract.ctr}/{name}")
                    assert answer.status_code == 200, answer.text
                    archive = Archive(io.BytesIO(answer.content))
                    result = check_bundle(archive, CheckOptions(keys=running.deps.log.verifiers))
                    errors = [each for each in result.findings if each.is_error]
                    assert errors == []
                    seconds += sum(
                        each.sealed.segment.seconds for each in result.report.segments.values()
                    )
    assert seconds == generated.counts.seconds


def test_the_same_random_seed_gives_the_same_data(tmp_path: Path) -> None:
    options = options_of(contracts=2, days=2, segments=20, freelancers=2)
    for name in ("one", "two"):
        generate(tmp_path / name, options, lambda *_: None)
    first, second = (rows_of(tmp_path / name / "marketplace.sqlite") for name in ("one", "two"))
    assert first == second
    other = options_of(contracts=2, days=2, segments=20, freelancers=2, random_seed=8)
    generate(tmp_path / "three", other, lambda *_: None)
    assert rows_of(tmp_path / "three" / "marketplace.sqlite")["leaf"] != first["leaf"]


def test_a_freelancer_never_records_twice_at_a_time(generated: Generated) -> None:
    ends: dict[str, int] = {}
    for made in generated.sealed.values():
        body = parse(made.data).segment
        assert body.t0 >= ends.get(body.sub, 0)
        ends[body.sub] = body.t1


@pytest.mark.parametrize(("contracts", "segments"), [(1, 30), (3, 100), (20, 1000)])
def test_the_plan_has_exactly_the_wanted_segments(contracts: int, segments: int) -> None:
    import random

    options = options_of(
        contracts=contracts, segments=segments, days=30, freelancers=contracts, clients=1
    )
    planned = [each for day in plan(options, random.Random(1)) for each in day]
    assert len(planned) == segments
    full = sum(each.contract == 0 for each in planned)
    assert contracts == 1 or full == min(segments // 2, 20 * FULL_DAY)


def test_a_day_without_room_leaves_no_marketplace(tmp_path: Path) -> None:
    options = options_of(contracts=9, days=1, segments=1000, freelancers=2)
    with pytest.raises(ConfigError, match="no room"):
        generate(tmp_path / "data", options, lambda *_: None)
    assert list((tmp_path / "data").iterdir()) == []


def test_the_command_reports_what_it_generated(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [
        "seed", "--data-dir", str(tmp_path / "data"), "--contracts", "3", "--days", "7",
        "--segments", "60", "--last-day", "2026-11-22", "--random-seed", "1",
    ]  # fmt: skip
    assert cli.main(arguments) == 0
    out = capsys.readouterr().out
    assert "segments                  60" in out
    assert cli.main(arguments) == 2
    assert "already holds a marketplace" in capsys.readouterr().err
    assert cli.main(["invite", "--data-dir", str(tmp_path / "data")]) == 0
    assert "/signin/" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--contracts", "0"),
        ("--contracts", "1000000"),
        ("--days", "-1"),
        ("--segments", "99999999999"),
        ("--freelancers", "2000"),
        ("--clients", "0"),
        ("--last-day", "tomorrow"),
        ("--last-day", "2999-01-01"),
        ("--demo-speed", "60"),
    ],
)
def test_a_wrong_option_creates_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str, value: str
) -> None:
    assert cli.main(["seed", "--data-dir", str(tmp_path / "data"), f"{option}={value}"]) == 2
    assert capsys.readouterr().err
    assert not (tmp_path / "data").exists()


def test_a_folder_with_other_files_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    assert cli.main(["seed", "--data-dir", str(tmp_path)]) == 2
    assert "other files" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
