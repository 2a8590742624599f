"""Translators get every text: the collector finds them, and a translation is used."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PySide6.QtCore import QCoreApplication, QTranslator

from scripts.dev.texts import Text, collect, update
from tracker.selection.capture import RULES as CAPTURE_RULES
from tracker.selection.input import RULES as INPUT_RULES
from tracker.selection.power import RULES as POWER_RULES
from ui.presenters.formatting import span
from ui.qt.translation import translate

ROOT = Path(__file__).resolve().parents[3]
TOOLS = Path(sys.executable).parent


def tool(name: str, *args: str) -> str:
    done = subprocess.run(
        [str(TOOLS / name), *args], capture_output=True, text=True, cwd=ROOT, check=True
    )
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> ET.Element:
    target = tmp_path_factory.mktemp("i18n") / "workdiary.ts"
    update([str(target)], collect())
    return ET.parse(target).getroot()


def test_the_texts_of_every_part_are_found(texts: ET.Element) -> None:
    found = {context.findtext("name") for context in texts.iter("context")}
    assert found == {
        "Closing",
        "Consent",
        "Day",
        "Device",
        "Doctor",
        "Finding",
        "FirstRun",
        "Idle",
        "Manual",
        "Notice",
        "Notification",
        "Picture",
        "Question",
        "Quit",
        "Review",
        "Settings",
        "SignOut",
        "Span",
        "Toast",
        "Tray",
        "Window",
    }


def test_the_sentences_of_the_selection_tables_are_found(texts: ET.Element) -> None:
    [doctor] = [each for each in texts.iter("context") if each.findtext("name") == "Doctor"]
    found = {message.findtext("source") for message in doctor.iter("message")}
    for reasons in (
        {rule.reason for rule in CAPTURE_RULES},
        {rule.reason for rule in INPUT_RULES},
        {rule.reason for rule in POWER_RULES},
    ):
        assert reasons <= found


@pytest.mark.parametrize(
    "call", ['translate("Page", "Hello " + name)', 'translate(_CONTEXT, "Hello")']
)
def test_a_text_that_is_put_together_is_refused(tmp_path: Path, call: str) -> None:
    (tmp_path / "page.py").write_text(f"{call}\n")
    with pytest.raises(ValueError, match=r"page\.py:1"):
        collect(tmp_path)


def test_a_second_update_keeps_what_was_translated(tmp_path: Path) -> None:
    target = tmp_path / "workdiary_de.ts"
    one = [Text("Window", "All sent", "", counted=False)]
    update([str(target)], one)
    root = ET.parse(target)
    translation = next(root.getroot().iter("translation"))
    translation.text = "Alles gesendet"
    del translation.attrib["type"]
    root.write(target, encoding="utf-8", xml_declaration=True)
    update([str(target)], [*one, Text("Window", "%n waiting", "", counted=True)])
    found = {
        m.findtext("source"): m.findtext("translation") for m in ET.parse(target).iter("message")
    }
    assert found["All sent"] == "Alles gesendet"
    assert set(found) == {"All sent", "%n waiting"}


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
    sources = [message.findtext("source") or "" for message in texts.iter("message")]
    # The name of a page of macOS's settings.
    sentences = [source.replace("Input Monitoring", "") for source in sources]
    banned = ("!", "fraud", "suspicious", "employee", "monitoring")
    assert [text for text in sentences if any(word in text.lower() for word in banned)] == []


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
        sentences = [span(minutes * 60, translate) for minutes in (1, 2, 5)]
    finally:
        QCoreApplication.removeTranslator(translator)
    assert sentences == ["1 minuta", "2 minuty", "5 minut"]
