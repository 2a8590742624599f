"""The key that signs the packages: the chosen one, or a test key that is named as such."""

from __future__ import annotations

from pathlib import Path

import pytest

from installers import inventory


def test_a_chosen_key_is_published_under_its_own_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKDIARY_SIGNING_KEY", "release@example.org")
    assert inventory.key_name() == "KEY.asc"
    assert inventory.signing_key()[0] == "release@example.org"
    monkeypatch.delenv("WORKDIARY_SIGNING_KEY")
    assert inventory.key_name() == "TEST-KEY.asc"


def test_a_test_key_is_created_once_also_after_an_interrupted_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WORKDIARY_SIGNING_KEY", raising=False)
    monkeypatch.setattr(inventory, "BUILD", tmp_path)
    (tmp_path / "gnupg").mkdir()
    keys: list[str] = []

    def gpg(command: list[str], *, env: dict[str, str]) -> str:
        assert env["GNUPGHOME"] == str(tmp_path / "gnupg")
        if "--quick-generate-key" in command:
            keys.append("A" * 40)
        return "".join(f"pub:::\nfpr:::::::::{key}:\n" for key in keys)

    monkeypatch.setattr(inventory, "run", gpg)
    assert [inventory.signing_key()[0] for _ in range(2)] == ["A" * 40] * 2
    assert len(keys) == 1
