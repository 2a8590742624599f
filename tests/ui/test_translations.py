"""Translators get every text: lupdate finds them, and a translation is used."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PySide6.QtCore import QCoreApplication, QTranslator

from ui.presenters.words import span
from ui.qtwords import translate

ROOT = Path(__file__).resolve().parents[2]
TOOLS = Path(sys.executable).parent


def tool(name: str, *args: str) -> str:
    done = subprocess.run(
        [str(TOOLS / name), *args], capture_output=True, text=True, cwd=ROOT, check=True
    )
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> ET.Element:
    target = tmp_path_factory.mktemp("i18n") / "workdiary.ts"
    sources = [str(path) for path in sorted((ROOT / "ui").rglob("*.py"))]
    said = tool("pyside6-lupdate", *sources, "-ts", str(target))
    assert "warning" not in said.lower(), said
    return ET.parse(target).getroot()


def test_lupdate_finds_the_texts_of_every_part(texts: ET.Element) -> None:
    found = {context.findtext("name") for context in texts.iter("context")}
    assert found == {
        "Consent", "Notice", "Picture", "Quit", "Settings", "Span", "Toast", "Tray", "Window"
    }  # fmt: skip


def test_texts_with_a_count_have_plural_forms(texts: ET.Element) -> None:
    without = [
        message.findtext("source")
        for message in texts.iter("message")
        if ("%n" in (message.findtext("source") or "")) != (message.get("numerus") == "yes")
    ]
    assert without == []


def test_no_text_shouts_or_uses_a_word_that_the_product_does_not(
    texts: ET.Element,
) -> None:
    said = [message.findtext("source") or "" for message in texts.iter("message")]
    banned = ("!", "fraud", "suspicious", "employee", "monitoring")
    assert [text for text in said if any(word in text.lower() for word in banned)] == []


def test_a_translation_is_used_with_its_plural_forms(
    qapp: QCoreApplication, tmp_path: Path
) -> None:
    source, compiled = tmp_path / "workdiary_pl.ts", tmp_path / "workdiary_pl.qm"
    source.write_text(
        """<?xml version="1.0" encoding="utf-8"?><!DOCTYPE TS>
        <TS version="2.1" language="pl_PL"><context><name>Span</name>
        <message numerus="yes"><source>%n\u00a0min</source><comment>minutes</comment><translation>
        <numerusform>%n minuta</numerusform><numerusform>%n minuty</numerusform>
        <numerusform>%n minut</numerusform></translation></message></context></TS>""",
        encoding="utf-8",
    )
    tool("pyside6-lrelease", str(source), "-qm", str(compiled))
    translator = QTranslator()
    assert translator.load(str(compiled))
    QCoreApplication.installTranslator(translator)
    try:
        said = [span(minutes * 60, translate) for minutes in (1, 2, 5)]
    finally:
        QCoreApplication.removeTranslator(translator)
    assert said == ["1 minuta", "2 minuty", "5 minut"]
