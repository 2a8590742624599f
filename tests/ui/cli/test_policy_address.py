"""A policy's address of the marketplace, in the commands."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.uploader.account.test_marketplaces import add
from ui import app
from ui.cli.main import FAILED, main
from ui.client.options import active_marketplace
from ui.settings import settings as settings_module
from ui.settings.policy import sources

if TYPE_CHECKING:
    from ui.client.options import Options

ONLY = "https://work.acme.example"


@pytest.fixture
def policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A policy that the person who runs the tests may have written."""
    path = tmp_path / "policy.json"
    if os.name != "nt":
        monkeypatch.setattr(sources, "_ADMINISTRATOR", os.getuid())
    for module in (sources, settings_module):
        monkeypatch.setattr(
            module, "policy_sources", lambda _: (sources.PolicyFile(path, sources.parse_json),)
        )
    write(path, ONLY)
    return path


def write(path: Path, address: object, organisation: str = "Acme IT") -> None:
    content = {"organisation": organisation, "enforced": {"marketplace": address}}
    path.write_text(json.dumps(content))
    path.chmod(0o644)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Options]:
    """The options of each start of the program, which does not happen."""
    found: list[Options] = []

    def run(options: Options, **_: object) -> int:
        found.append(options)
        return 0

    monkeypatch.setattr(app, "run", run)
    return found


def test_another_address_is_refused(
    tmp_path: Path, policy: Path, started: list[Options], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "state"
    arguments = ["run", "--base-dir", str(folder), "--marketplace", "https://other.example"]
    assert main(arguments) == FAILED
    assert capsys.readouterr().err == (
        f"workdiary: Acme IT has set the marketplace of this computer: {ONLY}.\n"
    )
    write(policy, ONLY, organisation="")
    assert main(arguments) == FAILED
    assert "The administrator of this computer has set its marketplace" in capsys.readouterr().err
    assert started == []
    assert not folder.exists()


@pytest.mark.parametrize("address", [ONLY, f"{ONLY}/", "https://WORK.acme.example:443", None])
def test_the_policys_address_may_be_named(
    tmp_path: Path, policy: Path, started: list[Options], address: str | None
) -> None:
    more = [] if address is None else ["--marketplace", address]
    assert main(["run", "--base-dir", str(tmp_path), *more]) == 0
    assert len(started) == 1


@pytest.mark.parametrize("command", ["join", "rotate-key"])
def test_another_marketplace_gets_no_key(
    tmp_path: Path, policy: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    code = tmp_path / "code"
    code.write_text("abcd")
    where = ["--base-dir", str(tmp_path), "--marketplace", "https://other.example"]
    assert main([command, *where, "--enrol-file", str(code)]) == FAILED
    assert ONLY in capsys.readouterr().err
    assert code.exists()


def test_signing_out_of_another_marketplace_stays_possible(
    tmp_path: Path, policy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left: list[str] = []

    def sign_out(options: Options) -> str:
        left.append(options.marketplace)
        return "signed_out"

    monkeypatch.setattr("ui.client.sign_out", sign_out)
    where = ["--base-dir", str(tmp_path), "--marketplace", "https://other.example"]
    assert main(["sign-out", *where]) == 0
    assert left == ["https://other.example"]


@pytest.mark.expected_logs("policy")
@pytest.mark.parametrize(
    "address", ["", "nowhere at all", "ftp://a.example", "https://a.example/path", 7, None, [ONLY]]
)
def test_a_malformed_address_is_reported_and_ignored(
    tmp_path: Path,
    policy: Path,
    started: list[Options],
    caplog: pytest.LogCaptureFixture,
    address: object,
) -> None:
    write(policy, address)
    where = ["--base-dir", str(tmp_path), "--marketplace", "https://other.example"]
    assert main(["run", *where]) == 0
    assert len(started) == 1
    assert "The value of enforced.marketplace is not valid." in caplog.text


def test_the_active_marketplace_is_that_of_the_policy_then_the_remembered_one(
    tmp_path: Path, policy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = tmp_path / "state"
    add(base, "a.example", joined=False)
    add(base, "b.example")
    (base / "settings.json").write_text('{"marketplace": "https://a.example"}')
    assert active_marketplace(base) == ONLY
    policy.unlink()
    assert active_marketplace(base) == "https://a.example"
    assert main(["status", "--base-dir", str(base)]) == 0
    status = json.loads(capsys.readouterr().out)
    assert status["active"] == "https://a.example"
    assert [each["joined"] for each in status["marketplaces"]] == [False, True]
    (base / "settings.json").unlink()
    # Of several, the one where this computer is signed in.
    assert active_marketplace(base) == "https://b.example"


def test_a_default_of_the_policy_comes_after_what_the_computer_knows(
    tmp_path: Path, policy: Path
) -> None:
    base = tmp_path / "state"
    content = {"defaults": {"marketplace": "https://default.example"}}
    policy.write_text(json.dumps(content))
    assert active_marketplace(base) == "https://default.example"
    add(base, "b.example")
    assert active_marketplace(base) == "https://b.example"
    (base / "settings.json").write_text('{"marketplace": "https://a.example"}')
    assert active_marketplace(base) == "https://a.example"
