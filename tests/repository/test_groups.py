"""Tests that share an expensive resource, or must not run concurrently, share a worker."""

from __future__ import annotations

import os

import pytest


@pytest.mark.xdist_group("repository")
def test_the_workers_know_the_groups(request: pytest.FixtureRequest) -> None:
    """pytest-xdist reads the group from the test's id; a pytest that does not allow changed ids
    would silently distribute the groups.
    """
    if "PYTEST_XDIST_WORKER" in os.environ:
        assert request.node.nodeid.endswith("@repository")
    else:
        assert request.node.get_closest_marker("xdist_group").args == ("repository",)
