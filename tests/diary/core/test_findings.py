"""The finding codes have one source, `findings.toml`."""

from __future__ import annotations

import re

import pytest

from diary.core.findings import Code, DiaryError, Finding
from scripts.dev.findings import JAVASCRIPT, PROTOCOL, ROOT, SOURCE, outputs, parse

ENTRY = """[E_NEW]
severity = "error"
costs_pay = true
kinds = ["segment"]
section = "9.2"
rule = "new"
sentence = "New."
"""


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    return outputs()


def test_the_generated_files_are_those_of_the_source(made: dict[str, str]) -> None:
    stale = [name for name, text in made.items() if (ROOT / name).read_text("utf-8") != text]
    assert stale == [], "run make generate"


def test_the_python_table_holds_the_source() -> None:
    entries = parse((ROOT / SOURCE).read_text("utf-8"))
    assert [(c.value, c.severity, c.costs_pay, c.sentence) for c in Code] == [
        (e.code, e.severity, e.costs_pay, e.sentence) for e in entries
    ]


@pytest.mark.parametrize("name", [JAVASCRIPT, PROTOCOL])
def test_each_code_is_in_the_generated_table(made: dict[str, str], name: str) -> None:
    _, _, table = made[name].partition(SOURCE)
    found = re.findall(r"^(?:  |\| )([EWN]_\w+)", table.partition("<!--")[0], re.MULTILINE)
    assert found == [code.value for code in Code]


def test_each_section_is_one_of_the_protocol(made: dict[str, str]) -> None:
    headings = set(re.findall(r"^#+ (\d+(?:\.\d+)?)\.? ", made[PROTOCOL], re.MULTILINE))
    assert {e.section for e in parse((ROOT / SOURCE).read_text("utf-8"))} <= headings


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[E_NEW]", "[W_NEW]"),
        ('"error"', '"fatal"'),
        ('["segment"]', '["week"]'),
        ('["segment"]', "[]"),
        ('[E_NEW]\nseverity = "error"', '[N_NEW]\nseverity = "note"'),
        ('"New."', '"New"'),
        ('"9.2"', '"9.2.1"'),
        ('rule = "new"\n', ""),
        ('rule = "new"', 'rule = "new"\nmeaning = "new"'),
    ],
)
def test_a_wrong_entry_is_refused_by_its_code(old: str, new: str) -> None:
    assert parse(ENTRY)[0].costs_pay
    with pytest.raises(ValueError, match="_NEW: "):
        parse(ENTRY.replace(old, new))


def test_a_finding_is_an_error_by_the_severity_of_its_code() -> None:
    by_severity = {
        severity: {
            Finding("segment", "", code).is_error for code in Code if code.severity == severity
        }
        for severity in ("error", "warning", "note")
    }
    assert by_severity == {"error": {True}, "warning": {False}, "note": {False}}
    assert str(DiaryError(Code.E_SIG, "changed")) == "E_SIG: changed"
