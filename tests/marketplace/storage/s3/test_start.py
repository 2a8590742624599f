"""Starts on a real object store that is not as it should be."""

from __future__ import annotations

from pathlib import Path

import obstore
import pytest

from marketplace.cli import main
from marketplace.contracts.queries import Contract
from marketplace.core.storage_settings.s3 import S3Settings
from marketplace.storage.blobs.s3 import object_store
from tests.marketplace.live_marketplace import START, LiveMarketplace, live_marketplace
from tests.marketplace.simulated_device import SimulatedDevice, worked
from tests.marketplace.storage.ceph_rgw import BUCKET, S3Server


def started(folder: Path, url: str) -> int:
    return main(["setup", "--data-dir", str(folder), "--blobs", url])


def test_a_bucket_that_does_not_exist_is_named(
    object_store_server: S3Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"s3://missing/a?endpoint={object_store_server.url}"
    assert started(tmp_path / "data", url) == 2
    assert "There is no bucket missing at" in capsys.readouterr().err


@pytest.mark.parametrize("variable", ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
def test_wrong_credentials_are_named_and_not_repeated(
    object_store_server: S3Server,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    variable: str,
) -> None:
    monkeypatch.setenv(variable, "s3cr3t-that-is-wrong")
    url = f"s3://{BUCKET}/wrong?endpoint={object_store_server.url}"
    assert started(tmp_path / "data", url) == 2
    written = capsys.readouterr()
    assert "refuses the credentials" in written.err
    for secret in ("s3cr3t", *object_store_server.environment.values()):
        assert secret not in written.err + written.out


def test_a_prefix_of_another_marketplace_is_refused(
    object_store_server: S3Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"s3://{BUCKET}/{tmp_path.name}?endpoint={object_store_server.url}"
    assert started(tmp_path / "first", url) == 0
    assert started(tmp_path / "first", url) == 0
    assert started(tmp_path / "second", url) == 2
    assert "belong to another marketplace" in capsys.readouterr().err


def test_the_doctor_names_the_place_and_a_bucket_that_keeps_versions(
    object_store_server: S3Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"s3://{BUCKET}/{tmp_path.name}?endpoint={object_store_server.url}"
    folder = tmp_path / "data"
    assert started(folder, url) == 0
    assert main(["doctor", "--data-dir", str(folder), "--blobs", url]) == 0
    assert f"ok: The pictures are in s3://{BUCKET}/{tmp_path.name}/." in capsys.readouterr().out


def test_a_backup_has_the_pictures_as_files_and_can_be_restored(
    object_store_server: S3Server,
    marketplace: LiveMarketplace,
    device: SimulatedDevice,
    contract: Contract,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (data,) = worked(marketplace, device, contract.ctr, START)
    device.send(data)
    settings = marketplace.deps.config.s3
    assert settings is not None
    url = f"{settings.place}?endpoint={settings.endpoint}"
    source = ["--data-dir", str(marketplace.deps.config.data_dir)]
    copy = tmp_path / "copy"
    assert main(["backup", str(copy), *source]) == 2
    assert f"are in {settings.place}, not in the data folder" in capsys.readouterr().err
    assert main(["backup", str(copy), *source, "--blobs", url]) == 0
    assert "2 pictures" in capsys.readouterr().out
    files = {path.name: path.read_bytes() for path in (copy / "blobs").glob("??/*")}
    assert files == device.blobs
    assert main(["restore", str(copy), "--data-dir", str(tmp_path / "restored")]) == 0
    with live_marketplace(tmp_path / "restored", s3=None) as restored:
        assert all(restored.deps.blobs.has(sha) for sha in device.blobs)


@pytest.fixture
def object_store_server(object_store: S3Server | None) -> S3Server:
    assert object_store is not None
    return object_store


def test_the_client_needs_no_bulk_deletion(object_store_server: S3Server) -> None:
    settings = S3Settings.parse(object_store_server.address(), {})
    store = object_store(settings)
    obstore.put(store, "one", b"1")
    obstore.delete(store, "one")
    with pytest.raises(FileNotFoundError):
        obstore.head(store, "one")
