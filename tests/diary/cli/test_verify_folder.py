"""`workdiary-verify` on honest and changed state folders."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from diary.cli.common import INVALID, UNUSABLE, VALID
from diary.cli.folder_report import duration, instant, plain
from diary.core.findings import UNPAYING, Code
from diary.formats.encoding import b64url_encode, canonical, digest
from tests.diary.cases import common, reviews_and_log
from tests.diary.cli.folder_command import (
    FILES,
    FIRST,
    KEY,
    SEGMENTS,
    WORLD,
    codes,
    result,
    run,
    text_of,
)
from tests.diary.state import files_of, write
from tests.diary.world import AUD, START, World


def test_an_honest_folder_is_valid(tmp_path: Path) -> None:
    done = run(write(FILES, tmp_path), "--key", KEY)
    assert (done.returncode, done.stderr) == (VALID, "")
    assert (
        "Valid as far as checked: consistent with the key given on the command line." in done.stdout
    )
    assert f"Contract {WORLD.ctr}, device desk ({WORLD.key.kid}): numbers 0 to 2" in done.stdout
    assert ", in the log at 2026/5 to 2026/7, 1 without a receipt" in done.stdout
    assert "2026-11-24 09:00:00 UTC to 2026-11-24 09:30:00 UTC" in done.stdout
    assert "tracked 0:30:00, payable 0:30:00" in done.stdout
    assert "Problems: none" in done.stdout
    assert "Not checked, since it is not visible in this folder" in done.stdout
    assert KEY in done.stdout


def test_without_an_outside_key_is_labelled(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out = text_of(write(FILES, tmp_path), capsys)
    assert code == VALID
    assert "Valid as far as checked: consistent with the key in this folder." in out


def test_work_that_waits_for_its_receipts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = World()
    world.work(START)
    code, out = text_of(write(files_of(world), tmp_path), capsys)
    assert code == VALID
    assert "numbers 0 to 0, 1 without a receipt\n" in out
    assert "in the log at" not in out


def test_the_result_as_json(tmp_path: Path) -> None:
    done = run(write(FILES, tmp_path), "--key", KEY, "--json")
    reported = json.loads(done.stdout)
    assert (done.returncode, reported["result"], reported["label"]) == (
        VALID,
        "valid",
        "outside-key",
    )
    assert (reported["aud"], reported["keys"], reported["findings"]) == (AUD, [KEY], [])
    (chain,) = reported["chains"]
    assert chain == {
        "ctr": WORLD.ctr,
        "kid": WORLD.key.kid,
        "segments": 3,
        "seq": [0, 2],
        "index": [["2026", 5], ["2026", 7]],
        "waiting": 1,
    }
    assert reported["contracts"][WORLD.ctr]["payable"] == 1800
    assert [segment["assurance"] for segment in reported["segments"]] == ["A", "A", "C"]
    assert [segment["file"] for segment in reported["segments"]] == SEGMENTS
    assert [segment["payable_s"] for segment in reported["segments"]] == [600, 600, 600]


def test_a_change_is_reported_with_its_code_and_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(FILES, tmp_path)
    signature, rest = FILES[FIRST][: FILES[FIRST].index(b"~")], FILES[FIRST].partition(b"~")[2]
    changed = signature[:-20] + (b"AA" if signature[-20:-18] != b"AA" else b"BB") + signature[-18:]
    (folder / FIRST).write_bytes(changed + b"~" + rest)
    code, out = text_of(folder, capsys)
    assert code == INVALID
    assert f"E_SIG  {FIRST}: the signature does not fit\n" in out
    assert out.count("\nE_SIG: The signature does not match the signed data.\n") == 1
    assert out.count(f"\nE_GAP: {Code.E_GAP.sentence}\n") == 1
    assert "Invalid: 2 errors are listed above." in out


#: The possible findings for a change of one byte, by the kind of file.
NAMED = {
    ".sdjwt": {"E_FORMAT", "E_ALG", "E_TYP", "E_KID_UNKNOWN", "E_SIG", "E_DISC_UNMATCHED"},
    "segments": {"E_INCLUSION"},
    "blobs": {"E_SHOT_HASH"},
    "enrolment.jws": {"E_DEVICE_UNLOGGED"},
    "enrolment.tlog-proof": {"E_DEVICE_UNLOGGED"},
    "terms": {"E_FORMAT", "E_CP_SIG", "E_INCLUSION", "E_TERMS"},
    "beacons": {"E_BEACON"},
}


@pytest.mark.parametrize("name", [name for name in FILES if name != "schema"])
def test_any_changed_byte_of_any_file_is_named(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(FILES, tmp_path)
    data = FILES[name]
    kind = next((key for key in NAMED if name.endswith(key)), name.partition("/")[0])
    step = 1 if len(data) < 60 else len(data) // 25
    for place in [*range(0, len(data), step), len(data) - 1]:
        changed = bytearray(data)
        changed[place] ^= 1 << place % 7
        (folder / name).write_bytes(changed)
        if name == "marketplace.json":
            reported = result(folder, capsys)
            # Display texts are not part of the record; other changes make the key another one, or
            # none.
            harmless = (
                reported["result"] == "valid"
                and reported["keys"] == [KEY]
                and reported["aud"] == AUD
            )
            assert reported["exit"] in (INVALID, UNUSABLE) or harmless, place
            assert result(folder, capsys, "--key", KEY)["exit"] == VALID
            continue
        reported = result(folder, capsys)
        assert reported["exit"] == INVALID, place
        assert codes(reported) & NAMED[kind], (place, codes(reported))
        named = {finding["file"] for finding in reported["findings"]}
        assert name in named or name.replace(".tlog-proof", ending(name)) in named


def ending(name: str) -> str:
    """A finding about a receipt names the object of the receipt."""
    return ".jws" if name.startswith("enrolment") else ".sdjwt"


@pytest.mark.parametrize("name", [*SEGMENTS, *(n for n in FILES if n.startswith("blobs/"))][:4])
@pytest.mark.parametrize("tail", [b"x", b"~", b"\n"])
def test_added_and_missing_bytes_are_named(
    name: str, tail: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(FILES, tmp_path)
    for data in (FILES[name] + tail, FILES[name][:-1], b""):
        (folder / name).write_bytes(data)
        assert result(folder, capsys)["exit"] == INVALID


def test_missing_data_is_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def reported_without(name: str) -> set[str]:
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        return codes(result(write({n: d for n, d in FILES.items() if n != name}, folder), capsys))

    assert reported_without(SEGMENTS[1]) == {"E_GAP"}
    # A missing receipt looks like a pending one; the text has the number of pending ones.
    assert reported_without(SEGMENTS[1].replace(".sdjwt", ".tlog-proof")) == set()
    blob = next(name for name in FILES if name.startswith("blobs/"))
    assert reported_without(blob) == {"W_BLOB_MISSING"}
    beacon = f"beacons/{START}-"
    assert reported_without(next(n for n in FILES if n.startswith(beacon))) == {"E_BEACON"}
    assert reported_without(next(n for n in FILES if n.startswith("terms/"))) == {"E_TERMS"}
    assert reported_without("enrolment.tlog-proof") == {"E_DEVICE_UNLOGGED", "E_KID_UNKNOWN"}
    assert reported_without("enrolment.jws") == {"E_KID_UNKNOWN"}


def test_warnings_alone_leave_it_valid(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    blob = next(name for name in FILES if name.startswith("blobs/"))
    code, out = text_of(write({n: d for n, d in FILES.items() if n != blob}, tmp_path), capsys)
    assert code == VALID
    assert "W_BLOB_MISSING  segments/" in out


def test_files_under_wrong_names_are_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def reported_with(old: str, new: str, *, copy: bool = False) -> list[tuple[str, str]]:
        files = {(new if n == old else n): d for n, d in FILES.items()}
        if copy:
            files[old] = FILES[old]
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        reported = result(write(files, folder), capsys)
        assert reported["exit"] == INVALID
        return [(finding["code"], finding["file"]) for finding in reported["findings"]]

    contract = FIRST.rpartition("/")[0]
    assert reported_with(FIRST, f"{contract}/0-7.sdjwt") == [
        ("E_MANIFEST", f"{contract}/0-7.sdjwt")
    ]
    assert reported_with(FIRST, f"{contract}/1-0.sdjwt") == [
        ("E_MANIFEST", f"{contract}/1-0.sdjwt")
    ]
    elsewhere = f"segments/{'x' * 22}/0-0.sdjwt"
    assert reported_with(FIRST, elsewhere) == [("E_MANIFEST", elsewhere)]
    double = f"{contract}/0-9.sdjwt"
    assert reported_with(FIRST, double, copy=True) == [("E_MANIFEST", double)]
    beacon = next(name for name in FILES if name.startswith(f"beacons/{START}-"))
    moved = beacon.replace(str(START), str(START + 600))
    assert reported_with(beacon, moved) == [("E_MANIFEST", moved)]
    terms = next(name for name in FILES if name.startswith("terms/"))
    moved = f"terms/{b64url_encode(bytes(32))}.tlog-proof"
    assert reported_with(terms, moved) == [("E_MANIFEST", moved)]


def test_other_files_are_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = {
        "segments/notes.txt": b"x",
        f"segments/{WORLD.ctr}/0-0.findings.json": b"x",
        f"segments/{WORLD.ctr}/00-1.sdjwt": b"x",
        f"segments/{WORLD.ctr}/.tmp-1": b"x",
        "beacons/x": b"x",
        "terms/.tmp-2": b"x",
        "blobs/x": b"x",
        "index.sqlite": b"x",
    }
    assert result(write(FILES | other, tmp_path), capsys)["findings"] == []


def test_a_former_enrolment_counts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = dict(FILES)
    stem = f"former/{WORLD.key.kid}"
    files[f"{stem}.jws"] = files.pop("enrolment.jws")
    files[f"{stem}.tlog-proof"] = files.pop("enrolment.tlog-proof")
    assert result(write(files, tmp_path), capsys)["exit"] == VALID


def test_impossible_times_are_reported_as_numbers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = World(shots=0)
    end = 2**53 - 1
    world.log_segment(world.work(START, t1=end), START + 600)
    code, out = text_of(write(files_of(world), tmp_path), capsys)
    assert code == INVALID
    assert f"to {end}:" in out
    assert "E_TIME_RANGE" in out
    assert "Traceback" not in out


def test_a_wrong_name_or_key_never_costs_pay() -> None:
    assert {Code.E_MANIFEST, Code.E_POLICY}.isdisjoint(UNPAYING)


def test_texts() -> None:
    assert duration(3_725) == "1:02:05"
    assert duration(0) == "0:00:00"
    assert instant(0) == "1970-01-01 00:00:00 UTC"
    assert instant(2**60) == str(2**60)
    assert plain("a\tb\u2028é") == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}é"


def test_the_totals_name_what_was_not_paid(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = World(shots=0, limit_s=900)
    world.day(2)
    broken = world.work(START + 1200, START + 1210, START + 1320, awake=0)
    world.log_segment(broken, START + 1330)
    world.log_segment(world.manual(START + 1800))
    _, out = text_of(write(files_of(world), tmp_path), capsys)
    assert "tracked 0:21:50, entered manually 0:10:00, payable 0:15:00, not paid 0:01:50" in out
    assert "over the limit 0:15:00" in out


def changed_world() -> World:
    """A world in which a memo was changed, a picture deleted, and the device retired."""
    world = World()
    first, second = world.day(2)
    common.amended(world, first, "Write better tests", START + 1300)
    deleted = common.digest_of(second, "shot_0")
    common.deleted(world, second, ["shot", "time"], START + 1310, deleted)
    common.retired(world, [common.head(world.segments[-1])], START + 1320)
    bare = b"~".join(p for p in world.segments[1].split(b"~") if digest(p) not in deleted)
    world.segments[1] = bare
    for blob in (second.pictures[0].blob, second.pictures[0].thumb):
        del world.blobs[blob.sha256]
    return world


def test_later_statements_count(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = files_of(changed_world())
    reported = result(write(files, tmp_path), capsys)
    assert reported["exit"] == VALID
    assert codes(reported) == {"N_DELETED"}
    (sums,) = reported["contracts"].values()
    assert (sums["payable"], sums["given_back"]) == (600, 600)


def test_a_statement_without_a_receipt_does_not_count(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = files_of(changed_world())
    (receipt,) = (name for name in files if name.startswith("tombstones/") and "proof" in name)
    del files[receipt]
    reported = result(write(files, tmp_path), capsys)
    assert reported["exit"] == VALID
    assert codes(reported) == {"W_WITHHELD"}


@pytest.mark.parametrize("folder", ["amends", "tombstones", "retires"])
def test_later_statements_have_their_own_names(
    folder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = files_of(changed_world())
    names = sorted(name for name in files if name.startswith(f"{folder}/"))
    moved = {
        name: name.replace(name.split("/")[1][:43], b64url_encode(bytes(32))) for name in names
    }
    reported = result(write({moved.get(n, n): d for n, d in files.items()}, tmp_path / "a"), capsys)
    wrong = [f["file"] for f in reported["findings"] if f["code"] == "E_MANIFEST"]
    assert wrong == [name for name in moved.values() if "proof" not in name]
    del files[next(name for name in names if "proof" not in name)]
    reported = result(write(files, tmp_path / "b"), capsys)
    lonely = [f["file"] for f in reported["findings"] if f["code"] == "E_MANIFEST"]
    assert lonely == [name for name in names if "proof" in name]


def test_a_log_that_continues_under_another_key(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = reviews_and_log.rotated()
    old = world.log.before
    assert old is not None
    world.day(2)
    files = files_of(world)
    settings = json.loads(files["marketplace.json"])
    settings |= {"vkey": old.signer.verifier.vkey, "origin": old.origin}
    files["marketplace.json"] = canonical(settings)
    assert result(write(files, tmp_path), capsys)["exit"] == VALID
