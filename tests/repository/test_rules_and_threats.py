"""docs/rules.md and docs/threat-model.md describe the product as it is."""

from __future__ import annotations

import re
import tomllib
from functools import cache

import pytest
from fastapi.routing import APIRoute

from marketplace.pages.routes import router
from marketplace.storage import schema
from tests.repository.tree import ROOT

DOCS = ROOT / "docs"
PLANNED = "*Planned:*"
CODES = frozenset(tomllib.loads((ROOT / "diary/core/findings.toml").read_text(encoding="utf-8")))
CODE = re.compile(r"\b[EWN]_[A-Z]+(?:_[A-Z]+)*\b")
#: Subjects of the threat model: a pattern that finds the attack, and a part of the defence.
SUBJECTS = {
    "the marketplace's clock": (r"^Give a wrong time$", "trusts no clock alone"),
    "other users of the same computer": (r"as another user of the computer$", "user id"),
    "text as an attack": (r"^Show misleading text to others: markup, links", "plain text"),
    "availability": (r"^Exhaust the marketplace: idle connections", "deadlines"),
    "retention": (r"keep pictures beyond their retention$", "from the log's time"),
    "thumbnails": (r"^Show a picture to more people than agreed$", "thumbnail"),
    "browser sessions": (r"^Use a stolen browser session$", "sign out everywhere"),
    "updates": (r"^Install a changed program through its updates", "The Update Framework"),
    "the operator's proxy": (r"^Reach the marketplace behind a proxy", "configured proxies"),
}


@cache
def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def attacks() -> list[tuple[str, str, str]]:
    """The attack, defence and residual risk of each row."""
    found = []
    lines = page("threat-model.md").splitlines()
    for number, line in enumerate(lines):
        if line.startswith("| Attack |"):
            rows = lines[number + 2 :]
            for row in rows:
                if not row.startswith("|"):
                    break
                attack, defence, risk = (cell.strip() for cell in row.strip("|").split("|"))
                found.append((attack, defence, risk))
    return found


def rules() -> list[str]:
    """The entries and paragraphs of the rules, each on one line."""
    parts = re.split(r"\n(?=- |\n|\*Planned)", page("rules.md"))
    return [" ".join(part.split()) for part in parts if part.strip()]


def is_planned(pattern: str) -> bool:
    """Whether the one rule that matches is marked as planned."""
    (rule,) = [rule for rule in rules() if re.search(pattern, rule)]
    return rule.removeprefix("- ").startswith(PLANNED)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_the_threat_model_names_defence_and_residual_risk(subject: str) -> None:
    pattern, part = SUBJECTS[subject]
    ((_, defence, risk),) = [row for row in attacks() if re.search(pattern, row[0])]
    assert part in defence
    assert len(risk) > 20


def test_each_attack_has_a_residual_risk_or_a_dash() -> None:
    assert len(attacks()) > 40
    assert [row for row in attacks() if "" in row] == []


@pytest.mark.parametrize("name", ["rules.md", "threat-model.md"])
def test_each_code_in_the_documents_exists(name: str) -> None:
    assert set(CODE.findall(page(name))) - CODES == set()


def test_the_search_for_codes_finds_them() -> None:
    assert {"E_NOT_RECEIVED", "W_PARALLEL"} < set(CODE.findall(page("threat-model.md")))


@pytest.mark.parametrize("name", ["rules.md", "threat-model.md", "../README.md"])
def test_no_document_promises_that_a_picture_time_cannot_be_chosen(name: str) -> None:
    promise = r"(?i)\b(nobody|no one) chooses\b|\bneither side can choose\b"
    assert not re.search(promise, page(name))


def test_money_is_planned_as_long_as_contracts_have_no_rate() -> None:
    has_rate = "contract_rate" in schema.metadata.tables
    assert is_planned(r"[Mm]oney is computed once per contract, week and rate") is not has_rate


def test_approval_is_planned_as_long_as_no_address_takes_it() -> None:
    takes = {
        route.path
        for route in router().routes
        if isinstance(route, APIRoute)
        and "POST" in (route.methods or ())
        and "approve" in route.path
    }
    assert is_planned(r"[Tt]he client reviews a week") is not bool(takes)


def test_signals_are_planned_as_long_as_no_finding_states_them() -> None:
    exist = {code for code in CODES if re.search(r"REGULAR|UNCHANGED|INJECTED", code)}
    assert is_planned(r"further signals \(very regular input") is not bool(exist)
