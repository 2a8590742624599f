"""Bundles: the findings of an honest one, and of every change to one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from diary.bundle.check import CheckedBundle, CheckOptions, check_bundle
from diary.bundle.layout import MANIFEST, MAX_FILES, MAX_IN, PAGE, POLICY, parse_name
from diary.bundle.reader import BundleFiles
from diary.cli.bundle_report import NOT_CHECKED, report_json, report_text
from diary.core.findings import Code, DiaryError
from diary.core.slots import SLOT, WEEK, week_of
from diary.formats.ed25519 import SigningKey
from diary.formats.encoding import b64url_encode, canonical, digest, parse_canonical
from diary.log.leaf import LeafType
from diary.log.policy import PolicyLog, write_policy
from diary.log.receipt import Receipt
from diary.log.signed_note import NoteSigner, NoteVerifier
from diary.objects.device_lifecycle import vouch
from diary.objects.segment import parse
from diary.objects.terms import Terms
from tests.diary.weeks import NEXT, full_world, rotated
from tests.diary.world import AUD, ORIGIN, START, Log, World

Files = dict[str, bytes]


WORLD = full_world()
FILES = WORLD.bundle()
KEY = WORLD.log.signer.verifier
SEGMENTS = sorted(name for name in FILES if name.endswith(".sdjwt") and "segments" in name)


def checked(files: Files, *keys: NoteVerifier, **asked: object) -> CheckedBundle:
    return check_bundle(BundleFiles(files), CheckOptions(keys=keys or (KEY,), **asked))  # type: ignore[arg-type]


def reported(opened: CheckedBundle) -> set[tuple[str, str]]:
    """Codes with the files of their findings."""
    return {(finding.code.value, opened.file_of(finding)) for finding in opened.findings}


def remade(files: Files, world: World = WORLD) -> Files:
    """With a matching manifest, which an attacker can always create."""
    return files | {MANIFEST: world.manifest(files).data()}


def test_an_honest_bundle_is_valid() -> None:
    opened = checked(FILES)
    assert reported(opened) == {("N_DELETED", SEGMENTS[n]) for n in _order([1, 2])}
    assert opened.valid
    assert (opened.ctr, opened.sub, opened.aud) == (WORLD.ctr, WORLD.sub, AUD)
    assert (opened.first, opened.end) == (week_of(START), week_of(START) + WEEK)
    report = report_json(opened)
    assert (report["result"], report["label"], report["totals"]["payable"]) == (
        "valid",
        "outside-key",
        1800,
    )
    assert [segment["memo"] for segment in report["segments"]] == [
        "Better words",
        None,
        "Write tests",
    ]
    assert [review["kind"] for review in report["reviews"]] == ["approve"]
    (device,) = report["devices"]
    assert (device["retired"], device["revoked"] is None) == (True, False)


def _order(numbers: list[int]) -> list[int]:
    """The indexes in SEGMENTS, sorted by name, of the world's segments with these numbers."""
    hashes = [parse(data).hash for data in WORLD.segments]
    names = [name.rpartition("/")[2].removesuffix(".sdjwt") for name in SEGMENTS]
    return [names.index(hashes[number]) for number in numbers]


def test_every_kind_of_file_is_in_it() -> None:
    folders = {name.partition("/")[0] for name in FILES}
    assert folders == {
        "amends", "beacons", "blobs", "checkpoint", "consistency", "devices", MANIFEST, POLICY,
        "retires", "reviews", "revokes", "segments", "terms", "tombstones",
    }  # fmt: skip


def test_without_an_outside_key_the_key_of_the_bundle_is_used() -> None:
    opened = check_bundle(BundleFiles(FILES), CheckOptions())
    assert (opened.valid, opened.outside, opened.keys) == (True, False, (KEY,))
    assert report_json(opened)["label"] == "own-key"
    assert "the key in the bundle" in report_text(opened)


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_changed_file_is_named(name: str) -> None:
    data = FILES[name]
    for changed in (data + b"\n", data[:-1], b"", bytes([data[0] ^ 1]) + data[1:]):
        opened = checked({**FILES, name: changed})
        assert ("E_MANIFEST", name) in reported(opened)
        assert not opened.valid


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_missing_file_is_named(name: str) -> None:
    opened = checked({n: d for n, d in FILES.items() if n != name})
    assert ("E_MANIFEST", name) in reported(opened)


@pytest.mark.parametrize("name", sorted(set(FILES) - {MANIFEST, POLICY}))
def test_a_renamed_file_is_named_by_both_names(name: str) -> None:
    stem, dot, ending = name.rpartition(".")
    old = stem if dot else ending
    new = old[:-1] + ("A" if old[-1] != "A" else "E") if "/log" not in old else old
    if name.startswith("checkpoint"):
        new = "checkpoint/2031"
    elif name.startswith("consistency"):
        new = name + "7"
    moved = f"{new}.{ending}" if dot else new
    assert parse_name(moved)
    files = {(moved if n == name else n): d for n, d in FILES.items()}
    assert {("E_MANIFEST", name), ("E_MANIFEST", moved)} <= reported(checked(files))


def test_an_added_file_is_named() -> None:
    for name, data in {
        f"blobs/{digest(b'x')}": b"x",
        f"blobs/{digest(b'y')}": b"x",
        PAGE: b"<html>",
        "notes.txt": b"x",
        f"terms/{digest(b'x')}.tlog-proof": b"x",
        f"vouches/{digest(b'x')}.tlog-proof": b"x",
    }.items():
        assert ("E_MANIFEST", name) in reported(checked({**FILES, name: data}))


#: The finding for a change to a file under a matching manifest.
SUBSTANCE = {
    "amends": {"E_SIG", "E_FORMAT", "E_INCLUSION", "E_CP_SIG", "E_DISC_UNMATCHED"},
    "beacons": {"E_BEACON", "E_FORMAT"},
    "blobs": {"E_SHOT_HASH"},
    "checkpoint": {"E_CP_SIG"},
    "consistency": {"E_CONSISTENCY"},
    "devices": {"E_DEVICE_UNLOGGED"},
    "policy.txt": {"E_POLICY"},
    "retires": {"E_SIG", "E_FORMAT", "E_INCLUSION", "E_CP_SIG", "E_DISC_UNMATCHED"},
    "reviews": {"E_FORMAT", "E_INCLUSION", "E_CP_SIG"},
    "revokes": {"E_FORMAT", "E_INCLUSION", "E_CP_SIG"},
    "segments": {"E_SIG", "E_FORMAT", "E_INCLUSION", "E_KID_UNKNOWN", "E_DISC_UNMATCHED"},
    "terms": {"E_FORMAT", "E_INCLUSION", "E_CP_SIG"},
    "tombstones": {"E_SIG", "E_FORMAT", "E_INCLUSION", "E_CP_SIG"},
}


@pytest.mark.parametrize("name", sorted(set(FILES) - {MANIFEST}))
def test_a_change_with_a_matching_manifest_is_found(name: str) -> None:
    data = FILES[name]
    for place in (0, len(data) // 3, len(data) // 2, len(data) - 2):
        changed = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        opened = checked(remade({**FILES, name: changed}))
        found = {code for code, _ in reported(opened)}
        if name == POLICY and opened.valid:
            continue  # parts of the policy without effect: the key was given from outside
        assert found & SUBSTANCE[name.partition("/")[0]], (name, place, found)


#: The finding for a missing file that the manifest does not list: by folder and suffix.
MISSED = {
    "amends/*.sdjwt": {"E_MANIFEST"},
    "amends/*.tlog-proof": {"E_FORMAT"},
    "blobs/*": {"W_BLOB_MISSING"},
    "checkpoint/*": {"E_CONSISTENCY"},
    "consistency/*": {"E_CONSISTENCY"},
    "devices/*.jws": {"E_KID_UNKNOWN", "E_MANIFEST"},
    "devices/*.tlog-proof": {"E_DEVICE_UNLOGGED", "E_KID_UNKNOWN"},
    "policy.txt": {"E_POLICY"},
    "retires/*.sdjwt": {"E_MANIFEST"},
    "retires/*.tlog-proof": {"E_FORMAT"},
    "segments/*.sdjwt": {"E_MANIFEST"},
    "segments/*.tlog-proof": {"E_INCLUSION"},
    "terms/*.tlog-proof": {"E_TERMS"},
    "tombstones/*.jws": {"E_INCLUSION"},
}


@pytest.mark.parametrize("name", sorted(set(FILES) - {MANIFEST}))
def test_a_file_left_out_with_a_matching_manifest(name: str) -> None:
    """A missing later statement cannot be detected offline; the report states that."""
    opened = checked(remade({n: d for n, d in FILES.items() if n != name}))
    named = parse_name(name)
    assert named is not None
    kind = f"{named.folder}/*{'.' * bool(named.ending)}{named.ending}" if named.folder else name
    silent = {"reviews/*.tlog-proof", "revokes/*.tlog-proof"}
    unused = named.folder == "beacons" and int(named.parts[0]) not in USED
    if kind in silent or unused or (kind == "tombstones/*.tlog-proof" and not _has(name, "jws")):
        assert opened.valid
        assert report_json(opened)["not_checked"] == list(NOT_CHECKED)
    elif kind == "beacons/*.tlog-proof":
        assert "E_BEACON" in {code for code, _ in reported(opened)}
    else:
        expected = {"E_FORMAT"} if kind == "tombstones/*.tlog-proof" else MISSED[kind]
        assert expected <= {code for code, _ in reported(opened)}


#: The slots of the beacons that segments name.
USED = {START, START + SLOT, START + 2 * SLOT}


def _has(name: str, ending: str) -> bool:
    return name.replace(".tlog-proof", f".{ending}") in FILES


def test_missing_last_segments_show_in_the_numbers() -> None:
    last = parse(WORLD.segments[2]).hash
    files = {n: d for n, d in FILES.items() if last not in n}
    dropped = [n for n in files if n.startswith("tombstones") and _speaks_of(files, n, last)]
    for name in dropped:
        del files[name]
    opened = checked(remade(files))
    report = report_json(opened)
    assert report["chains"][0]["seq"] == [0, 1]
    assert report["totals"]["payable"] == 1200
    assert "numbers 0 to 1" in report_text(opened)


def _speaks_of(files: Files, name: str, segment: str) -> bool:
    obj = Receipt.parse(files[name]).object if name.endswith("proof") else None
    return obj is not None and segment.encode() in obj


def test_a_bundle_may_begin_in_the_middle_of_a_chain() -> None:
    """At the left edge `prev` is not checked; a gap in the middle is a finding."""
    world = World()
    first, second, _ = world.day(3)
    files = {n: d for n, d in world.bundle().items() if first.hash not in n}
    assert checked(remade(files, world)).valid
    files = {n: d for n, d in world.bundle().items() if second.hash not in n}
    assert {code for code, _ in reported(checked(remade(files, world)))} == {"E_GAP"}


def test_two_weeks() -> None:
    world = World()
    world.day(2)
    for slot in (START + WEEK, START + WEEK + SLOT):
        world.log_segment(world.work(slot))
    opened = checked(world.bundle(weeks=2))
    assert opened.findings == ()
    report = report_json(opened)
    assert [week["payable"] for week in report["weeks"]] == [1200, 1200]
    assert report["totals"]["payable"] == 2400
    assert [day["from"] for day in report["days"]] == [START - 32_400, START - 32_400 + WEEK]
    text = report_text(opened)
    assert "Weeks: 2026-W48 to 2026-W49" in text
    assert "Together: tracked 0:40:00, payable 0:40:00" in text
    one = checked(world.bundle(weeks=1))
    outside = {f.code for f in one.findings}
    assert outside == {Code.E_MANIFEST}
    assert report_json(one)["totals"]["payable"] == 1200


def test_a_log_that_changed_its_key() -> None:
    world = rotated()
    files = world.bundle()
    assert {"checkpoint/2026", "checkpoint/2027"} <= set(files)
    opened = checked(files)
    assert opened.findings == ()
    report = report_json(opened)
    assert report["chains"][0]["index"][0][0] == "2026"
    assert report["chains"][0]["index"][1][0] == "2027"
    assert check_bundle(BundleFiles(files), CheckOptions()).findings == ()


def test_an_unannounced_key() -> None:
    world = rotated()
    files = {n: d for n, d in world.bundle().items() if not n.startswith("keys/")}
    found = reported(checked(remade(files, world)))
    assert ("E_POLICY", POLICY) in found
    assert "E_INCLUSION" in {code for code, _ in found}
    # By the bundle's own key everything is valid, as the label states.
    own = check_bundle(BundleFiles(remade(files, world)), CheckOptions())
    assert own.valid
    assert not own.outside


def test_a_policy_with_one_more_key() -> None:
    other = NoteSigner(NEXT, SigningKey.from_seed(b"o" * 32)).verifier
    files = {**FILES, POLICY: write_policy([PolicyLog(KEY), PolicyLog(other)])}
    opened = checked(remade(files))
    assert ("E_POLICY", POLICY) in reported(opened)
    assert report_json(opened)["totals"]["payable"] == 1800


def test_the_key_of_another_log() -> None:
    stranger = NoteSigner(ORIGIN, SigningKey.from_seed(b"s" * 32)).verifier
    opened = checked(FILES, stranger)
    codes = {code for code, _ in reported(opened)}
    assert {"E_CP_SIG", "E_POLICY", "E_DEVICE_UNLOGGED"} <= codes
    assert report_json(opened)["totals"]["payable"] == 0
    elsewhere = Log(origin="other.example/log/2026").signer.verifier
    assert ("E_MANIFEST", MANIFEST) in reported(checked(FILES, elsewhere))


@pytest.mark.parametrize(
    "keys",
    [
        (KEY, NoteSigner(ORIGIN, SigningKey.from_seed(b"s" * 32)).verifier),
        (KEY, Log(origin="other.example/log/2026").signer.verifier),
        (NoteSigner("example.com", SigningKey.from_seed(b"s" * 32)).verifier,),
    ],
)
def test_keys_that_cannot_be_used(keys: tuple[NoteVerifier, ...]) -> None:
    with pytest.raises(DiaryError) as refusal:
        checked(FILES, *keys)
    assert refusal.value.code is Code.E_POLICY


def test_without_any_key_there_is_nothing_to_check() -> None:
    for policy in (None, b"", b"log x\nquorum none\n"):
        files = {n: d for n, d in FILES.items() if n != POLICY}
        if policy is not None:
            files[POLICY] = policy
        with pytest.raises(DiaryError) as refusal:
            check_bundle(BundleFiles(files), CheckOptions())
        assert refusal.value.code is Code.E_POLICY
        assert ("E_POLICY", POLICY) in reported(checked(files))


def test_invalid_bundle() -> None:
    for files in ({}, {POLICY: FILES[POLICY]}, {"readme.txt": b"x"}):
        with pytest.raises(DiaryError) as refusal:
            checked(files)
        assert refusal.value.code is Code.E_MANIFEST


def test_more_than_a_bundle_can_hold() -> None:
    class Long(BundleFiles):
        def length(self, name: str) -> int:
            return 300 * 2**20 if name == POLICY else super().length(name)

    with pytest.raises(DiaryError, match="more than a bundle can hold"):
        check_bundle(Long(FILES), CheckOptions())
    for folder, most in MAX_IN.items():
        many = {f"{folder}/{n}": b"" for n in range(most + 1)}
        with pytest.raises(DiaryError, match="more than a bundle can hold"):
            checked({**FILES, **many})
    assert len(FILES) < MAX_FILES


def changed_manifest(**changes: object) -> bytes:
    obj = parse_canonical(FILES[MANIFEST])
    return canonical({name: value for name, value in {**obj, **changes}.items() if value != ""})


BAD: list[Callable[[], bytes]] = [
    lambda: b"",
    lambda: b"[]",
    lambda: FILES[MANIFEST] + b"\n",
    lambda: changed_manifest(v=2),
    lambda: changed_manifest(aud="A B"),
    lambda: changed_manifest(ctr="short"),
    lambda: changed_manifest(sub=None),
    lambda: changed_manifest(files=[]),
    lambda: changed_manifest(files={POLICY: "x"}),
    lambda: changed_manifest(files={POLICY: None}),
    lambda: changed_manifest(files={MANIFEST: digest(b"")}),
    lambda: changed_manifest(**{"from": START}),
    lambda: changed_manifest(to=START),
    lambda: changed_manifest(to=week_of(START)),
    lambda: changed_manifest(made=-1),
    lambda: changed_manifest(made=""),
]


@pytest.mark.parametrize("make", BAD)
def test_a_manifest_that_cannot_be_used(make: Callable[[], bytes]) -> None:
    opened = checked({**FILES, MANIFEST: make()})
    assert ("E_MANIFEST", MANIFEST) in reported(opened)
    assert report_json(opened)["totals"]["payable"] == 1800
    assert (opened.ctr, opened.first) == (None, None)


def test_unknown_fields_of_a_manifest_are_left_alone() -> None:
    assert checked({**FILES, MANIFEST: changed_manifest(more={"a": 1})}).valid


def test_what_was_asked_for() -> None:
    other = b64url_encode(bytes(16))
    week = week_of(START)
    assert checked(FILES, ctr=WORLD.ctr, sub=WORLD.sub, first=week, end=week + WEEK).valid
    for asked in ({"ctr": other}, {"sub": other}, {"first": week + WEEK}, {"end": week}):
        opened = checked(FILES, **asked)
        assert ("E_MANIFEST", MANIFEST) in reported(opened)
        assert report_json(opened)["totals"]["payable"] == 0


def test_files_under_wrong_names() -> None:
    wrong = b64url_encode(bytes(32))
    for name, data in FILES.items():
        named = parse_name(name)
        assert named is not None
        if named.folder in ("", "blobs", "checkpoint", "consistency", "segments"):
            continue
        at = name.index(named.parts[-1])
        files = {n: d for n, d in FILES.items() if n != name and not n.startswith(named.stem)}
        for each in [n for n in FILES if n.startswith(named.stem)]:
            files[each[:at] + wrong + each[at + len(wrong) :]] = FILES[each]
        found = reported(checked(remade(files)))
        assert {code for code, _ in found} & {"E_MANIFEST", "E_BEACON"}, name
        assert data


def test_segments_and_beacons_that_appear_twice() -> None:
    first = SEGMENTS[0]
    proof = first.replace(".sdjwt", ".tlog-proof")
    kid, other = WORLD.key.kid, "A" * 43
    again = {n.replace(kid, other): FILES[n] for n in (first, proof)}
    found = reported(checked(remade({**FILES, **again})))
    # The one that sorts first is read, and does not belong there.
    assert ("E_MANIFEST", first) in found
    assert ("E_MANIFEST", first.replace(kid, other)) in found
    beacon = next(n for n in FILES if n.startswith(f"beacons/{START}-"))
    double = beacon.replace(str(START), str(START + SLOT))
    found = reported(checked(remade({**FILES, double: FILES[beacon]})))
    assert found >= {("E_MANIFEST", double)}


def test_no_pictures_at_all_are_not_missed_one_by_one() -> None:
    files = {n: d for n, d in FILES.items() if not n.startswith("blobs/")}
    opened = checked(remade(files))
    assert opened.valid
    assert not any(f.code is Code.W_BLOB_MISSING for f in opened.findings)
    assert report_json(opened)["not_checked"] == sorted([*NOT_CHECKED, "pictures"])
    assert "not in this bundle" in report_text(opened)
    one = next(n for n in FILES if n.startswith("blobs/"))
    files = {n: d for n, d in FILES.items() if n != one}
    assert {f.code for f in checked(remade(files)).findings} == {
        Code.W_BLOB_MISSING,
        Code.N_DELETED,
    }
    without = World(shots=0)
    without.day(1)
    assert checked(without.bundle()).pictures


def test_a_segment_without_its_receipt_is_in_no_log() -> None:
    first = SEGMENTS[0].replace(".sdjwt", ".tlog-proof")
    opened = checked(remade({n: d for n, d in FILES.items() if n != first}))
    assert ("E_INCLUSION", SEGMENTS[0]) in reported(opened)
    assert report_json(opened)["totals"]["unpaid"] == 600


def test_devices_and_their_vouches() -> None:
    world = World()
    world.day(1)
    other = world.sibling(START + SLOT + 5)
    word = vouch(world.key, aud=AUD, sub=world.sub, kid=other.key.kid)
    world.log_signed("vouches", LeafType.VOUCH, word, START + SLOT + 6)
    other.log_segment(other.work(START + 2 * SLOT))
    opened = checked(world.bundle(world.together(other)))
    assert {f.code for f in opened.findings} <= {Code.W_BLOB_MISSING, Code.W_DEVICE_SWITCH}
    report = report_json(opened)
    assert [device["vouched"] for device in report["devices"]] == [True, True]
    assert len(report["chains"]) == 2
    evidence = replace(world.together(other), vouches=())
    opened = checked(world.bundle(evidence))
    assert ("W_UNVOUCHED", f"devices/{other.key.kid}.jws") in reported(opened)


def test_the_report_is_the_same_for_the_same_files() -> None:
    shuffled = dict(sorted(FILES.items(), reverse=True))
    assert report_json(checked(shuffled)) == report_json(checked(FILES))


def test_each_segment_is_checked_by_the_terms_of_its_time() -> None:
    world = World()
    later = replace(world.terms, from_s=START + SLOT, limit_s=3600)
    world.terms_at.append(world.log_terms(later, START - 350))
    world.log_segment(world.work(START))
    world.terms = later
    world.log_segment(world.work(START + SLOT))
    opened = checked(world.bundle())
    assert opened.findings == ()
    assert isinstance(later, Terms)
