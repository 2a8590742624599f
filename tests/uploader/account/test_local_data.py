"""The data on this computer: what is counted as not sent, and a deletion in one step."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from system.files import TEMPORARY
from tests.uploader import proxy as faults
from uploader.account.local_data import LocalData, Unsent, delete, measure, measure_one, unsent
from uploader.errors import Problem, StoreError
from uploader.store.state_folder import StateFolder

if TYPE_CHECKING:
    from pathlib import Path

    from tests.uploader.client_under_test import ClientUnderTest
    from tests.uploader.proxy import FaultProxy

    Pair = tuple[ClientUnderTest, FaultProxy]

AUD = "work.example.org"


def test_what_the_marketplace_has_not_logged_is_counted(at_work: Pair) -> None:
    client, proxy = at_work
    base = client.root.parent
    assert unsent(client.root) == Unsent()
    proxy.always = faults.reset_at_once
    client.many(2, pictures=1)
    rows = client.outbox.segments(client.contract.ctr, 0, 2**40)
    found = unsent(client.root)
    stored = sum(path.stat().st_size for path in (client.root / "blobs").iterdir())
    sealed = sum((client.root / f"{row.name}.sdjwt").stat().st_size for row in rows)
    seconds = sum(row.t1 - row.t0 for row in rows)
    assert found == Unsent(segments=2, size=stored + sealed, seconds=seconds)
    assert measure(base).unsent == found
    assert measure(base).size >= stored + sealed
    # A refused segment waits for nothing, and its time is unpaid all the same.
    (client.root / f"{rows[0].name}.refused.json").write_bytes(b"{}")
    refused = unsent(client.root)
    assert (refused.segments, refused.refused, refused.seconds) == (1, 1, seconds)
    (client.root / f"{rows[0].name}.refused.json").unlink()
    proxy.always = None
    client.drain()
    assert unsent(client.root) == Unsent()
    proxy.always = faults.reset_at_once
    client.changes.delete(rows[0].hash, {"time"})
    assert (unsent(client.root).changes, unsent(client.root).is_empty) == (1, False)
    client.outbox.write_journal("stretch/one", b"{}")
    assert unsent(client.root).unsealed == 1
    # While a client uses the folder, nothing of it is deleted.
    with pytest.raises(StoreError) as caught:
        delete(base, client.outbox.folder.root.name)
    assert caught.value.code is Problem.ALREADY_RUNNING
    assert len(list(client.root.rglob("*.sdjwt"))) == 2


def folder(base: Path) -> Path:
    with StateFolder(base, AUD) as made:
        made.write("marketplace.json", b"{}")
        made.write("segments/c/1-0.sdjwt", b"damaged")
        return made.root


def test_a_damaged_segment_counts_without_its_time(tmp_path: Path) -> None:
    assert unsent(folder(tmp_path)) == Unsent(segments=1)


def test_what_waits_is_counted_for_each_marketplace_by_its_name(tmp_path: Path) -> None:
    folder(tmp_path)
    with StateFolder(tmp_path, "other.example:8443") as made:
        made.write("marketplace.json", b"{}")
    found = measure(tmp_path)
    assert found.by_marketplace == {AUD: Unsent(segments=1), "other.example:8443": Unsent()}
    assert found.unsent == Unsent(segments=1)


def test_a_deletion_leaves_nothing_of_the_marketplace_and_everything_else(tmp_path: Path) -> None:
    folder(tmp_path)
    (tmp_path / "settings.json").write_bytes(b"{}")
    (tmp_path / "logs").mkdir()
    delete(tmp_path, AUD)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["logs", "settings.json"]
    assert measure_one(tmp_path, AUD) == LocalData(0, Unsent())
    delete(tmp_path, AUD)


def test_an_interrupted_deletion_is_finished_and_never_leaves_half_a_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder(tmp_path)

    def interrupted(path: Path) -> None:
        (path / "marketplace.json").unlink()
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(shutil, "rmtree", interrupted)
        with pytest.raises(StoreError) as caught:
            delete(tmp_path, AUD)
    assert caught.value.code is Problem.DISK_FULL
    [left] = tmp_path.iterdir()
    assert left.name.startswith(TEMPORARY)
    assert measure(tmp_path) == LocalData(0, Unsent())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows lets few users make links")
def test_a_folder_on_another_drive_is_measured_and_deleted_there(tmp_path: Path) -> None:
    base, drive = tmp_path / "base", tmp_path / "drive"
    base.mkdir()
    drive.mkdir()
    shutil.move(folder(base), drive / AUD)
    (base / AUD).symlink_to(drive / AUD)
    assert measure_one(base, AUD).unsent.segments == 1
    assert measure(base).size > 0
    delete(base, AUD)
    assert list(drive.iterdir()) == []
    assert measure_one(base, AUD) == LocalData(0, Unsent())
