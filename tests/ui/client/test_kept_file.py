"""A capture backend's stored value in the state folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from ui.client.capture import StateFolderValue
from uploader.errors import StoreError
from uploader.store.state_folder import StateFolder

LENT = "a-name"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[StateFolder]:
    with StateFolder(tmp_path, "example.org") as made:
        yield made


def test_it_is_kept_for_its_owner_only_and_destroyed(folder: StateFolder) -> None:
    lent = StateFolderValue(folder, LENT)
    assert lent.get() is None
    for value in ("first", "später"):
        lent.put(value)
        assert StateFolderValue(folder, LENT).get() == value
    if os.name == "posix":
        assert folder.path(LENT).stat().st_mode & 0o777 == 0o600
    lent.put(None)
    assert (lent.get(), folder.exists(LENT)) == (None, False)
    lent.put(None)


@pytest.mark.parametrize("data", [b"", b"\xff\xfe"])
def test_an_invalid_value_counts_as_none(folder: StateFolder, data: bytes) -> None:
    folder.write(LENT, data)
    assert StateFolderValue(folder, LENT).get() is None


def test_a_disk_that_refuses_is_reported(folder: StateFolder) -> None:
    folder.path(LENT).mkdir()
    lent = StateFolderValue(folder, LENT)
    assert issubclass(StoreError, OSError)
    with pytest.raises(StoreError):
        lent.get()
    with pytest.raises(StoreError):
        lent.put("token")
