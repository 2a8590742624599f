"""The state folder: modes, lock, version and names."""

from __future__ import annotations

import stat
import subprocess
import sys

import pytest

from tests.diary.world import AUD
from tests.uploader.device_folder import DeviceFolder
from uploader.errors import Problem, StoreError
from uploader.store.state_folder import StateFolder, folder_name


def test_other_users_may_read_nothing(device: DeviceFolder) -> None:
    device.day(1)
    device.outbox.write_journal("open", b"secret")
    modes = {
        path.relative_to(device.root): stat.S_IMODE(path.stat().st_mode)
        for path in [device.root, *device.root.rglob("*")]
    }
    wrong = {
        str(name): oct(mode)
        for name, mode in modes.items()
        if mode != (0o700 if (device.root / name).is_dir() else 0o600)
    }
    assert wrong == {}


def test_a_second_instance_is_kept_out(device: DeviceFolder) -> None:
    with pytest.raises(StoreError) as caught:
        StateFolder(device.base, AUD)
    assert caught.value.code is Problem.ALREADY_RUNNING
    assert "window that is open" in str(caught.value)


def test_a_second_process_is_kept_out_until_the_first_ends(device: DeviceFolder) -> None:
    script = (
        "import sys; from pathlib import Path\n"
        "from uploader.store.state_folder import StateFolder\n"
        "try: StateFolder(Path(sys.argv[1]), sys.argv[2])\n"
        "except OSError as error: print(error.code)\n"
        "else: print('in')"
    )
    command = [sys.executable, "-c", script, str(device.base), AUD]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == (
        "already_running\n"
    )
    device.outbox.close()
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "in\n"


def test_a_folder_of_a_newer_version_is_left_alone(device: DeviceFolder) -> None:
    device.outbox.close()
    (device.root / "schema").write_text("2\n")
    with pytest.raises(StoreError) as caught:
        StateFolder(device.base, AUD)
    assert caught.value.code is Problem.SCHEMA_NEWER
    assert "newer" in str(caught.value)
    (device.root / "schema").write_text("1\n")
    device.outbox = device.open()


@pytest.mark.parametrize("aud", ["", "..", ".", "a/b", "A", "-a", "a" * 254, "a\\b"])
def test_a_marketplaces_name_cannot_lead_out_of_the_base(aud: str) -> None:
    with pytest.raises(ValueError, match="marketplace"):
        folder_name(aud)


def test_a_port_in_the_name_makes_a_name_that_every_system_takes() -> None:
    assert folder_name("demo.localhost:8080") == "demo.localhost_8080"


def test_what_a_crash_left_half_written_is_swept_away(device: DeviceFolder) -> None:
    device.day(1)
    leftover = device.root / "blobs" / ".tmp-0123"
    leftover.write_bytes(b"half a picture")
    device.reopen()
    assert not leftover.exists()
    assert device.outbox.queue.counts().waiting == 1
