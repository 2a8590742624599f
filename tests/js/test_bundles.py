"""Both verifiers give the same report about a bundle, except for the wording of details."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from diary.bundle.check import CheckOptions, check_bundle
from diary.bundle.manifest import Manifest
from diary.bundle.reader import BundleFiles, FileSource
from diary.bundle.writer import signed_files, statement_file, write
from diary.bundle.zip_reader import Archive, ArchiveError
from diary.cli.bundle_report import report_json
from diary.core.findings import DiaryError
from diary.formats.encoding import b64url_encode, digest
from diary.log.signed_note import NoteVerifier
from diary.verification.evidence import Evidence
from tests.diary.all_cases import CASES
from tests.diary.world import START, World
from tests.js.engines import Engine

#: No options from outside.
NOTHING = CheckOptions()


def as_python_says(files: FileSource, asked: CheckOptions = NOTHING) -> Any:
    """The report without fields that may differ; the code if nothing can be checked."""
    try:
        return without_details(report_json(check_bundle(files, asked)))
    except DiaryError as error:
        return error.code.value


def without_details(report: Any) -> Any:
    return report | {"findings": [each | {"detail": ""} for each in report["findings"]]}


def words(asked: CheckOptions) -> dict[str, Any]:
    """The same options in JavaScript's names."""
    keys = [key.vkey for key in asked.keys]
    return {
        "keys": keys,
        "ctr": asked.ctr,
        "sub": asked.sub,
        "from": asked.first,
        "to": asked.end,
    }


def as_javascript_says(
    engine: Engine, files: dict[str, bytes], asked: CheckOptions = NOTHING
) -> Any:
    held = {name: b64url_encode(data) for name, data in files.items()}
    answer = engine.ask("bundle", {"files": held, "asked": words(asked)})
    return answer["error"] if "error" in answer else without_details(answer["value"])


def agreed(engine: Engine, files: dict[str, bytes], asked: CheckOptions = NOTHING) -> Any:
    """Both reports."""
    reported = as_python_says(BundleFiles(files), asked)
    assert as_javascript_says(engine, files, asked) == reported
    return reported


def of_a_week() -> World:
    world = World(shots=2)
    world.day(4)
    world.log_segment(world.manual(START + 2400))
    return world


WORLD = of_a_week()
FILES = WORLD.bundle()
KEY = WORLD.log.signer.verifier
STRANGER = NoteVerifier(KEY.name, World(random=WORLD.random).key.public)


def test_an_honest_week(engine: Engine) -> None:
    report = agreed(engine, FILES)
    assert (report["result"], report["label"], report["findings"]) == ("valid", "own-key", [])
    assert len(report["segments"]) == 5


@pytest.mark.parametrize(
    "asked",
    [
        CheckOptions(keys=(KEY,)),
        CheckOptions(keys=(KEY, KEY), ctr=WORLD.ctr, sub=WORLD.sub),
        CheckOptions(ctr=b64url_encode(bytes(16))),
        CheckOptions(sub=b64url_encode(bytes(16))),
        CheckOptions(first=START, end=START + 1200),
        CheckOptions(keys=(STRANGER,)),
        CheckOptions(keys=(KEY, STRANGER)),
        CheckOptions(keys=(KEY, replace(KEY, name="other.example/log/2026"))),
        CheckOptions(keys=(replace(KEY, name="workdiary.localhost/log/2027"),)),
        CheckOptions(keys=(replace(KEY, name="nobody"),)),
    ],
    ids=range(10),
)
def test_options_from_outside(engine: Engine, asked: CheckOptions) -> None:
    agreed(engine, FILES, asked)


def bundle_of(evidence: Evidence) -> dict[str, bytes]:
    """The evidence as files; unreadable objects get a name too."""
    odd: dict[str, bytes] = {}

    def named(folder: str, data: bytes, receipt: bytes | None) -> bool:
        try:
            list(signed_files(folder, data, receipt))
        except DiaryError:
            own = digest(data.partition(b"~")[0])
            stem = f"segments/{own}/{own}" if folder == "segments" else f"{folder}/{own}"
            odd[f"{stem}.{'sdjwt' if folder == 'segments' else 'jws'}"] = data
            odd[f"{stem}.tlog-proof"] = receipt or b""
            return False
        return True

    def carried(receipt: bytes) -> bool:
        try:
            statement_file("terms", receipt)
        except DiaryError:
            odd[f"terms/{digest(receipt)}.tlog-proof"] = receipt
            return False
        return True

    readable = replace(
        evidence,
        devices=[pair for pair in evidence.devices if named("devices", *pair)],
        terms=[receipt for receipt in evidence.terms if carried(receipt)],
        segments={h: pair for h, pair in evidence.segments.items() if named("segments", *pair)},
    )
    return World().bundle(readable) | odd


@pytest.mark.parametrize("build", [build for _, _, build in CASES], ids=lambda b: b.__name__)
def test_the_evidence_of_each_case_as_a_bundle(
    engine: Engine, build: Callable[[], Evidence]
) -> None:
    agreed(engine, bundle_of(build()))


Change = Callable[[dict[str, bytes]], object]


def first(files: dict[str, bytes], folder: str, ending: str = "") -> str:
    return min(n for n in files if n.startswith(f"{folder}/") and n.endswith(ending))


def rename(files: dict[str, bytes], old: str, new: str) -> None:
    files[new] = files.pop(old)


def manifest_with(files: dict[str, bytes], /, **changes: Any) -> None:
    made = Manifest.parse(files["manifest.json"])
    files["manifest.json"] = replace(made, **changes).data()


CHANGES: dict[str, Change] = {
    "no manifest": lambda f: f.pop("manifest.json"),
    "an empty manifest": lambda f: f.update({"manifest.json": b"{}"}),
    "a manifest with a space": lambda f: f.update({"manifest.json": f["manifest.json"] + b" "}),
    "a manifest that names itself": lambda f: f.update(
        {"manifest.json": f["manifest.json"].replace(b'"files":{', b'"files":{"manifest.json":1,')}
    ),
    "a manifest of half a week": lambda f: manifest_with(f, end=START),
    "a manifest of another week": lambda f: manifest_with(
        f, first=START - 96 * 3600 * 7 - 7 * 86_400, end=START
    ),
    "a manifest of another contract": lambda f: manifest_with(f, ctr=b64url_encode(bytes(16))),
    "a manifest of another marketplace": lambda f: manifest_with(f, aud="other.example"),
    "a manifest with odd names": lambda f: manifest_with(
        f, files={"__proto__": b64url_encode(bytes(32))}
    ),
    "nothing": lambda f: f.clear(),
    "no policy": lambda f: f.pop("policy.txt"),
    "an empty policy": lambda f: f.update({"policy.txt": b""}),
    "a policy with remarks": lambda f: f.update(
        {"policy.txt": b"# \xff\n\n \t\n" + f["policy.txt"].replace(b" ", b" \t ") + b" \n"}
    ),
    "a policy with a witness": lambda f: f.update(
        {"policy.txt": f["policy.txt"] + b"witness w x+y\n"}
    ),
    "a policy without an end": lambda f: f.update({"policy.txt": f["policy.txt"].rstrip(b"\n")}),
    "a policy of two quorums": lambda f: f.update({"policy.txt": f["policy.txt"] * 2}),
    "a policy with a control character": lambda f: f.update(
        {"policy.txt": f["policy.txt"] + b"#\r\n"}
    ),
    "a policy of a stranger": lambda f: f.update(
        {"policy.txt": f"log {STRANGER.vkey}\nquorum none\n".encode()}
    ),
    "a policy with an address": lambda f: f.update(
        {"policy.txt": f"log {KEY.vkey} https://x/é\nquorum none\n".encode()}
    ),
    "another file": lambda f: f.update({"notes.txt": b"x"}),
    "odd names": lambda f: f.update(
        dict.fromkeys(("__proto__", "é", "\U0001f600", "\uffff", "segments/", "blobs/x."), b"x")
    ),
    "no receipt of a segment": lambda f: f.pop(first(f, "segments", ".tlog-proof")),
    "no segment of a receipt": lambda f: f.pop(first(f, "segments", ".sdjwt")),
    "no device": lambda f: [f.pop(first(f, "devices", end)) for end in (".jws", ".tlog-proof")],
    "no receipt of a device": lambda f: f.pop(first(f, "devices", ".tlog-proof")),
    "no terms": lambda f: f.pop(first(f, "terms")),
    "no beacon": lambda f: f.pop(first(f, "beacons")),
    "no picture": lambda f: f.pop(first(f, "blobs")),
    "no pictures": lambda f: [f.pop(name) for name in list(f) if name.startswith("blobs/")],
    "no checkpoint": lambda f: f.pop(first(f, "checkpoint")),
    "no proof": lambda f: f.pop(first(f, "consistency")),
    "an empty proof": lambda f: f.update({first(f, "consistency"): b""}),
    "a picture cut short": lambda f: f.update({first(f, "blobs"): b"RIFF"}),
    "a segment under another device": lambda f: rename(
        f, first(f, "segments", ".sdjwt"), f"segments/{'A' * 43}/{'A' * 43}.sdjwt"
    ),
    "a segment twice": lambda f: f.update(
        {
            f"segments/{'A' * 43}/{first(f, 'segments', '.sdjwt')[-49:]}": f[
                first(f, "segments", ".sdjwt")
            ]
        }
    ),
    "a beacon under another slot": lambda f: rename(
        f, first(f, "beacons"), "beacons/7-" + first(f, "beacons").partition("-")[2]
    ),
    "a beacon twice": lambda f: f.update(
        {"beacons/7-" + first(f, "beacons").partition("-")[2]: f[first(f, "beacons")]}
    ),
    "terms under another name": lambda f: rename(
        f, first(f, "terms"), f"terms/{'A' * 43}.tlog-proof"
    ),
    "a checkpoint of another log": lambda f: f.update(
        {"checkpoint/2027": f[first(f, "checkpoint")]}
    ),
    "a long checkpoint": lambda f: f.update({first(f, "checkpoint"): b"x" * 70_000}),
    "a long receipt": lambda f: f.update({first(f, "terms"): b"x" * 65_537}),
    "a page": lambda f: f.update({"verify.html": b"<!doctype html>"}),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_bundle_that_was_changed(engine: Engine, change: Change) -> None:
    files = dict(FILES)
    change(files)
    reported = agreed(engine, files)
    assert reported in ("E_MANIFEST", "E_POLICY") or reported["findings"]


@pytest.mark.parametrize("folder", ["amends", "devices", "retires", "tombstones", "vouches"])
def test_a_segment_with_a_finding_that_is_in_another_folder_too(
    engine: Engine, folder: str
) -> None:
    files = dict(FILES)
    segment = first(files, "segments", ".sdjwt")
    files.pop(segment.replace(".sdjwt", ".tlog-proof"))
    ending = "sdjwt" if folder in ("amends", "retires") else "jws"
    files[f"{folder}/{'A' * 43}.{ending}"] = files[segment]
    (found,) = (f for f in agreed(engine, files)["findings"] if f["code"] == "E_INCLUSION")
    assert found["file"] == (segment if folder != "devices" else f"devices/{'A' * 43}.jws")


def zipped(files: dict[str, bytes]) -> bytes:
    manifest = Manifest.parse(files["manifest.json"])
    rest = ((name, data) for name, data in files.items() if name != "manifest.json")
    return b"".join(write(rest, manifest))


def archives_agree(engine: Engine, data: bytes) -> Any:
    try:
        reported = as_python_says(Archive(io.BytesIO(data)))
    except ArchiveError:
        reported = "not_an_archive"
    answer = engine.ask("archive", {"data": b64url_encode(data), "asked": {}})
    result = answer["error"] if "error" in answer else without_details(answer["value"])
    assert result == reported
    return reported


def test_an_honest_archive(engine: Engine) -> None:
    reported = archives_agree(engine, zipped(FILES))
    assert reported == as_python_says(BundleFiles(FILES))


def again(change: Callable[[zipfile.ZipFile, dict[str, bytes]], object]) -> bytes:
    """The bundle in another ZIP form."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        files = dict(FILES)
        change(archive, files)
        for name, data in files.items():
            archive.writestr(name, data)
    return sink.getvalue()


def test_an_archive_that_another_program_made(engine: Engine) -> None:
    assert archives_agree(engine, again(lambda z, f: None))["result"] == "valid"
    stored = again(lambda z, f: setattr(z, "compression", zipfile.ZIP_STORED))
    assert archives_agree(engine, stored)["result"] == "valid"
    remarked = again(lambda z, f: setattr(z, "comment", b"a remark"))
    assert archives_agree(engine, remarked) == "not_an_archive"


def test_archives_that_cannot_be_read(engine: Engine) -> None:
    data = zipped(FILES)
    broken = [b"", b"PK", data[:-1], data[: len(data) // 2], bytes(100), data[:-22] + data[-21:]]
    for each in broken:
        assert archives_agree(engine, each) == "not_an_archive"


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_file_with_another_compression_method(engine: Engine, method: int) -> None:
    def change(archive: zipfile.ZipFile, files: dict[str, bytes]) -> None:
        archive.writestr("policy.txt", files.pop("policy.txt"), compress_type=method)

    assert archives_agree(engine, again(change)) == "E_POLICY"


def test_files_whose_content_is_not_checked(engine: Engine) -> None:
    def change(archive: zipfile.ZipFile, _files: dict[str, bytes]) -> None:
        for name, mode in (("link", 0o120777), ("\u00dcbersicht", 0o040755)):
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            archive.writestr(info, "x")
        archive.writestr("twice", "1")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("twice", "2")

    reported = archives_agree(engine, again(change))
    subjects = {(finding["subject"], finding["code"]) for finding in reported["findings"]}
    assert subjects == {(name, "E_MANIFEST") for name in ("link", "\u00dcbersicht", "twice")}


def test_an_archive_that_claims_a_huge_size(engine: Engine) -> None:
    bomb = again(lambda z, f: f.update({"verify.html": bytes(64 * 1024 * 1024)}))
    assert archives_agree(engine, bomb) == "not_an_archive"
