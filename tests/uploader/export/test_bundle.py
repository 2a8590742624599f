"""A week's record from the state folder: offline and with the log's tiles, beside the program."""

from __future__ import annotations

import io
import secrets
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from diary.bundle.check import CheckedBundle, CheckOptions, check_bundle
from diary.bundle.zip_reader import Archive
from diary.cli.bundle_report import report_json
from diary.core.slots import SLOT, WEEK, week_of
from diary.formats.encoding import b64url_encode, digest
from diary.log.leaf import LeafType
from diary.objects.amendment import amend
from diary.objects.device_lifecycle import RetirementHead, parse_retire, retire, vouch
from diary.objects.tombstone import tombstone
from marketplace.log.log import LogEntry
from tests.diary.cli.running_witness import running_witness
from tests.marketplace.live_marketplace import AUD, START
from tests.marketplace.published import present
from tests.marketplace.witnesses.test_rounds import Asker, named, one_of
from tests.uploader.client_under_test import ClientUnderTest, open_client
from ui.cli.main import main
from uploader.errors import Problem, StoreError
from uploader.export.bundle import ExportSummary, export
from uploader.store.statements import StatementKind

MONDAY = week_of(START)
WEEK_NAME = "2026-W47"


@pytest.fixture
def client(tmp_path: Path) -> Iterator[ClientUnderTest]:
    """A client with two recorded slots, all uploaded."""
    with open_client(tmp_path) as (client, _):
        for slot in (START, START + SLOT):
            record_slot(client, slot)
        yield client


def record_slot(client: ClientUnderTest, slot: int) -> None:
    """Record the slot and upload it."""
    client.marketplace.advance_to(slot)
    client.clock.to(slot + 1)
    client.fetch_what_work_needs()
    client.work(slot + 1, slot + SLOT)
    client.marketplace.advance_to(slot + SLOT)
    client.clock.to(slot + SLOT + 1)
    client.drain()


def exported(
    client: ClientUnderTest, week: int = MONDAY, *, online: bool
) -> tuple[bytes, ExportSummary]:
    online_client = client.client if online else None
    pieces, contents = export(
        client.root, client.contract.ctr, week, client.clock.ms, online_client
    )
    return b"".join(pieces), contents


def opened(client: ClientUnderTest, data: bytes) -> CheckedBundle:
    archive = Archive(io.BytesIO(data))
    assert archive.findings == []
    return check_bundle(archive, CheckOptions(keys=client.marketplace.deps.log.verifiers))


def fetched(client: ClientUnderTest) -> bytes:
    """The marketplace's bundle of the same week."""
    account = client.marketplace.account(client.contract.freelancer)
    return b"".join(
        client.marketplace.deps.bundles.make(account, client.contract.ctr, MONDAY, images=True)
    )


def codes(result: CheckedBundle) -> set[str]:
    return {finding.code.value for finding in result.findings}


def test_with_the_tiles_it_is_as_good_as_the_marketplaces(client: ClientUnderTest) -> None:
    data, contents = exported(client, online=True)
    assert contents.complete
    mine, theirs = opened(client, data), opened(client, fetched(client))
    assert mine.findings == theirs.findings == ()
    ours, other = report_json(mine), report_json(theirs)
    for field in ("aud", "ctr", "sub", "from", "to", "totals", "weeks", "days", "chains"):
        assert ours[field] == other[field]
    assert ours["segments"] == other["segments"]
    assert ours["totals"]["payable"] == 2 * SLOT - 2


def test_it_has_the_checkpoint_that_the_witnesses_cosigned(
    client: ClientUnderTest, tmp_path: Path
) -> None:
    market = client.marketplace
    (shard,) = present(market)
    with running_witness(tmp_path / "w", [shard.vkey], lambda: market.clock.ms / 1000) as made:
        policy = one_of(named("A", made))
        # As after a start with these witnesses.
        object.__setattr__(market.deps.config, "witnesses", policy)
        asker = Asker(market, policy)
        assert codes(opened(client, exported(client, online=True)[0])) == {"E_QUORUM"}
        assert asker.round() == 1
        data, contents = exported(client, online=True)
        assert contents.complete
        result = opened(client, data)
        assert result.findings == ()
        outside = CheckOptions(keys=result.keys, witnesses=policy)
        assert check_bundle(Archive(io.BytesIO(data)), outside).findings == ()
        # The log has grown, and the cosigned checkpoint still covers the week.
        market.deps.log.append(LogEntry(LeafType.REVIEW, digest(b"later"))).result()
        assert opened(client, exported(client, online=True)[0]).findings == ()
        # Another slot, which no witness has seen.
        record_slot(client, START + 2 * SLOT)
        data, contents = exported(client, online=True)
        assert (contents.complete, contents.segments) == (True, 3)
        assert codes(opened(client, data)) == {"E_QUORUM"}
        assert asker.round() == 1
        assert opened(client, exported(client, online=True)[0]).findings == ()


def test_without_a_network_it_lists_what_is_not_proven(client: ClientUnderTest) -> None:
    data, contents = exported(client, online=False)
    assert (contents.segments, contents.waiting, contents.pictures) == (2, 0, 0)
    assert contents.unproven > 0
    result = opened(client, data)
    assert codes(result) == {"E_CONSISTENCY"}
    assert report_json(result)["totals"] == report_json(opened(client, fetched(client)))["totals"]


def test_it_runs_beside_the_program(client: ClientUnderTest) -> None:
    """The fixture holds the folder's lock; the export neither takes nor needs it."""
    assert (client.root / "lock").exists()
    before = {path: path.read_bytes() for path in client.root.rglob("*") if path.is_file()}
    exported(client, online=True)
    after = {path: path.read_bytes() for path in client.root.rglob("*") if path.is_file()}
    assert after == before


def test_what_has_no_receipt_yet_is_left_out_and_counted(client: ClientUnderTest) -> None:
    slot = START + 2 * SLOT
    client.marketplace.advance_to(slot)
    client.fetch_what_work_needs()
    client.work(slot + 1, slot + SLOT)
    data, contents = exported(client, online=True)
    assert (contents.segments, contents.waiting, contents.complete) == (2, 1, False)
    assert opened(client, data).valid


def test_what_is_missing_or_damaged_is_counted(client: ClientUnderTest) -> None:
    for folder in ("beacons", "blobs"):
        for path in (client.root / folder).iterdir():
            path.unlink()
    first = next((client.root / "segments" / client.contract.ctr).glob("*.sdjwt"))
    first.write_bytes(b"x")
    (client.root / "terms" / f"{b64url_encode(bytes(32))}.tlog-proof").write_bytes(b"x")
    _, contents = exported(client, online=True)
    assert (contents.segments, contents.damaged) == (1, 2)
    assert contents.beacons == 1
    assert contents.pictures > 0
    for path in (client.root / "terms").iterdir():
        path.unlink()
    assert exported(client, online=True)[1].terms == 1


def test_another_week_and_another_contract(client: ClientUnderTest) -> None:
    data, contents = exported(client, MONDAY + WEEK, online=True)
    assert contents.segments == 0
    assert opened(client, data).valid
    pieces, contents = export(client.root, b64url_encode(bytes(16)), MONDAY, client.clock.ms)
    assert contents.segments == 0
    assert b"".join(pieces)


def test_what_was_changed_and_deleted_later(client: ClientUnderTest) -> None:
    rows = client.outbox.segments(client.contract.ctr, MONDAY, MONDAY + WEEK)
    gone = tombstone(
        client.keys.signing,
        segment=rows[0].hash,
        digests=[],
        scope=["time"],
        reason="deleted",
        at=START,
    )
    client.outbox.add_statement(StatementKind.TOMBSTONE, gone)
    client.drain()
    data, contents = exported(client, online=True)
    assert contents.complete
    result = opened(client, data)
    assert codes(result) == {"N_DELETED"}
    totals = report_json(result)["totals"]
    assert totals == report_json(opened(client, fetched(client)))["totals"]
    assert totals["given_back"] == SLOT - 1


def test_another_memo_and_the_devices_retirement(client: ClientUnderTest) -> None:
    rows = client.outbox.segments(client.contract.ctr, MONDAY, MONDAY + WEEK)
    other = b64url_encode(bytes(16))
    memo = amend(
        client.keys.signing,
        aud=AUD,
        segment=rows[0].hash,
        at=START,
        memo="Better words",
        random=secrets.token_bytes,
    )
    last = retire(
        client.keys.signing,
        aud=AUD,
        sub=client.contract.freelancer,
        at=START,
        heads=[
            RetirementHead(client.contract.ctr, 1, rows[1].hash),
            RetirementHead(other, 0, rows[0].hash),
        ],
        random=secrets.token_bytes,
    )
    word = vouch(
        client.keys.signing, aud=AUD, sub=client.contract.freelancer, kid=b64url_encode(bytes(32))
    )
    client.outbox.add_statement(StatementKind.AMEND, memo)
    client.drain()
    client.outbox.add_statement(StatementKind.RETIRE, last)
    client.drain()
    (client.root / "vouches").mkdir(exist_ok=True)
    (client.root / "vouches" / f"{b64url_encode(bytes(32))}.jws").write_bytes(word)
    proof = (client.root / "enrolment.tlog-proof").read_bytes()
    (client.root / "vouches" / f"{b64url_encode(bytes(32))}.tlog-proof").write_bytes(proof)
    data, contents = exported(client, online=True)
    assert contents.complete
    result = opened(client, data)
    assert result.findings == ()
    said = report_json(result)
    assert [segment["memo"] for segment in said["segments"]] == ["Better words", "Write tests"]
    assert said["devices"][0]["retired"]
    files = zipfile.ZipFile(io.BytesIO(data))
    assert not any(name.startswith("vouches/") for name in files.namelist())
    (shown,) = (n for n in files.namelist() if n.startswith("retires/") and n.endswith("sdjwt"))
    assert [head.ctr for head in parse_retire(files.read(shown)).heads] == [client.contract.ctr]
    for name in ("amends", "former"):
        folder = client.root / name
        folder.mkdir(exist_ok=True)
        for ending in ("jws", "sdjwt", "tlog-proof"):
            (folder / f"{b64url_encode(bytes(32))}.{ending}").write_bytes(b"x")
    assert exported(client, online=True)[1].damaged == 2


def test_a_log_that_changed_its_key(client: ClientUnderTest) -> None:
    client.marketplace.deps.log.rotate()
    record_slot(client, START + 3 * SLOT)
    data, contents = exported(client, online=True)
    assert contents.segments == 3
    names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    assert {"checkpoint/2026", "checkpoint/2026-2"} <= set(names)
    assert opened(client, data).findings == ()


def test_a_folder_that_cannot_be_exported(tmp_path: Path, client: ClientUnderTest) -> None:
    with pytest.raises(StoreError) as refusal:
        export(tmp_path / "nothing", client.contract.ctr, MONDAY, 0)
    assert refusal.value.code is Problem.NOT_ENROLLED
    enrolment = client.root / "enrolment.jws"
    for name, content in ((enrolment, b"x"), (client.root / "marketplace.json", b"{}")):
        name.write_bytes(content)
        with pytest.raises(StoreError) as refusal:
            export(client.root, client.contract.ctr, MONDAY, 0)
        assert refusal.value.code is Problem.FILE_DAMAGED


def command(client: ClientUnderTest, target: Path, *options: str) -> int:
    return main(
        [
            "export",
            *("--base-dir", str(client.base)),
            *("--contract", client.contract.ctr),
            *("--week", WEEK_NAME),
            *("-o", str(target)),
            *options,
        ]
    )


def test_the_command_writes_a_bundle(
    client: ClientUnderTest, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "week.zip"
    assert command(client, target) == 0
    said = capsys.readouterr()
    assert said.out == f"{target}: 2 segments\n"
    assert said.err == ""
    assert target.stat().st_mode & 0o077 == 0
    assert opened(client, target.read_bytes()).findings == ()
    assert command(client, target, "--offline", "--marketplace", AUD) == 0
    assert "not proven against the newest checkpoint" in capsys.readouterr().err
    assert [path.name for path in tmp_path.glob("*week.zip*")] == ["week.zip"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"--base-dir": "missing"}, "No diary found in"),
        ({"--marketplace": "other.example"}, "No diary of other.example found"),
        ({"--marketplace": "../x"}, "is not the name of a marketplace"),
        ({"-o": "missing/week.zip"}, "could not be written"),
    ],
)
def test_the_command_states_why_nothing_was_written(
    change: dict[str, str], said: str, client: ClientUnderTest, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    options: dict[str, Any] = {
        "--base-dir": client.base,
        "--contract": client.contract.ctr,
        "--week": WEEK_NAME,
        "-o": tmp_path / "week.zip",
    }
    for name, value in change.items():
        options[name] = value if name == "--marketplace" else tmp_path / value
    line = [text for name, value in options.items() for text in (name, str(value))]
    assert main(["export", *line]) == 1
    output = capsys.readouterr()
    assert output.out == ""
    assert said in output.err
    assert not (tmp_path / "week.zip").exists()


def test_a_contract_whose_id_begins_with_a_dash_is_a_contract(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = ["--contract", "-" + "x" * 21, "--week", WEEK_NAME, "-o", str(tmp_path / "x")]
    assert main(["export", "--base-dir", str(tmp_path / "missing"), *line]) == 1
    assert "No diary found in" in capsys.readouterr().err


@pytest.mark.parametrize("week", ["2026-47", "2026-W54", "2026-W7"])
def test_a_week_has_one_spelling(week: str, tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as end:
        main(["export", "--contract", "x" * 22, "--week", week, "-o", str(tmp_path / "x")])
    assert end.value.code == 2
