"""Tests that share a dear thing, or must not run beside one another, share a worker."""

from __future__ import annotations

import os

import pytest


@pytest.mark.xdist_group("repository")
def test_the_workers_know_the_groups(request: pytest.FixtureRequest) -> None:
    """pytest-xdist tells the group by the test's id; a pytest whose ids it cannot change would
    spread the groups over the workers, and say nothing.
    """
    if "PYTEST_XDIST_WORKER" in os.environ:
        assert request.node.nodeid.endswith("@repository")
    else:
        assert request.node.get_closest_marker("xdist_group").args == ("repository",)
