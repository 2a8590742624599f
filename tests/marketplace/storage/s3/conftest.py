"""These tests need a real object store: `make test-engines`."""

from __future__ import annotations

from pathlib import Path

import pytest


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the folder out without `--blobs s3`."""
    return None if config.getoption("--blobs") == "s3" else True
