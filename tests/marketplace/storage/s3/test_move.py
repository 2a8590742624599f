"""The command `move`: pictures from the data folder to a real object store."""

from __future__ import annotations

from pathlib import Path

import pytest

from diary.objects.segment import parse
from marketplace.cli import main
from marketplace.composition import lock
from marketplace.storage.blobs import BlobsError
from marketplace.storage.blobs.s3 import S3Blobs
from tests.marketplace.blob_place import options_of, s3_of
from tests.marketplace.live_marketplace import START, live_marketplace
from tests.marketplace.simulated_device import SimulatedDevice, webp, worked
from tests.marketplace.storage.ceph_rgw import BUCKET, S3Server


def recorded(folder: Path) -> tuple[dict[str, bytes], str, str]:
    """A marketplace with two pictures and their thumbnails in its folder: the files, the client's
    account and the address of a page.
    """
    with live_marketplace(folder, s3=None) as marketplace:
        contract = marketplace.contract()
        device = SimulatedDevice(marketplace.url, marketplace.deps.clock.real_s)
        device.enrol(marketplace.code(contract.freelancer))
        device.sign_in()
        segments = worked(marketplace, device, contract.ctr, START, count=2)
        for data in segments:
            device.send(data)
        device.http.close()
        return dict(device.blobs), contract.client, f"/pictures/{parse(segments[0]).hash}/0"


def files_in(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "blobs").glob("??/*")}


def test_pictures_are_moved_and_served_from_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "data"
    pictures, client, page = recorded(folder)
    argv = ["move", "--data-dir", str(folder)]
    assert main(argv) == 2
    assert "--blobs" in capsys.readouterr().err
    target = options_of(folder)
    with lock(folder):
        assert main([*argv, *target]) == 2
    assert files_in(folder) == pictures
    assert main([*argv, *target]) == 0
    place = getattr(s3_of(folder), "place", "")
    assert f"moved 4 pictures to {place}; 0 were there already" in capsys.readouterr().out
    assert files_in(folder) == {}
    with live_marketplace(folder) as marketplace, marketplace.browser(client) as browser:
        assert set(marketplace.deps.blobs.names()) == pictures.keys()
        assert browser.get(page).content in pictures.values()
    assert main(["doctor", "--data-dir", str(folder)]) == 1
    assert main(["doctor", "--data-dir", str(folder), *target]) == 0
    assert main([*argv, *target]) == 0, "nothing is left to move"


def test_an_interrupted_move_continues(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "data"
    pictures, _, _ = recorded(folder)
    argv = ["move", "--data-dir", str(folder), *options_of(folder)]
    store = S3Blobs.store
    stored: list[str] = []

    def fails_later(self: S3Blobs, sha: str, data: bytes) -> bool:
        if len(stored) == 2:
            raise BlobsError("HTTP 503")
        stored.append(sha)
        return store(self, sha, data)

    with monkeypatch.context() as patch:
        patch.setattr(S3Blobs, "store", fails_later)
        assert main(argv) == 2
    assert "HTTP 503" in capsys.readouterr().err
    assert files_in(folder) == pictures
    with live_marketplace(folder, s3=None) as marketplace:
        assert all(marketplace.deps.blobs.has(sha) for sha in pictures), "still from the folder"
    assert main(argv) == 0
    assert "moved 4 pictures" in (written := capsys.readouterr().out)
    assert "2 were there already" in written


def test_a_damaged_file_stays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "data"
    pictures, _, _ = recorded(folder)
    sha = min(pictures)
    (folder / "blobs" / sha[:2] / sha).write_bytes(other := webp())
    assert main(["move", "--data-dir", str(folder), *options_of(folder)]) == 0
    assert "left 1 damaged files" in capsys.readouterr().out
    assert files_in(folder) == {sha: other}
    with live_marketplace(folder) as marketplace:
        assert set(marketplace.deps.blobs.names()) == pictures.keys() - {sha}


def test_a_third_place_is_refused(
    tmp_path: Path, object_store: S3Server, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "data"
    with live_marketplace(folder):
        pass
    other = f"s3://{BUCKET}/another?endpoint={object_store.url}"
    assert main(["move", "--data-dir", str(folder), "--blobs", other]) == 2
    assert "not in s3://workdiary/another/" in capsys.readouterr().err
