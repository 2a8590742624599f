"""The tests' own tools: a refusal is no accident, and an accident no refusal."""

from __future__ import annotations

import os

import pytest

from tests.strangers import toolchain
from tests.strangers.program import Program, RefusedError, running


@pytest.mark.xdist_group("node")
def test_a_refusal_comes_with_its_reason(node: Program) -> None:
    with pytest.raises(RefusedError, match="JWS"):
        node.ask("verify jws", jws="no", jwk={"kty": "OKP", "crv": "Ed25519", "x": "A" * 43})


@pytest.mark.xdist_group("go")
def test_a_question_that_nobody_knows_ends_the_programs(capfd: pytest.CaptureFixture[str]) -> None:
    main = [toolchain.node(), toolchain.HERE / "node" / "main.js"]
    for command in (main, [toolchain.go_program()]):
        with running(command) as program, pytest.raises(RuntimeError, match="ended at 'dance'"):
            program.refuses("dance")
    capfd.readouterr()


@pytest.mark.xdist_group("go")
def test_the_go_program_is_built_from_nothing_but_what_is_here() -> None:
    built = toolchain.go_program()
    assert built.parent == toolchain.CACHE
    assert os.access(built, os.X_OK)
    assert toolchain.go_program() == built
