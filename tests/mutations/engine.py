"""Both verifiers, prepared for thousands of bundles: verifications are cached by their bytes, Node
receives only changes, and a time limit depends on the size.
"""

from __future__ import annotations

import contextlib
import json
import queue
import subprocess
import threading
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from diary.bundle import reader
from diary.bundle.check import CheckOptions, check_bundle
from diary.bundle.reader import BundleFiles
from diary.cli.bundle_report import report_json
from diary.core.findings import DiaryError
from diary.formats import ed25519, jws
from diary.formats.encoding import b64url_encode
from diary.log import signed_note
from diary.log.receipt import Receipt
from diary.objects import enrolment, segment
from diary.verification import evidence
from tests.interop import toolchain
from tests.mutations.week import honest

#: A case of the honest one's size takes some milliseconds, far below this.
LONGEST_S = 60.0
HERE = Path(__file__).resolve().parent


class HangError(Exception):
    """A verifier did not finish."""


@contextlib.contextmanager
def remembering() -> Iterator[None]:
    """Cache verifications of signatures and parsed files during the block: they are pure functions
    of bytes, and most of a changed bundle is unchanged.
    """
    verify, read = _remembered(ed25519.verify), _remembered(segment.parse)
    enrolled, opened = _remembered(enrolment.parse_enrolment), _remembered(Receipt.parse)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jws, "verify", verify)
        patch.setattr(signed_note, "verify", verify)
        patch.setattr(reader, "parse_segment", read)
        patch.setattr("diary.verification.check.parse", read)
        patch.setattr(reader, "parse_enrolment", enrolled)
        patch.setattr(evidence, "parse_enrolment", enrolled)
        patch.setattr(Receipt, "parse", staticmethod(opened))
        yield


def _remembered(function: Callable[..., Any]) -> Callable[..., Any]:
    return lru_cache(maxsize=20_000)(function)


def python_says(files: dict[str, bytes], asked: CheckOptions) -> dict[str, Any]:
    """The report without its details."""
    try:
        report = report_json(check_bundle(BundleFiles(files), asked))
    except DiaryError as error:
        return {"result": "unusable", "code": error.code.value}
    return _without_details(report)


def _without_details(report: dict[str, Any]) -> dict[str, Any]:
    return report | {"findings": [each | {"detail": ""} for each in report["findings"]]}


def words(asked: CheckOptions) -> dict[str, Any]:
    return {
        "keys": [key.vkey for key in asked.keys],
        "ctr": asked.ctr,
        "sub": asked.sub,
        "from": asked.first,
        "to": asked.end,
    }


class Javascript:
    """One Node process; results arrive in order."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._base: dict[str, bytes] | None = None
        self._answers: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._answers.put(line)
        self._answers.put("")

    def submit(self, files: dict[str, bytes], asked: CheckOptions) -> None:
        """Submit a bundle."""
        line: dict[str, Any] = {"asked": words(asked)}
        if self._base is None:
            self._base = honest().files
            line["base"] = {name: b64url_encode(data) for name, data in self._base.items()}
        base = self._base
        line["without"] = [name for name in base if name not in files]
        line["put"] = [(n, b64url_encode(d)) for n, d in files.items() if base.get(n) != d]
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(line) + "\n")
        self._process.stdin.flush()

    def hear(self) -> dict[str, Any]:
        """The result of the oldest submitted bundle without one."""
        try:
            line = self._answers.get(timeout=LONGEST_S)
        except queue.Empty:
            self._process.kill()
            raise HangError("JavaScript did not come to an end") from None
        if not line:
            raise AssertionError("JavaScript ended; its output is above")
        answer = json.loads(line)
        if "error" in answer:
            return {"result": "unusable", "code": answer["error"]}
        return _without_details(answer["value"])


@contextlib.contextmanager
def javascript() -> Iterator[Javascript]:
    """A Node process during the block."""
    command = [str(toolchain.node()), str(HERE / "node.js")]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, encoding="utf-8") as process:
        try:
            yield Javascript(process)
        except BaseException:
            process.kill()
            raise
        assert process.stdin is not None
        process.stdin.close()
        process.wait(timeout=LONGEST_S)
