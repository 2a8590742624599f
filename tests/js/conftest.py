"""The engines that run the JavaScript verifier."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.js import engines


@pytest.fixture(scope="module", params=["node20", "node", "chromium"])
def engine(request: pytest.FixtureRequest) -> Iterator[engines.Engine]:
    """Each engine in turn, for all tests of a module."""
    with getattr(engines, request.param)() as made:
        yield made
