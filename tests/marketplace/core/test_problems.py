"""The table of problem codes is the only source of their statuses and default details."""

from __future__ import annotations

import ast
import re
from http import HTTPStatus

import pytest

from diary.core.findings import Code
from marketplace.core.problems import PROBLEMS, ProblemError
from tests.repository.tree import ROOT


def test_the_protocol_names_the_status_of_the_table() -> None:
    protocol = (ROOT / "docs/protocol.md").read_text(encoding="utf-8")
    pairs = re.findall(r"\b([45]\d\d) `([a-z_]+)`", protocol)
    named = {(code, int(status)) for status, code in pairs}
    assert len(named) > 15
    assert {(code, PROBLEMS[code][0]) for code, _ in named} == named


def test_each_code_is_named_where_it_is_raised() -> None:
    used = {
        node.value
        for path in (ROOT / "marketplace").rglob("*.py")
        if path.name != "problems.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert sorted(PROBLEMS.keys() - used) == []


@pytest.mark.parametrize("code", sorted(PROBLEMS))
def test_a_problem_has_the_status_and_the_detail_of_its_code(code: str) -> None:
    status, detail = PROBLEMS[code]
    body = ProblemError(code).body()
    assert (body["status"], body["code"], body["detail"]) == (status, code, detail)
    assert body["title"] == HTTPStatus(status).phrase
    assert ProblemError(code, "Other.", status=422).body()["detail"] == "Other."


def test_a_finding_code_is_a_422() -> None:
    assert ProblemError(Code.E_SIG.value, "Not stored.").status == 422


def test_an_unknown_code_is_refused() -> None:
    with pytest.raises(KeyError):
        ProblemError("no_such_code")
