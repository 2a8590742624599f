"""The tests' tools: a refusal is distinguished from an error."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from scripts.dev import npm_packages
from tests.interop import toolchain
from tests.interop.program import Program, RefusedError, running


@pytest.mark.xdist_group("node")
def test_a_refusal_names_its_reason(node: Program) -> None:
    with pytest.raises(RefusedError, match="JWS"):
        node.ask("verify jws", jws="no", jwk={"kty": "OKP", "crv": "Ed25519", "x": "A" * 43})


@pytest.mark.xdist_group("go")
def test_an_unknown_question_ends_the_programs(capfd: pytest.CaptureFixture[str]) -> None:
    main = [toolchain.node(), toolchain.HERE / "node" / "main.js"]
    for command in (main, [toolchain.go_program()]):
        with running(command) as program, pytest.raises(RuntimeError, match="ended at 'dance'"):
            program.refuses("dance")
    capfd.readouterr()


@pytest.mark.xdist_group("go")
def test_the_go_program_is_built_without_downloads() -> None:
    built = toolchain.go_program()
    assert built.parent == toolchain.CACHE
    assert os.access(built, os.X_OK)
    assert toolchain.go_program() == built


def test_the_set_up_sees_when_npm_packages_are_missing_or_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert npm_packages.is_complete()
    for name in ("package.json", "package-lock.json"):
        shutil.copy(npm_packages.FOLDER / name, tmp_path)
    # Of each package only the checked files.
    stamp = npm_packages.STAMP.relative_to(npm_packages.FOLDER)
    for place in [*json.loads(npm_packages.LOCK.read_bytes())["packages"], stamp.parent]:
        (tmp_path / place).mkdir(parents=True, exist_ok=True)
        if (found := npm_packages.FOLDER / place / "package.json").exists():
            shutil.copy(found, tmp_path / place)
    shutil.copy(npm_packages.STAMP, tmp_path / stamp)
    monkeypatch.setattr(npm_packages, "FOLDER", tmp_path)
    monkeypatch.setattr(npm_packages, "STAMP", tmp_path / stamp)
    monkeypatch.setattr(npm_packages, "LOCK", tmp_path / "package-lock.json")
    assert npm_packages.is_complete()
    one = tmp_path / "node_modules" / "jose" / "package.json"
    whole = one.read_text("utf-8")
    one.write_text(whole.replace('"version": "', '"version": "1'), "utf-8")
    assert not npm_packages.is_complete()
    one.unlink()
    assert not npm_packages.is_complete()
    one.write_text(whole, "utf-8")
    assert npm_packages.is_complete()
    (tmp_path / "package.json").write_text("{}", "utf-8")
    assert not npm_packages.is_complete()
