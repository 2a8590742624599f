"""The operator lists disputes, reads their evidence, and settles them; also on a running
marketplace.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from diary.bundle.check import CheckOptions, check_bundle
from diary.bundle.zip_reader import Archive
from diary.core.slots import week_of
from diary.objects.segment import parse
from marketplace.accounts.model import accounts
from marketplace.contracts.access import open_contract
from marketplace.contracts.queries import Contract
from marketplace.core.problems import ProblemError
from marketplace.records import review_entries
from marketplace.records.picture_views import ViewFilter
from marketplace.storage import schema
from tests.marketplace.cli.test_accounts import Run, running
from tests.marketplace.engines import engines
from tests.marketplace.live_marketplace import AUD, START, LiveMarketplace, live_marketplace
from tests.marketplace.simulated_device import SimulatedDevice, worked
from tests.marketplace.webhooks.conftest import register

TITLE = "Shop \x1b[2J rebuild"
REASONS = "The pictures show the work.\nThe time stays."


@dataclass
class Disputed:
    """A closed marketplace with a disputed week, and how to run a command on it."""

    folder: Path
    contract: Contract
    names: list[str]
    digest: str
    keys: Any
    run: Run

    @contextlib.contextmanager
    def opened(self) -> Iterator[LiveMarketplace]:
        with live_marketplace(self.folder) as market:
            yield market


def fill(market: LiveMarketplace) -> tuple[Contract, list[str], str]:
    contract = market.contract(TITLE)
    for sub in (contract.client, contract.freelancer):
        market.deps.credentials.set_address(sub, f"{sub}@example.org")
    # Paused: its event waits in the database.
    endpoint, _ = register(market, contract.client, "https://hooks.example/", ("dispute.resolved",))
    market.deps.endpoints.pause(market.account(contract.client), endpoint.id)
    device = SimulatedDevice(market.url, market.deps.clock.real_s)
    device.enrol(market.code(contract.freelancer))
    device.sign_in()
    made = worked(market, device, contract.ctr, START, count=2)
    for data in made:
        device.send(data)
    device.http.close()
    names = [parse(data).hash for data in made]
    client = market.account(contract.client)
    market.deps.decisions.ask(client, contract.ctr, week_of(START), names, "Which page?")
    market.deps.decisions.dispute(client, contract.ctr, week_of(START), names, "Not my shop.")
    with market.deps.store.read() as connection:
        columns = schema.review.c
        query = select(columns.digest).where(columns.kind == "dispute")
        return contract, names, connection.execute(query).scalar_one()


@pytest.fixture(params=["stopped", "running"])
def disputed(
    request: pytest.FixtureRequest, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Disputed:
    folder = tmp_path / "data"
    with live_marketplace(folder) as market:
        contract, names, digest = fill(market)
        keys = market.deps.log.verifiers

    def command(*words: str, status: int = 0) -> list[str]:
        alive = running(folder) if request.param == "running" else contextlib.nullcontext()
        with alive:
            capsys.readouterr()
            assert engines.command(words, folder) == status
            output = capsys.readouterr()
        return (output.err if status else output.out).splitlines()

    return Disputed(folder, contract, names, digest, keys, command)


def checked(path: Path, keys: Any) -> tuple[Any, list[str]]:
    with path.open("rb") as file:
        archive = Archive(file)
        return check_bundle(archive, CheckOptions(keys=keys)), sorted(archive.names())


def test_open_disputes_are_listed_and_shown(disputed: Disputed) -> None:
    (line,) = disputed.run("disputes", "list")
    assert re.fullmatch(
        re.escape(disputed.digest) + r"  \d+ days?  open  2026-W47  Shop .*rebuild  .+  .+", line
    )
    assert "\x1b" not in line
    shown = disputed.run("disputes", "show", disputed.digest[:8])
    assert shown[0] == line
    assert shown[1] == "recorded 20 min, payable 20 min"
    assert len(shown) == 3
    assert shown[2].endswith("dispute: Not my shop.")


@pytest.mark.parametrize("pictures", [False, True])
def test_the_evidence_is_a_bundle_that_verifies(
    disputed: Disputed, tmp_path: Path, pictures: bool
) -> None:
    file = tmp_path / "evidence.zip"
    words = ["disputes", "show", disputed.digest, "--evidence", str(file)]
    lines = disputed.run(*words, *(["--pictures"] if pictures else []))
    assert f"the evidence is in {file}" in lines
    assert ("the freelancer sees that you viewed these pictures" in lines) is pictures
    report, names = checked(file, disputed.keys)
    assert report.valid
    assert set(report.report.segments) == set(disputed.names)
    assert any(name.startswith("blobs/") for name in names) is pictures
    with disputed.opened() as market:
        freelancer = market.account(disputed.contract.freelancer)
        views = market.deps.picture_views.listed(freelancer, ViewFilter(), 10)
        assert {(each.name, each.size) for each in views} == (
            {(AUD, "bundle")} if pictures else set()
        )
    before = file.read_bytes()
    assert "exists already" in disputed.run(*words, status=2)[0]
    assert file.read_bytes() == before


def test_the_decision_is_logged_and_both_sides_are_told(disputed: Disputed, tmp_path: Path) -> None:
    disputed.run("disputes", "resolve", disputed.digest, "--text", REASONS)
    assert disputed.run("disputes", "list") == ["there is no open dispute"]
    (line,) = disputed.run("disputes", "list", "--all")
    assert "  closed  " in line
    shown = disputed.run("disputes", "show", disputed.digest)
    assert shown[-1].endswith(f"{AUD}  resolve: The pictures show the work. The time stays.")
    refused = disputed.run("disputes", "resolve", disputed.digest, "--text", "x", status=2)
    assert "settled already" in refused[0]
    file = tmp_path / "evidence.zip"
    words = ("disputes", "show", disputed.digest, "--evidence", str(file))
    assert "no longer open" in disputed.run(*words, status=2)[0]
    assert not file.exists()
    assert not [line for line in disputed.run("users", "list") if AUD in line]
    assert "no such account" in disputed.run("users", "invite", AUD, status=2)[0]
    with disputed.opened() as market:
        _check_record(market, disputed)


def _check_record(market: LiveMarketplace, disputed: Disputed) -> None:
    ctr, week = disputed.contract.ctr, week_of(START)
    with market.deps.store.read() as connection:
        last = review_entries.of_week(connection, ctr, week)[-1]
        logged = json.loads(
            connection.execute(
                select(schema.leaf.c.object).where(schema.leaf.c.idx == last.idx)
            ).scalar_one()
        )
        readers = set(
            connection.execute(
                select(schema.message.c.address).where(schema.message.c.kind == "dispute_resolved")
            ).scalars()
        )
        event = json.loads(connection.execute(select(schema.webhook_delivery.c.data)).scalar_one())
        (operator,) = [each for each in accounts(connection) if each.role == "operator"]
        with pytest.raises(ProblemError) as refused:
            open_contract(connection, operator, ctr)
    assert refused.value.code == "not_found"
    assert (last.kind, last.name, last.text) == ("resolve", AUD, REASONS)
    assert (last.replies_to, set(last.segments)) == (disputed.digest, set(disputed.names))
    assert (logged["by"], logged["kind"]) == ("marketplace", "resolve")
    contract = disputed.contract
    people = (contract.client, contract.freelancer)
    assert readers == {f"{sub}@example.org".lower() for sub in people}
    assert (event["type"], event["data"]["by"]) == ("dispute.resolved", "marketplace")
    for sub in (contract.client, contract.freelancer):
        with market.browser(sub) as browser:
            page = browser.get(f"/contracts/{ctr}/weeks/2026-W47", headers={"Accept": "text/html"})
        assert "The pictures show the work." in page.text
        assert f"<bdi>{AUD}</bdi>" in page.text


@pytest.mark.parametrize("name", ["AAAA", "x", "no digest", ""])
def test_an_unknown_dispute_is_refused(disputed: Disputed, name: str) -> None:
    for words in (("show", name), ("resolve", name, "--text", "x")):
        assert disputed.run("disputes", *words, status=2)
    assert "  open  " in disputed.run("disputes", "list")[0]


@pytest.mark.parametrize("text", ["", "  ", "x" * 2_001], ids=["empty", "blank", "long"])
def test_a_decision_needs_reasons_of_a_sane_length(disputed: Disputed, text: str) -> None:
    assert disputed.run("disputes", "resolve", disputed.digest, "--text", text, status=2)
    assert "  open  " in disputed.run("disputes", "list")[0]


def test_the_operator_settles_no_question(disputed: Disputed) -> None:
    with disputed.opened() as market:
        with market.deps.store.read() as connection:
            columns = schema.review.c
            question = connection.execute(
                select(columns.digest).where(columns.kind == "question")
            ).scalar_one()
        operator = market.deps.disputes.operator()
        assert market.deps.disputes.operator() == operator
        with pytest.raises(ProblemError) as refused:
            market.deps.decisions.resolve(operator, disputed.contract.ctr, question, "x")
        assert refused.value.code == "not_found"
        for act in (market.deps.decisions.settle, market.deps.decisions.approve):
            with pytest.raises(ProblemError):
                act(operator, disputed.contract.ctr, week_of(START), disputed.names)
