"""The lock on the data folder: held by another process, or unavailable."""

from __future__ import annotations

import errno
import fcntl
import os
from typing import TYPE_CHECKING

import pytest

from marketplace.composition import LockedError, lock
from marketplace.core.config import ConfigError

if TYPE_CHECKING:
    from pathlib import Path


def test_a_folder_that_another_holds_is_locked(tmp_path: Path) -> None:
    with lock(tmp_path), pytest.raises(LockedError, match="Another marketplace is running"):
        lock(tmp_path).__enter__()
    with lock(tmp_path):
        pass


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.EOPNOTSUPP, errno.EIO, errno.EINVAL])
def test_a_drive_without_locks_is_not_another_marketplace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", refuse)
    with pytest.raises(ConfigError, match="cannot be locked") as caught:
        lock(tmp_path).__enter__()
    assert not isinstance(caught.value, LockedError)
    assert os.strerror(number) in str(caught.value)
