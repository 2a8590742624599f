"""A freelancer's device that fills the marketplace's disk, against a real marketplace process."""

from __future__ import annotations

import secrets
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from diary.core.slots import DAY, slot_of
from diary.objects.segment import parse, random_id
from tests.desktop_fixtures.waiting import wait_for
from tests.marketplace.http.test_processes import ARGV, at_work, now_s, sealed_now, served
from tests.marketplace.simulated_device import SimulatedDevice, webp

TEN_YEARS = 3_653 * DAY


def files_of(folder: Path) -> dict[str, int]:
    """Sizes of the stored pictures by name, incomplete ones included."""
    return {
        path.name: path.stat().st_size for path in (folder / "blobs").rglob("*") if path.is_file()
    }


def hidden(device: SimulatedDevice, model: bytes, ctr: str, seq: int) -> bytes:
    """A segment of an unknown contract, far in the future, that names two files."""
    slot = slot_of(now_s() + 100 * TEN_YEARS)
    sealed = parse(model)
    minutes = ((0, 0, 0, 0, None),) * 10
    place: dict[str, Any] = {"slot": slot, "t0": slot, "t1": slot + 600, "active": 0}
    body = replace(sealed.segment, ctr=ctr, seq=seq, pics=1, shot="ok", **place)
    shot = device.shot(slot * 1000, webp(640, 400), webp(320, 200))
    return device.seal(body, "Nothing to see", minutes, [shot])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


def test_pictures_that_a_segment_hides_in_the_far_future_are_gone_after_a_week(
    folder: Path,
) -> None:
    with (
        served(folder, "--example") as marketplace,
        at_work(marketplace.url, folder) as (device, ctr),
    ):
        (model,) = sealed_now(device, ctr, 1)
        device.send(model)
        kept = set(files_of(folder))
        nowhere = random_id(secrets.token_bytes)
        for seq in range(12):
            device.send(hidden(device, model, nowhere, seq))
        assert len(files_of(folder)) == len(kept) + 24
        assert marketplace.stop() == 0
    argv = [sys.executable, "-m", "tests.marketplace.later_child", str(folder), str(8 * DAY * 1000)]
    later = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)
    assert later.stdout is not None
    with later.stdout:
        assert later.stdout.readline().startswith("marketplace: ")
        wait_for(lambda: set(files_of(folder)) == kept, timeout=60, what="the first round")
        later.send_signal(signal.SIGTERM)
        assert later.wait(60) == 0


def test_a_flood_of_pictures_ends_at_the_limit_and_padding_is_refused(folder: Path) -> None:
    with (
        served(folder, "--example") as marketplace,
        at_work(marketplace.url, folder) as (device, ctr),
    ):
        tiny = webp(1, 1)
        assert len(tiny) < 200
        padded = device.put_blob(tiny.ljust(20 << 20, b"\0"))
        assert (padded.status_code, padded.json()["code"]) == (422, "blob_format")
        assert files_of(folder) == {}
        answers = [device.put_blob(webp(16, 10)) for _ in range(440)]
        assert Counter(answer.status_code for answer in answers) == {201: 256, 507: 184}
        assert answers[-1].json()["limit"] == "waiting"
        assert int(answers[-1].headers["retry-after"]) > 0
        assert len(files_of(folder)) == 256
        # The account's own work continues where it needs no space.
        (work,) = sealed_now(device, ctr, 1)
        if not parse(work).segment.pics:
            device.send(work)


def test_the_limits_are_the_operators(folder: Path) -> None:
    options = ("--example", "--quota-waiting", "3:1", "--quota-account", "5:1")
    with served(folder, *options) as marketplace, at_work(marketplace.url, folder) as (device, _):
        answers = [device.put_blob(webp(16, 10)).status_code for _ in range(5)]
        assert answers == [201, 201, 201, 507, 507]
    for wrong in ("3", "0:1", "a:b", "3:1:1", "-1:5"):
        argv = [*ARGV, "serve", "--data-dir", str(folder), f"--quota-waiting={wrong}"]
        refused = subprocess.run(argv, capture_output=True, text=True, check=False)
        assert refused.returncode == 2
        assert "FILES:MIB" in refused.stderr
