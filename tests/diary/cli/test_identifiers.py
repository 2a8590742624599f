"""Identifiers that begin with a hyphen, as values on the command line."""

from __future__ import annotations

import pytest

from diary.cli.output import CommandParser


def parser() -> CommandParser:
    made = CommandParser(prog="command")
    commands = made.add_subparsers(required=True)
    stop = commands.add_parser("stop")
    stop.add_argument("device")
    stop.add_argument("--contract")
    stop.add_argument("--quiet", action="store_true")
    return made


@pytest.mark.parametrize("device", ["-" + "a" * 42, "--" + "_" * 41, "-7" + "B" * 41, "-1"])
def test_an_identifier_with_a_hyphen_is_a_value(device: str) -> None:
    options = parser().parse_args(["stop", device, "--contract", "-" + "Z" * 21, "--quiet"])
    assert (options.device, options.contract, options.quiet) == (device, "-" + "Z" * 21, True)


@pytest.mark.parametrize("word", ["-x", "--unknown", "--contracts-of-that-name", "-" + "a" * 40])
def test_another_word_with_a_hyphen_is_an_option(
    word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        parser().parse_args(["stop", "x", word])
    assert ended.value.code == 2
    assert "unrecognized arguments" in capsys.readouterr().err
