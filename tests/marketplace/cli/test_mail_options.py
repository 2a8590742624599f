"""The options of the mail server."""

from __future__ import annotations

from pathlib import Path

import pytest

from marketplace.cli import main


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--smtp-host", "mail.example"], "--mail-from"),
        (["--smtp-host", "mail.example", "--mail-from", "x"], "not the e-mail address"),
        (
            ["--smtp-host", "m.example", "--mail-from", "a@b.example", "--smtp-security", "none"],
            "Mail without TLS",
        ),
        (
            ["--smtp-host", "mail.example", "--mail-from", "a@b.example", "--smtp-user", "x"],
            "belong together",
        ),
    ],
)
def test_wrong_options_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], words: str
) -> None:
    assert main(["serve", "--data-dir", str(tmp_path / "data"), "--example", *options]) == 2
    assert words in capsys.readouterr().err
    assert not (tmp_path / "data").exists()


def test_the_password_comes_from_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--smtp-host", "mail.example", "--mail-from", "a@b.example", "--smtp-user", "x"]
    missing = str(tmp_path / "missing")
    command = ["serve", "--data-dir", str(tmp_path / "data"), "--example", *options]
    assert main([*command, "--smtp-password-file", missing]) == 2
    assert "missing" in capsys.readouterr().err
