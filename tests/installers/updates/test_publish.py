"""The release manager's command creates a repository from which a program updates itself."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)

from installers.updates import publish
from installers.updates.keys import KeysError, load_keys
from system.updates.release import MAX_ARCHIVE, platform_name
from system.updates.run import Clocks, Update, run_update
from tests.repository.tree import ROOT
from tests.system.updates.simulated_repository import (
    PROGRAM,
    SimulatedRepository,
    make_installation,
)

ROLES = ("root-1", "root-2", "targets-1", "stable-1", "preview-1", "snapshot-1", "timestamp-1")


def write_key(path: Path, how: KeySerializationEncryption | None = None) -> None:
    key = Ed25519PrivateKey.generate()
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how or NoEncryption()))


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    folder = tmp_path / "keys"
    folder.mkdir()
    for name in ROLES:
        write_key(folder / f"{name}.pem")
    return folder


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """The folder of a packaged program of version 1.1.0."""
    folder = tmp_path / "tree"
    (folder / "_internal").mkdir(parents=True)
    (folder / "workdiary").write_text(PROGRAM)
    (folder / "workdiary").chmod(0o755)
    (folder / "version").write_text("1.1.0")
    (folder / "_internal" / "library").write_bytes(b"x" * 100)
    (folder / "library").symlink_to("_internal/library")
    return folder


def run(*arguments: object) -> int:
    return publish.main([str(argument) for argument in arguments])


def test_a_program_updates_itself_from_a_published_repository(
    tmp_path: Path, keys: Path, tree: Path
) -> None:
    folder, archive = tmp_path / "repository", tmp_path / "workdiary.tar.xz"
    assert run("create", folder, "--keys", keys, "--threshold", "root=2") == 0
    assert run("pack", tree, archive) == 0
    release = ("release", folder, "--keys", keys, "--channel", "preview")
    assert run(*release, "--platform", platform_name(), "--version", "1.1.0", archive) == 0
    assert run("refresh", folder, "--keys", keys) == 0

    served = SimulatedRepository.__new__(SimulatedRepository)
    served.folder, served.answers, served.requests = folder, {}, []
    served.root = (folder / "metadata" / "1.root.json").read_bytes()
    installation = make_installation(tmp_path / "root")
    clocks = Clocks(lambda: 0.0, lambda: 0.0)
    made = run_update(installation, served.source, "preview", "prepare", served.fetch, clocks)
    assert made == Update("ready", "1.1.0")
    assert (installation.folder_of("1.1.0") / "library").read_bytes() == b"x" * 100


def test_an_archive_has_the_same_bytes_each_time(
    tmp_path: Path, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")
    first, second = tmp_path / "first", tmp_path / "second"
    assert run("pack", tree, first) == 0
    (tree / "version").touch()
    (tree / "workdiary").chmod(0o700)
    assert run("pack", tree, second) == 0
    assert first.read_bytes() == second.read_bytes()


def test_the_old_root_keys_sign_the_replacement_of_a_lost_key(tmp_path: Path, keys: Path) -> None:
    folder, new = tmp_path / "repository", tmp_path / "new"
    assert run("create", folder, "--keys", keys, "--threshold", "root=2") == 0
    new.mkdir()
    for name in ROLES:
        write_key(new / f"{name}.pem")
    for channel in ("stable", "preview"):
        # The channels keep their keys: another command replaces them.
        (new / f"{channel}-1.pem").write_bytes((keys / f"{channel}-1.pem").read_bytes())
    assert run("rotate", folder, "--keys", new, "--old-keys", keys) == 0
    assert (folder / "metadata" / "2.root.json").exists()
    write_key(new / "stable-1.pem")
    assert run("channel-keys", folder, "--keys", new, "--channel", "stable") == 0


def test_a_wrong_key_archive_or_version_is_refused_with_a_sentence(
    tmp_path: Path, keys: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, archive = tmp_path / "repository", tmp_path / "archive"
    archive.write_bytes(b"x")
    (keys / "snapshot-1.pem").rename(tmp_path / "snapshot")
    assert run("create", folder, "--keys", keys) == 1
    assert "has no snapshot-1.pem" in capsys.readouterr().err
    (tmp_path / "snapshot").rename(keys / "snapshot-1.pem")
    assert run("create", tmp_path / "few", "--keys", keys, "--threshold", "targets=2") == 1
    assert "targets needs 2 keys" in capsys.readouterr().err
    assert run("create", folder, "--keys", keys) == 0
    assert run("create", folder, "--keys", keys) == 1
    assert "has a repository already" in capsys.readouterr().err
    release = ("release", folder, "--keys", keys, "--channel", "stable", "--platform", "p")
    assert run(*release, "--version", "1.0", archive) == 0
    archive.write_bytes(b"y")
    for version, reason in (("0.9", "not later"), ("1.0", "not later"), ("v2", "not valid")):
        assert run(*release, "--version", version, archive) == 1
        assert reason in capsys.readouterr().err
    assert run(*release, "--version", "1.1", tmp_path / "missing") == 1


def test_keys_that_programs_would_refuse_publish_nothing(
    tmp_path: Path, keys: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, archive = tmp_path / "repository", tmp_path / "archive"
    archive.write_bytes(b"x")
    assert run("create", folder, "--keys", keys, "--threshold", "root=2") == 0
    before = {path: path.read_bytes() for path in folder.rglob("*.json")}
    release = ("release", folder, "--keys", keys, "--channel", "stable", "--platform", "p")
    (keys / "preview-1.pem").replace(keys / "stable-1.pem")
    assert run(*release, "--version", "1.0", archive) == 1
    assert "stable was signed by 0/1 keys" in capsys.readouterr().err
    # One of the two old keys is not enough.
    new, old = tmp_path / "new", tmp_path / "old"
    for each in (new, old):
        each.mkdir()
    for name in ROLES:
        write_key(new / f"{name}.pem")
    (keys / "root-1.pem").rename(old / "root-1.pem")
    assert run("rotate", folder, "--keys", new, "--old-keys", old) == 1
    assert "root was signed by 1/2 keys" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in folder.rglob("*.json")} == before


def test_an_interrupted_release_is_published_again(tmp_path: Path, keys: Path) -> None:
    folder, archive = tmp_path / "repository", tmp_path / "archive"
    archive.write_bytes(b"x")
    assert run("create", folder, "--keys", keys) == 0
    release = ("release", folder, "--keys", keys, "--channel", "stable", "--platform", "p")
    (keys / "snapshot-1.pem").rename(tmp_path / "snapshot")
    assert run(*release, "--version", "1.0", archive) == 1
    (tmp_path / "snapshot").rename(keys / "snapshot-1.pem")
    assert run(*release, "--version", "1.0", archive) == 0
    newest = max((folder / "metadata").glob("*.snapshot.json"))
    assert json.loads(newest.read_text())["signed"]["meta"]["stable.json"]["version"] == 2


def test_an_archive_that_no_program_takes_is_not_published(
    tmp_path: Path, keys: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, archive = tmp_path / "repository", tmp_path / "archive"
    assert run("create", folder, "--keys", keys) == 0
    with archive.open("wb") as file:
        file.truncate(MAX_ARCHIVE + 1)
    release = ("release", folder, "--keys", keys, "--channel", "stable", "--platform", "p")
    assert run(*release, "--version", "1.0", archive) == 1
    assert "is larger than" in capsys.readouterr().err


def test_keys_are_ed25519_and_may_have_a_password(tmp_path: Path) -> None:
    write_key(tmp_path / "root-1.pem", BestAvailableEncryption(b"secret"))
    (tmp_path / "notes.pem").write_text("not a key of a role")
    assert len(load_keys(tmp_path, lambda _: "secret")["root"]) == 1
    with pytest.raises(KeysError):
        load_keys(tmp_path, lambda _: "wrong")
    other = generate_private_key(SECP256R1())
    (tmp_path / "stable-1.pem").write_bytes(
        other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    with pytest.raises(KeysError, match="not an Ed25519 key"):
        load_keys(tmp_path, lambda _: "secret")
    (tmp_path / "stable-1.pem").write_bytes(b"garbage")
    with pytest.raises(KeysError, match="cannot be read"):
        load_keys(tmp_path, lambda _: "secret")


def test_the_command_runs_from_the_root_of_the_project() -> None:
    command = [sys.executable, "-m", "installers.updates.publish", "--help"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0
