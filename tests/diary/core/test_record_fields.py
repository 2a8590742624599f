"""The fields of the record have one source, `record_fields.toml`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import pytest

from marketplace.privacy.record_fields import RECORD_FIELDS
from scripts.dev.fields import SOURCE, outputs, parse
from tests.repository.tree import ROOT

VECTORS = ROOT / "tests" / "vectors"
TABLE = """[vouch]
columns = ["Field", "Type", "Rule"]
[[vouch.fields]]
names = ["v"]
type = "int"
rule = "1"
data = "none"
"""


def test_the_generated_files_are_those_of_the_source() -> None:
    stale = [name for name, text in outputs().items() if (ROOT / name).read_text("utf-8") != text]
    assert stale == [], "run make generate"


def test_the_python_table_holds_the_source() -> None:
    tables = parse((ROOT / SOURCE).read_text("utf-8"))
    assert {
        name: {each: field.data for field in table.fields for each in field.names}
        for name, table in tables.items()
    } == RECORD_FIELDS


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('names = ["v"]', 'names = ["v", "v"]'),
        ('names = ["v"]\n', ""),
        ('data = "none"\n', ""),
        ('data = "none"', 'data = "none"\nmore = 1'),
        ('"Field", ', ""),
        ("columns", "heads"),
    ],
)
def test_a_wrong_table_is_refused(old: str, new: str) -> None:
    assert parse(TABLE)["vouch"].fields[0].first_cell == "`v`"
    with pytest.raises(ValueError, match="vouch"):
        parse(TABLE.replace(old, new))


def written() -> Iterable[tuple[str, dict[str, Any]]]:
    """The objects that this project's programs write, as the vectors hold them."""
    segment = json.loads((VECTORS / "segment.json").read_text("utf-8"))
    enrolment = json.loads((VECTORS / "enrolment.json").read_text("utf-8"))
    statements = json.loads((VECTORS / "statements.json").read_text("utf-8"))
    terms = json.loads((VECTORS / "terms.json").read_text("utf-8"))
    signed, own = statements["signed"], statements["marketplace"]
    yield "segment", segment["payload"]
    yield "disclosure", {each["name"]: each["value"] for each in segment["disclosures"]}
    yield (
        "picture",
        next(each["value"] for each in segment["disclosures"] if each["name"] == "shot_0"),
    )
    yield "enrolment", enrolment["payload"]
    yield "terms", json.loads(terms["text"])
    for name, vector in (("vouch", "vouch"), ("retirement", "retire"), ("amendment", "amend")):
        yield name, signed[vector]["payload"]
    yield "tombstone", signed["tombstone"]["payload"]
    for name, vector in (("tombstone", "tombstone"), ("revocation", "revoke"), ("review",) * 2):
        yield name, json.loads(own[vector]["text"])


def test_each_field_that_programs_write_is_in_its_table() -> None:
    objects = list(written())
    assert {name for name, _ in objects} == set(RECORD_FIELDS)
    for name, fields in objects:
        assert sorted(fields.keys() - RECORD_FIELDS[name].keys()) == [], name
