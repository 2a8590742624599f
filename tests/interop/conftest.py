"""The helper programs for libraries of other languages, one of each per run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.interop import toolchain
from tests.interop.program import Program, running


@pytest.fixture(scope="session")
def go() -> Iterator[Program]:
    """Go's golang.org/x/mod/sumdb/note and tlog."""
    with running([toolchain.go_program()]) as program:
        yield program


@pytest.fixture(scope="session")
def node() -> Iterator[Program]:
    """npm's @sd-jwt/core, @sigstore/verify, jose and oauth4webapi."""
    with running([toolchain.node(), toolchain.HERE / "node" / "main.js"]) as program:
        yield program


@pytest.fixture(scope="module")
def provider() -> Iterator[Program]:
    """npm's oidc-provider, an authorization server on a port of this computer."""
    with running([toolchain.node(), toolchain.HERE / "node" / "provider.js"]) as program:
        yield program
