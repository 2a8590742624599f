"""Operator commands about people, contracts and sessions, also to a running marketplace."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from diary.objects.terms import Terms
from marketplace import operations
from marketplace.composition import lock, open_services
from marketplace.core.config import Config
from marketplace.storage import schema
from system.files import write_private
from tests.marketplace.engines import engines
from tests.marketplace.live_marketplace import AUD, live_marketplace
from tests.marketplace.pages.sample_site import serving

Run = Callable[..., list[str]]


@contextlib.contextmanager
def running(folder: Path) -> Iterator[None]:
    """A marketplace on the folder that takes operator commands."""
    from marketplace.app import create_app
    from marketplace.http.sessions import set_services

    config = Config(folder, AUD, "http://127.0.0.1", postgresql=engines.database(folder))
    with lock(folder), open_services(config) as services:
        app = create_app(config, services)
        set_services(app, services)
        token = "token of the test"
        app.include_router(operations.routes(token))
        with serving(app) as url:
            write_private(folder / "admin.json", f'{{"url": "{url}", "token": "{token}"}}'.encode())
            yield


@pytest.fixture(params=["stopped", "running"])
def run(
    request: pytest.FixtureRequest, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Iterator[Run]:
    folder = tmp_path / "data"
    with live_marketplace(folder):
        pass
    with running(folder) if request.param == "running" else contextlib.nullcontext():

        def command(*words: str, status: int = 0) -> list[str]:
            capsys.readouterr()
            assert engines.command(words, folder) == status
            output = capsys.readouterr()
            return (output.err if status else output.out).splitlines()

        yield command


def two_people(run: Run) -> tuple[str, str]:
    (ana,) = run("users", "add", "Ana Ruiz", "--role", "freelancer", "--email", "ana@example.org")
    (acme,) = run("users", "add", "Acme", "--role", "client")
    return ana, acme


def test_people_are_added_listed_and_invited(run: Run, tmp_path: Path) -> None:
    ana, acme = two_people(run)
    assert run("users", "list") == [
        f"{acme}  client  Acme",
        f"{ana}  freelancer  Ana Ruiz  ana@example.org",
    ]
    page, enrol = run("users", "invite", "ana@example.org")
    assert re.search(r"/signin/[\w-]{22}$", page)
    assert re.fullmatch(r"enrolment code: [\w-]{22}", enrol)
    assert len(run("users", "invite", "Acme")) == 1
    file = tmp_path / "links"
    assert run("users", "invite", acme, "--file", str(file)) == []
    assert "/signin/" in file.read_text("utf-8")
    assert file.stat().st_mode & 0o077 == 0


def test_any_number_of_contracts(run: Run) -> None:
    ana, acme = two_people(run)
    people = ("--freelancer", "Ana Ruiz", "--client", acme)
    (first,) = run("contracts", "add", "Shop", *people, "--limit-hours", "30", "--hourly", "40.50")
    (second,) = run("contracts", "add", "App", *people, "--hourly", "5000", "--currency", "JPY")
    lines = run("contracts", "list")
    assert f"{first}  Shop  Ana Ruiz  Acme  active  30 h  40.50 USD/h" in lines
    assert f"{second}  App  Ana Ruiz  Acme  active    5000 JPY/h" in lines
    run("contracts", "set-terms", first, "--limit-hours", "none", "--state", "paused")
    run("contracts", "rate", first, "--hourly", "55", "--currency", "EUR")
    assert f"{first}  Shop  Ana Ruiz  Acme  paused    55.00 EUR/h" in run("contracts", "list")
    assert ana


def test_new_terms_keep_what_was_agreed(tmp_path: Path) -> None:
    with live_marketplace(tmp_path / "data") as market:
        contract = market.contract(limit_s=36_000, retention_days=30, manual=False, shots=2)
    words = ["contracts", "set-terms", contract.ctr, "--limit-hours", "20"]
    assert engines.command(words, tmp_path / "data") == 0
    with live_marketplace(tmp_path / "data") as market, market.deps.store.read() as connection:
        columns = schema.terms.c
        query = (
            select(schema.leaf.c.object)
            .join(schema.terms, columns.idx == schema.leaf.c.idx)
            .order_by(columns.idx.desc())
            .limit(1)
        )
        terms = Terms.parse(connection.execute(query).scalar_one())
    assert (terms.limit_s, terms.retention_days, terms.manual, terms.shots) == (
        72_000,
        30,
        False,
        2,
    )


def test_sessions_are_listed_and_ended(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with live_marketplace(tmp_path / "data", clock=None) as market:
        contract = market.contract()
        market.clock.ms = 4_000_000_000_000
        market.deps.sign_in.begin(contract.client, "Firefox, Linux")
    folder = tmp_path / "data"
    assert engines.command(["sessions", "list"], folder) == 0
    assert "Acme  Firefox, Linux" in capsys.readouterr().out
    assert engines.command(["sessions", "end", "Acme"], folder) == 0
    assert engines.command(["sessions", "list"], folder) == 0
    assert "Firefox" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("users", "invite", "Nobody"), "no such account"),
        (("users", "invite", "Acme"), "Several accounts"),
        (("users", "add", " ", "--role", "client"), "Invalid value"),
        (("contracts", "rate", "x", "--hourly", "1"), "no such contract"),
        (("contracts", "add", "T", "--freelancer", "Acme", "--client", "Acme"), "no such account"),
        (
            (
                "contracts", "add", "T", "--freelancer", "Ana Ruiz", "--client", "Li",
                "--hourly", "1.234",
            ),
            "finer",
        ),
        (
            (
                "contracts", "add", "T", "--freelancer", "Ana Ruiz", "--client", "Li",
                "--hourly", "1", "--currency", "XXQ",
            ),
            "ISO 4217",
        ),
    ],
)  # fmt: skip
def test_wrong_values_are_refused(run: Run, words: tuple[str, ...], reason: str) -> None:
    two_people(run)
    run("users", "add", "Acme", "--role", "client")
    run("users", "add", "Li", "--role", "client")
    assert reason in " ".join(run(*words, status=2))
    assert run("contracts", "list") == []
