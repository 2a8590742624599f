"""The language of the `workdiary` command."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from system.i18n import use_language
from tests.repository.tree import ROOT
from tracker.selection import capture, power
from tracker.selection import input as input_selection
from ui.cli.export import _missing
from ui.cli.main import _DONE, _parser, main
from ui.i18n import error_text, problem_text, tr
from ui.presenters.diagnostics import _SENTENCES, _TITLES
from uploader.errors import Problem, StoreError
from uploader.export.bundle import ExportSummary

# Names and units: the same word in both languages.
UNCHANGED = {"Desktop", "Workdiary {workdiary}, Python {python}, Qt {qt}, {system}."}


@pytest.fixture
def german() -> Iterator[None]:
    with use_language("de"):
        yield


def helps(parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from (choice.help or "" for choice in action._choices_actions)
            for command in action.choices.values():
                yield from helps(command)
        elif not isinstance(action, argparse._HelpAction) and action.help != argparse.SUPPRESS:
            yield action.help or ""


def test_the_help_of_each_command_and_option_is_translated() -> None:
    english = list(helps(_parser()))
    with use_language("de"):
        translated = list(helps(_parser()))
        description = _parser().description
    assert len(english) > 20
    assert all(english)
    pairs = zip(english, translated, strict=True)
    assert {one for one, other in pairs if one == other} <= {argparse.SUPPRESS}
    assert description == "Ein Arbeitstagebuch im Infobereich des Desktops."


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["status", "--base-dir", "{none}"], 1, "workdiary: kein Datenordner gefunden: {none}\n"),
        (["run", "--marketplace", "ftp://x"], 2, "keine Web-Adresse: ftp://x\n"),
        (["export", "--contract", "x"], 2, "die Kennung eines Vertrags hat 22 Buchstaben"),
        (["export", "--week", "x"], 2, "eine Woche wird wie 2026-W48 geschrieben\n"),
        (
            [
                "export",
                "--week",
                "2026-W48",
                "-o",
                "x",
                "--base-dir",
                "{none}",
                "--contract",
                "cccccccccccccccccccccc",
            ],
            1,
            "workdiary: In {none} gibt es kein Tagebuch.\n",
        ),
    ],
)
def test_an_error_is_in_the_language_of_the_reader(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    status: int,
    message: str,
) -> None:
    none = str(tmp_path / "none")
    argv = [argument.format(none=none) for argument in arguments]
    try:
        ended = main(argv)
    except SystemExit as error:  # argparse
        ended = int(error.code or 0)
    assert ended == status
    assert message.format(none=none) in capsys.readouterr().err


@pytest.mark.usefixtures("german")
def test_the_missing_parts_of_an_export_have_plural_forms() -> None:
    contents = ExportSummary(segments=1, waiting=1, damaged=2, beacons=0, terms=0, pictures=1)
    assert list(_missing(contents)) == [
        "1 Segment fehlt, da es noch nicht im Log ist.",
        "2 beschädigte Dateien wurden ausgelassen.",
        "1 Bild fehlt im Ordner.",
    ]


@pytest.mark.usefixtures("german")
def test_a_problem_keeps_its_untranslated_detail() -> None:
    error = StoreError(Problem.DISK_FULL, "No space left on device\x1b[2J")
    assert error_text(error) == (
        "Der Datenträger ist voll. Die bisher erfasste Arbeit ist gespeichert. Schaffen Sie Platz, "
        "und starten Sie neu. (No space left on device\ufffd[2J)"
    )
    assert str(error).startswith("The disk is full.")


@pytest.mark.usefixtures("german")
def test_every_text_of_the_command_has_a_translation() -> None:
    texts = {
        *(rule.reason for rule in capture.RULES),
        *(rule.reason for rule in input_selection.RULES),
        *(rule.reason for rule in power.RULES),
        *_SENTENCES.values(),
        *_TITLES.values(),
        *_DONE.values(),
        input_selection.SWITCHED_OFF,
        *(problem.sentence for problem in Problem),
        *(problem.advice for problem in Problem if problem.advice),
    }
    assert {text for text in texts if tr(text) == text} == UNCHANGED
    assert all(problem_text(problem) != problem.text for problem in Problem)


def test_the_diagnostics_are_a_german_table_and_english_json(tmp_path: Path) -> None:
    """Without a display, so that the reason of a desktop that cannot be opened is among them."""
    environ = {
        **{name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ},
        "HOME": str(tmp_path),
        "LANG": "C.UTF-8",
        "LANGUAGE": "de",
        "DISPLAY": ":no-such-display",
        "XDG_SESSION_TYPE": "x11",
        "DBUS_SESSION_BUS_ADDRESS": "unix:path=/no/such/bus",
    }

    def run(*arguments: str) -> str:
        return subprocess.run(
            [sys.executable, "-m", "ui.cli.main", "doctor", *arguments],
            env=environ,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        ).stdout

    shown = run()
    assert "Der Desktop kann nicht geöffnet werden: " in shown
    assert "Die Uhren sind lesbar." in shown
    report = {one["check"]: one for one in json.loads(run("--json"))["checks"]}
    assert report["session"]["code"] == "cannot_open"
    assert report["session"]["words"].startswith("The desktop cannot be opened: ")
    assert report["clocks"]["words"] == "Clocks are readable."
