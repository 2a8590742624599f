"""The choice of the place of the pictures at the start."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from marketplace.cli import main
from marketplace.core.config import ConfigError
from marketplace.core.storage_settings.s3 import S3Settings
from marketplace.storage.blobs.open import require_place, store_place
from tests.desktop_fixtures.waiting import wait_for
from tests.marketplace.live_marketplace import live_marketplace
from tests.marketplace.simulated_device import SimulatedDevice, webp

SECRET = "s3cr3t-of-the-object-store"


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "some-key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)


def test_a_start_without_the_object_store_names_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))  # bound, not listening: connections are refused
        port = free.getsockname()[1]
        url = f"s3://pictures/a?endpoint=http://127.0.0.1:{port}"
        argv = ["setup", "--data-dir", str(tmp_path / "data"), "--blobs", url]
        assert main(argv) == 2
    written = capsys.readouterr()
    assert f"http://127.0.0.1:{port}" in written.err
    assert "Unreachable" in written.err
    assert SECRET not in written.err + written.out


@pytest.fixture
def away() -> Iterator[S3Settings]:
    """A store that refuses connections."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))  # bound, not listening
        endpoint = f"http://127.0.0.1:{free.getsockname()[1]}"
        yield S3Settings("pictures", "a/", endpoint, path_style=True, timeout_s=1.0, retries=0)


@pytest.mark.expected_logs("pictures_unavailable", "round_failed")
def test_a_later_start_serves_without_the_object_store(
    tmp_path: Path, away: S3Settings, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "data"
    with live_marketplace(folder, s3=None) as first:
        # As if it had used the store.
        first.deps.store.write(lambda connection: store_place(connection, away.place)).result()
    direct = replace(away, upload_endpoint="https://s3.example")
    with (
        pytest.raises(ConfigError, match="cannot be used"),
        live_marketplace(folder, s3=direct),  # whose signed addresses were never tried
    ):
        pass
    with live_marketplace(folder, s3=away) as marketplace:
        device = SimulatedDevice(marketplace.url, marketplace.deps.clock.real_s)
        device.enrol(marketplace.code(marketplace.contract().freelancer))
        device.sign_in()
        answer = device.put_blob(webp())
        device.http.close()
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
        assert httpx.get(f"{marketplace.url}/readyz").status_code == 200
        wait_for(lambda: "round_failed" in caplog.text, what="the first round of the sweep")


def test_the_variable_chooses_the_place_and_a_malformed_one_is_not_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WORKDIARY_BLOBS", f"s3://key:{SECRET}@pictures")
    assert main(["setup", "--data-dir", str(tmp_path / "data")]) == 2
    written = capsys.readouterr()
    assert "s3://bucket/prefix" in written.err
    assert SECRET not in written.err + written.out
    assert not (tmp_path / "data").exists()


def test_a_certificate_file_that_is_missing_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"s3://pictures?endpoint=https://s3.example&ca-file={tmp_path}/none.pem"
    assert main(["setup", "--data-dir", str(tmp_path / "data"), "--blobs", url]) == 2
    assert f"{tmp_path}/none.pem cannot be read" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("stored", "s3", "named"),
    [
        ("folder", S3Settings("pictures", "a/"), ("the data folder", "s3://pictures/a/")),
        ("s3://pictures/a/", None, ("s3://pictures/a/", "the data folder")),
        ("s3://pictures/a/", S3Settings("pictures", "b/"), ("s3://pictures/a/", "s3://pictures/b/")),
    ],
)  # fmt: skip
def test_another_place_than_that_of_the_pictures_is_refused(
    stored: str, s3: S3Settings | None, named: tuple[str, str]
) -> None:
    with pytest.raises(ConfigError) as caught:
        require_place(stored, s3)
    assert "are in {}, not in {}".format(*named) in str(caught.value)


def test_generated_data_is_only_made_in_the_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    argv = ["seed", "--data-dir", str(tmp_path / "data"), "--blobs", "s3://pictures"]
    assert main(argv) == 2
    assert "omit --blobs" in capsys.readouterr().err


def test_the_doctor_and_the_backup_look_at_the_stored_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "data"
    with live_marketplace(folder, s3=None):
        pass
    assert main(["doctor", "--data-dir", str(folder)]) == 0
    assert "ok: The pictures are in the data folder." in capsys.readouterr().out
    other = ["--data-dir", str(folder), "--blobs", "s3://pictures/a"]
    assert main(["doctor", *other]) == 1
    assert "failed: The pictures of this marketplace are in the data folder" in (
        capsys.readouterr().out
    )
    assert main(["backup", str(tmp_path / "copy"), *other]) == 2
    assert "not in s3://pictures/a/" in capsys.readouterr().err
    assert not (tmp_path / "copy").exists()
