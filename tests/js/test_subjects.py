"""Every file of a bundle, under another name and with other contents: the findings of both
verifiers, and the file of each finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from diary.bundle.check import CheckOptions
from diary.bundle.layout import parse_name
from diary.core.findings import Code
from diary.formats.encoding import b64url_encode, digest
from tests.diary.weeks import full_world
from tests.js.engines import Engine
from tests.js.test_bundles import agreed

WORLD = full_world()
#: Without the manifest, which would detect each change by itself.
FILES = {name: data for name, data in WORLD.bundle().items() if name != "manifest.json"}
KEY = WORLD.shards()[0].signer.verifier
OTHER = b64url_encode(bytes(32))
#: The subjects without a file: two of the log's own findings.
NO_FILE = re.compile(r"[a-z0-9.:-]+/log/[0-9-]+ [0-9]+")


def renamed(name: str) -> dict[str, bytes]:
    """The file under another name of the same kind."""
    named = parse_name(name)
    assert named is not None
    files = dict(FILES)
    last = named.parts[-1]
    files[name.replace(last, OTHER if len(last) == 43 else f"{last}9")] = files.pop(name)
    return files


def changed(name: str) -> dict[str, bytes]:
    """Other contents under the same name: another file of the same kind if there is one."""
    named = parse_name(name)
    assert named is not None
    kind = (named.folder, named.ending)
    others = [
        data
        for other, data in FILES.items()
        if (found := parse_name(other)) and (found.folder, found.ending) == kind and other != name
    ]
    return {**FILES, name: others[0] if others else FILES[name][: len(FILES[name]) // 2]}


def damaged(name: str) -> dict[str, bytes]:
    return {**FILES, name: FILES[name][:-2]}


def trials() -> Iterator[tuple[str, dict[str, bytes]]]:
    for change in (renamed, changed, damaged):
        for name in FILES:
            if name != "policy.txt" or change is not renamed:
                yield f"{change.__name__} {name}", change(name)


@pytest.mark.parametrize("files", [t[1] for t in trials()], ids=[t[0][:30] for t in trials()])
def test_a_file_that_is_not_its_name(engine: Engine, files: dict[str, bytes]) -> None:
    reported = agreed(engine, files, CheckOptions(keys=(KEY,)))
    found = reported["findings"]
    wrong = {each["subject"] for each in found if Code(each["code"]).severity == "error"}
    assert wrong > {"manifest.json"}
    for each in found:
        assert bool(each["file"]) != bool(NO_FILE.fullmatch(each["subject"])), each


def test_an_unreferenced_picture_under_another_name(engine: Engine) -> None:
    name = f"blobs/{digest(b'another')}"
    reported = agreed(engine, {**FILES, name: b"RIFF"}, CheckOptions(keys=(KEY,)))
    found = [(each["code"], each["file"]) for each in reported["findings"] if each["file"] == name]
    assert ("E_MANIFEST", name) in found
