"""`workdiary policy`: each setting with its value and source, and the errors of the policy."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from system.i18n import use_language
from ui.cli.main import main
from ui.cli.policy import _SOURCES
from ui.i18n import tr
from ui.settings import settings as settings_module
from ui.settings.policy import sources
from ui.settings.policy.policy import SENTENCES
from ui.settings.settings import LANGUAGE, MASKED_APPLICATIONS, TABLE, Settings, save


@pytest.fixture
def policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A policy that the person who runs the tests may have written."""
    path = tmp_path / "policy.json"
    if os.name != "nt":
        monkeypatch.setattr(sources, "_ADMINISTRATOR", os.getuid())
    monkeypatch.setattr(
        settings_module, "policy_sources", lambda _: (sources.PolicyFile(path, sources.parse_json),)
    )
    return path


def write(path: Path, content: object) -> None:
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    path.chmod(0o644)


def report(base: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    status = main(["policy", "--json", "--base-dir", str(base)])
    captured = capsys.readouterr()
    assert captured.err == ""
    return status, json.loads(captured.out)


def test_each_setting_has_its_value_and_source(
    tmp_path: Path, policy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(
        policy,
        {
            "organisation": "Acme IT",
            "enforced": {"count_input": False, "masked_applications": ["Vault"]},
            "defaults": {"language": "de", "remind_at": ["09:00"]},
        },
    )
    own = Settings().changed(LANGUAGE, "es").changed(MASKED_APPLICATIONS, ("Signal",))
    save(tmp_path / "settings.json", own)
    status, found = report(tmp_path, capsys)
    assert (status, found["ok"], found["errors"]) == (0, True, [])
    assert (found["place"], found["organisation"]) == (str(policy), "Acme IT")
    rows = {row["name"]: row for row in found["settings"]}
    assert list(rows) == [row.name for row in TABLE]
    assert {name: (row["value"], row["source"]) for name, row in rows.items()} == {
        **{row.name: (_json(row.default), "built_in") for row in TABLE},
        "count_input": (False, "enforced"),
        "masked_applications": (["Vault", "Signal"], "enforced"),
        "language": ("es", "user"),
        "remind_at": (["09:00"], "default"),
    }
    assert rows["language"]["default"] == "de"
    assert rows["masked_applications"]["user"] == ["Signal"]
    assert main(["policy", "--base-dir", str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == [f"Policy: {policy}", "Organisation: Acme IT", ""]
    assert [line.split()[0] for line in lines[3:]] == [row.name for row in TABLE]
    assert [line for line in lines if line.endswith("default policy")] == [
        line for line in lines if line.startswith("remind_at")
    ]


def _json(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def test_a_computer_without_a_policy_has_no_errors(
    tmp_path: Path, policy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, found = report(tmp_path / "none", capsys)
    assert (status, found["ok"], found["place"]) == (0, True, None)
    assert {row["source"] for row in found["settings"]} == {"built_in"}
    assert main(["policy", "--base-dir", str(tmp_path / "none")]) == 0
    assert capsys.readouterr().out.startswith("This computer has no policy.\n\nlanguage ")
    assert not (tmp_path / "none").exists()


@pytest.mark.expected_logs("policy:")
def test_errors_are_listed_and_end_with_status_1(
    tmp_path: Path, policy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(policy, {"enforced": {"theme": "dark", "count_input": True, "masked_regions": 7}})
    status, found = report(tmp_path, capsys)
    assert (status, found["ok"]) == (1, False)
    assert [(error["code"], error["name"]) for error in found["errors"]] == [
        ("unknown_setting", "enforced.theme"),
        ("not_allowed", "enforced.count_input"),
        ("invalid_value", "enforced.masked_regions"),
    ]
    assert main(["policy", "--base-dir", str(tmp_path)]) == 1
    captured = capsys.readouterr()
    assert captured.err.splitlines() == [
        f"{policy}: enforced.theme cannot be set by a policy; it is ignored.",
        f"{policy}: A policy may not set enforced.count_input to this value; it is ignored.",
        f"{policy}: The value of enforced.masked_regions is not valid.",
    ]


@pytest.mark.expected_logs("policy:")
@pytest.mark.parametrize("content", ["", "[]", '{"enforced": 1}', "\x1b[2J"])
def test_a_malformed_policy_restricts(
    tmp_path: Path, policy: Path, capsys: pytest.CaptureFixture[str], content: str
) -> None:
    write(policy, content)
    status, found = report(tmp_path, capsys)
    assert status == 1
    [error] = found["errors"]
    assert (error["code"], error["name"], error["place"]) == ("malformed", None, str(policy))
    values = {row["name"]: row["value"] for row in found["settings"]}
    assert (values["count_input"], values["pictures_show"]) == (False, "pointer")


@pytest.mark.expected_logs("policy:")
def test_a_hostile_value_is_printed_as_text(
    tmp_path: Path, policy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(policy, {"organisation": "\x1b[2J", "enforced": {"masked_applications": ["\u202ex" * 9]}})
    main(["policy", "--base-dir", str(tmp_path)])
    captured = capsys.readouterr()
    assert "\x1b" not in captured.out + captured.err
    assert "\u202e" not in captured.out + captured.err


def test_every_text_has_a_translation() -> None:
    texts = [*SENTENCES.values(), *_SOURCES.values()]
    with use_language("de"):
        assert [text for text in texts if tr(text) == text] == []
