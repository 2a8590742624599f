"""`workdiary-verify FOLDER`: checks the record in a state folder, without a network or an account.

Rules kept: files are only read. Only regular files with expected names are opened, no link is
followed, and no file is read beyond the greatest length of its kind.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from diary.cli.common import (
    INVALID,
    VALID,
    UnusableError,
    add_key_argument,
    print_unusable,
    read_keys,
)
from diary.cli.folder_report import Result, as_json, as_text, plain
from diary.cli.i18n import tr
from diary.cli.output import CommandParser, print_report
from diary.core.findings import Code, DiaryError, Finding
from diary.formats import json_fields
from diary.formats.encoding import digest, parse_canonical
from diary.formats.jws import MAX_JWS
from diary.formats.sd_jwt import MAX_SDJWT
from diary.log.receipt import MAX_RECEIPT, Receipt
from diary.objects.enrolment import parse_enrolment
from diary.objects.segment import parse
from diary.verification.check import check
from diary.verification.evidence import BlobFacts, Evidence

MAX_BLOB = 20 * 1024 * 1024
MAX_SETTINGS = 65_536
_PROOF = ".tlog-proof"
_CONTRACT = re.compile(r"[A-Za-z0-9_-]{22}")
_SEGMENT = re.compile(r"(0|[1-9][0-9]{0,15})-(0|[1-9][0-9]{0,15})\.sdjwt")
_BEACON = re.compile(r"(0|[1-9][0-9]{0,15})-([A-Za-z0-9_-]{43})\.tlog-proof")
_RECEIPT = re.compile(r"([A-Za-z0-9_-]{43})\.tlog-proof")
_FORMER = re.compile(r"([A-Za-z0-9_-]{43})\.jws")


@dataclass
class Folder:
    """Bounded reading below one folder; unreadable files are added to `findings`."""

    root: Path
    findings: list[Finding] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)

    def read(self, name: str, longest: int) -> bytes | None:
        """At most `longest` + 1 bytes of a regular file, so that the parser refuses a longer one.
        None for a missing file, and None with a finding for an unreadable one.
        """
        flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
        # Opening a pipe would wait for its other end.
        flags |= getattr(os, "O_NONBLOCK", 0)
        path = self.root / name
        try:
            if path.parent != self.root and path.parent.is_symlink():
                raise OSError("not followed")
            handle = os.open(path, flags)
        except FileNotFoundError:
            return None
        except OSError:
            self.note(name, "the file cannot be opened")
            return None
        try:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                self.note(name, "this is not a regular file")
                return None
            with os.fdopen(handle, "rb", closefd=False) as file:
                return file.read(longest + 1)
        except OSError:
            self.note(name, "the file cannot be read")
            return None
        finally:
            os.close(handle)

    def names(self, name: str, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        """The names in a subfolder that match the whole pattern, sorted."""
        folder = self.root / name
        if folder.is_symlink():
            self.note(name, "this is a link, not a folder")
            return
        try:
            found = sorted(os.listdir(folder))  # noqa: PTH208 - names, not paths
        except FileNotFoundError:
            return
        except OSError:
            self.note(name, "the folder cannot be read")
            return
        for each in found:
            match = pattern.fullmatch(each)
            if match:
                yield match

    def note(self, name: str, detail: str) -> None:
        """Add a finding about a file that differs from its name (E_MANIFEST)."""
        self.findings.append(Finding("bundle", name, Code.E_MANIFEST, detail))
        self.files[name] = name


def check_folder(root: Path, keys: Sequence[str]) -> Result:
    """Check a state folder. `keys` are published log keys from outside; without any, the folder's
    own is taken. Raises UnusableError.
    """
    folder = Folder(root)
    if not root.is_dir():
        raise UnusableError(
            "not_a_folder", tr("{path} is not a folder.").format(path=plain(str(root)))
        )
    published = list(keys) or [_own_key(folder)]
    verifiers, aud = read_keys(published)
    devices, names = _devices(folder)
    segments = dict(_segments(folder))
    if not devices and not segments:
        raise UnusableError(
            "nothing_there",
            tr("There is no diary in this folder. Name the folder of one marketplace."),
        )
    evidence = Evidence(
        aud=aud,
        verifiers=verifiers,
        devices=devices,
        terms=list(_marketplace_objects(folder, "terms")),
        beacons=dict(_beacons(folder)),
        segments=segments,
        keys=list(_marketplace_objects(folder, "keys")),
        retires=list(_signed_statements(folder, "retires", ".sdjwt", MAX_SDJWT)),
        amends=list(_signed_statements(folder, "amends", ".sdjwt", MAX_SDJWT)),
        tombstones=list(_signed_statements(folder, "tombstones", ".jws", MAX_JWS)),
        blob=lambda sha: BlobFacts.of(folder.read(f"blobs/{sha}", MAX_BLOB)),
    )
    report = check(evidence)
    for name, checked in report.segments.items():
        for number, picture in checked.sealed.pictures.items():
            folder.files[f"{name}/shot_{number}"] = f"blobs/{picture.blob.sha256}"
            folder.files[f"{name}/shot_{number}/thumb"] = f"blobs/{picture.thumb.sha256}"
    findings = sorted({*report.findings, *folder.findings})
    return Result(aud, published, bool(keys), findings, report.segments, names, folder.files)


def _own_key(folder: Folder) -> str:
    data = folder.read("marketplace.json", MAX_SETTINGS)
    if data is None:
        raise UnusableError(
            "no_key",
            tr("This folder names no log key. Give one with --key, or name another folder."),
        )
    try:
        obj = parse_canonical(data)
        aud, vkey = (
            json_fields.matching(obj, "aud", json_fields.AUD),
            json_fields.string(obj, "vkey", 1024),
        )
        if not vkey.startswith(f"{aud}/log/"):
            raise DiaryError(Code.E_POLICY, "the key is of another marketplace")
    except DiaryError as error:
        sentence = tr("marketplace.json cannot be used: {reason}. Give a key with --key.")
        raise UnusableError(error.code, sentence.format(reason=error.detail)) from error
    return vkey


def _devices(folder: Folder) -> tuple[list[tuple[bytes, bytes]], dict[str, str]]:
    """Enrolments with their receipts, and the devices' names by kid."""
    pairs: list[tuple[bytes, bytes]] = []
    names: dict[str, str] = {}
    stems = ["enrolment", *(f"former/{match[1]}" for match in folder.names("former", _FORMER))]
    for stem in stems:
        data = folder.read(f"{stem}.jws", MAX_JWS)
        if data is None:
            continue
        subject = digest(data)
        try:
            enrolment = parse_enrolment(data)
            subject = enrolment.kid
            names[subject] = enrolment.name
        except DiaryError:
            pass  # the check reports the error
        folder.files[subject] = f"{stem}.jws"
        receipt = folder.read(stem + _PROOF, MAX_RECEIPT)
        if receipt is None:
            detail = "its enrolment has no receipt"
            folder.findings.append(Finding("device", subject, Code.E_DEVICE_UNLOGGED, detail))
        else:
            pairs.append((data, receipt))
    return pairs, names


def _segments(folder: Folder) -> Iterator[tuple[str, tuple[bytes, bytes | None]]]:
    for contract in folder.names("segments", _CONTRACT):
        folder_name = f"segments/{contract[0]}"
        for match in folder.names(folder_name, _SEGMENT):
            name = f"{folder_name}/{match[0]}"
            data = folder.read(name, MAX_SDJWT)
            if data is None:
                continue
            subject = digest(data.partition(b"~")[0])
            if subject in folder.files:
                folder.note(name, f"the same segment as {folder.files[subject]}")
                continue
            folder.files[subject] = name
            _check_path(folder, name, data, (contract[0], int(match[1]), int(match[2])))
            receipt = folder.read(name.removesuffix(".sdjwt") + _PROOF, MAX_RECEIPT)
            yield subject, (data, receipt)


def _check_path(folder: Folder, name: str, data: bytes, numbers: tuple[str, int, int]) -> None:
    try:
        body = parse(data).segment
    except DiaryError:
        return  # the check reports the error
    if (body.ctr, body.epoch, body.seq) != numbers:
        folder.note(name, "the segment belongs under another name")


def _marketplace_objects(folder: Folder, where: str) -> Iterator[bytes]:
    """Receipts with an object of the marketplace, each under the digest of its object."""
    for match in folder.names(where, _RECEIPT):
        name = f"{where}/{match[0]}"
        data = folder.read(name, MAX_RECEIPT)
        if data is None:
            continue
        folder.files[f"{where}/{digest(data)}"] = name
        try:
            if digest(Receipt.parse(data).object or b"") != match[1]:
                folder.note(name, "the file belongs under another name")
        except DiaryError:
            pass  # the check reports the error
        yield data


def _signed_statements(
    folder: Folder, where: str, ending: str, longest: int
) -> Iterator[tuple[bytes, bytes]]:
    """The device's later statements with a receipt; without one they do not count yet."""
    for match in folder.names(where, _RECEIPT):
        name = f"{where}/{match[1]}{ending}"
        data, receipt = folder.read(name, longest), folder.read(f"{where}/{match[0]}", MAX_RECEIPT)
        if data is None or receipt is None:
            folder.note(f"{where}/{match[0]}", "the object of this receipt is missing")
            continue
        subject = digest(data.partition(b"~")[0])
        folder.files[f"{where}/{subject}"] = folder.files[subject] = name
        if subject != match[1]:
            folder.note(name, "the file belongs under another name")
        yield data, receipt


def _beacons(folder: Folder) -> Iterator[tuple[str, bytes]]:
    for match in folder.names("beacons", _BEACON):
        name = f"beacons/{match[0]}"
        data = folder.read(name, MAX_RECEIPT)
        if data is None:
            continue
        folder.files[f"beacons/{match[2]}"] = name
        try:
            if Receipt.parse(data).leaf.attrs != match[1]:
                folder.note(name, "the beacon belongs under another name")
        except DiaryError:
            pass  # the check reports the error
        yield match[2], data


def _arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = CommandParser(
        prog="workdiary-verify",
        description=tr(
            "Check the work diary in a state folder: signatures, log, picture times, pictures."
        ),
        epilog=tr("Exit code 0: valid. 1: something is wrong. 2: nothing to check."),
    )
    parser.add_argument("folder", type=Path, help=tr("the state folder of one marketplace"))
    add_key_argument(parser)
    parser.add_argument("--json", action="store_true", help=tr("print the whole result as JSON"))
    return parser.parse_args(argv)


def main(argv: Sequence[str]) -> int:
    """Run the command; returns its exit code."""
    arguments = _arguments(argv)
    try:
        result = check_folder(arguments.folder, arguments.key)
    except UnusableError as error:
        return print_unusable(error, as_json=arguments.json)
    print_report(json.dumps(as_json(result), indent=1) if arguments.json else as_text(result))
    return VALID if result.valid else INVALID
