"""Today's programs read the state folders, databases and bundles of earlier versions."""

from __future__ import annotations

import contextlib
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from diary.cli import verify_bundle, verify_folder
from diary.log.signed_note import NoteVerifier
from marketplace.contracts.queries import contracts_of
from marketplace.log.audit import audit_log
from system.files import private_dir, write_private
from tests.marketplace.live_marketplace import AUD, LiveMarketplace, MovedClock
from tests.saved_state.morning import MEMO, NEW_MEMO, THEME, Facts
from tests.uploader.client_under_test import ClientUnderTest, MemoryKeyring, marketplace
from tests.uploader.proxy import FaultProxy, running
from tracker.recording.journal import Journal
from ui.settings import settings
from uploader.account import membership
from uploader.store.index.rows import UploadState
from uploader.store.outbox import Outbox
from uploader.store.state_folder import StateFolder
from uploader.store.statements import StatementKind

VERSIONS = sorted(path for path in Path(__file__).parent.iterdir() if path.name[0].isdigit())
STATES = [
    pytest.param((path, name), id=f"{path.name}-{name}")
    for path in VERSIONS
    for name in ("empty", "full")
]


class Saved:
    """Saved files, unpacked into `base`."""

    def __init__(self, folder: Path, name: str, base: Path) -> None:
        self.facts = Facts.read(folder / f"{name}.json")
        self.base = base
        with zipfile.ZipFile(folder / f"{name}.zip") as archive:
            for entry in archive.namelist():
                private_dir((base / entry).parent)
                write_private(base / entry, archive.read(entry))

    @property
    def root(self) -> Path:
        """The client's folder of its marketplace."""
        return self.base / "state" / AUD

    @contextlib.contextmanager
    def outbox(self) -> Iterator[Outbox]:
        with Outbox(StateFolder(self.base / "state", AUD), lambda: self.facts.now_ms) as outbox:
            yield outbox

    @contextlib.contextmanager
    def marketplace(self) -> Iterator[LiveMarketplace]:
        """The marketplace at the time of its files."""
        clock = MovedClock()
        clock.ms = self.facts.now_ms
        with running(FaultProxy()) as proxy:
            proxy.now_s = lambda: clock.ms / 1000
            with marketplace(self.base / "market", proxy, clock) as market:
                yield market

    @contextlib.contextmanager
    def client(self) -> Iterator[ClientUnderTest]:
        """The client, signed in at the marketplace."""
        with self.marketplace() as market:
            keyring = MemoryKeyring()
            for name, secret in self.facts.keyring.items():
                service, _, user = name.rpartition("/")
                keyring.set_password(service, user, secret)
            with market.deps.store.read() as connection:
                (contract,) = contracts_of(connection, self.facts.freelancer)
            client = ClientUnderTest(self.base / "state", market, contract, keyring=keyring)
            try:
                client.member = membership.load(client.folder)
                client.signed_in()
                yield client
            finally:
                client.close()


@pytest.fixture(params=STATES)
def saved(request: pytest.FixtureRequest, tmp_path: Path) -> Saved:
    folder, name = request.param
    return Saved(folder, name, tmp_path)


@pytest.fixture(params=VERSIONS, ids=lambda path: path.name)
def full(request: pytest.FixtureRequest, tmp_path: Path) -> Saved:
    return Saved(request.param, "full", tmp_path)


def test_the_client_opens_its_folder_with_its_totals(saved: Saved) -> None:
    facts = saved.facts
    with saved.outbox() as outbox:
        assert list(outbox.totals(facts.now_ms // 1000, facts.ctr)) == facts.totals
        rows = outbox._index.rows()
        assert [row.hash for row in rows] == facts.segments
        assert {row.kid for row in rows} <= {facts.kid}
        assert outbox.incidents() == ()
    with StateFolder(saved.base / "state", AUD) as folder:
        member = membership.load(folder)
    assert member is not None
    assert member.joined
    assert member.enrolment is not None
    assert member.enrolment.kid == facts.kid
    assert [*member.earlier, member.vkey] == facts.log_keys
    assert settings.load(saved.base / "state" / settings.SETTINGS).text(settings.THEME) == THEME


def test_the_client_has_its_statements_and_its_journal(full: Saved) -> None:
    with full.outbox() as outbox:
        shown = [outbox.segment(each) for each in full.facts.segments]
        memos = [None if each is None else each[1].memo for each in shown]
        assert memos == [MEMO] * len(memos)
        (amended,) = outbox.statements.about(full.facts.segments[0])
        assert amended.kind is StatementKind.AMEND
        assert shown[1] is not None
        assert shown[1][1].pictures == {}
        assert outbox.gives_back(shown[1][0])
        (recovered,) = Journal(outbox, full.facts.kid).recover(outbox.head)
        segment = recovered.segment
        assert (segment.memo, recovered.kid) == (MEMO, full.facts.kid)
        assert (recovered.upto.up - segment.begin.up) // 1000 == full.facts.journal_s


def test_the_index_is_rebuilt_from_the_same_files(full: Saved) -> None:
    with full.outbox() as outbox:
        before = outbox._index.rows()
    for path in full.root.glob("index.sqlite*"):
        path.unlink()
    with full.outbox() as outbox:
        assert outbox._index.rows() == before
        assert list(outbox.totals(full.facts.now_ms // 1000, full.facts.ctr)) == full.facts.totals


def test_the_verify_command_accepts_the_folder(
    saved: Saved, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = [word for key in saved.facts.log_keys for word in ("--key", key)]
    assert verify_folder.main([str(saved.root), *keys, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    expected = ["N_DELETED"] if saved.facts.segments else []
    assert [finding["code"] for finding in report["findings"]] == expected


def test_the_marketplace_upgrades_its_database_and_its_log_verifies(saved: Saved) -> None:
    facts = saved.facts
    with saved.marketplace() as market:
        with market.deps.store.read() as connection:
            assert MigrationContext.configure(connection).get_current_heads() == head_revision()
            assert (
                audit_log(
                    market.deps.store.read, [NoteVerifier.parse(key) for key in facts.log_keys]
                )
                == []
            )
        assert market.day(facts.freelancer, facts.ctr).totals.payable_s == facts.payable_s


def head_revision() -> tuple[str, ...]:
    config = Config()
    config.set_main_option("script_location", "marketplace.storage:migrations")
    return tuple(ScriptDirectory.from_config(config).get_heads())


def test_client_and_marketplace_continue_with_what_was_not_sent(full: Saved) -> None:
    with full.client() as client:
        sent = client.stored().keys()
        assert sent == {*full.facts.segments[:-1]}
        client.fetch_what_work_needs()
        client.drain()
        assert client.stored().keys() == {*full.facts.segments}
        states = {row.state for row in client.outbox._index.rows()}
        assert states == {UploadState.DONE}
        day = client.marketplace.day(full.facts.freelancer, full.facts.ctr)
        assert day.totals.payable_s == full.facts.totals[0]
        memos = {memo for slot in day.slots for memo in (slot.memo,) if memo}
        assert memos == {MEMO, NEW_MEMO}


@pytest.mark.parametrize("folder", VERSIONS, ids=lambda path: path.name)
def test_the_verify_command_accepts_the_bundle(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    facts = Facts.read(folder / "full.json")
    keys = [word for key in facts.log_keys for word in ("--key", key)]
    words = [str(folder / "bundle.zip"), *keys, "--json", "--no-progress"]
    assert (
        verify_bundle.main([*words, "--contract", facts.ctr, "--freelancer", facts.freelancer]) == 0
    )
    report = json.loads(capsys.readouterr().out)
    assert report["totals"]["payable"] == facts.payable_s
    assert [each["hash"] for each in report["segments"]] == facts.segments[:-1]
    assert [finding["code"] for finding in report["findings"]] == ["N_DELETED"]
