"""The windows' texts are collected, translated into each language, and shown in it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, Qt, QTime, QTranslator
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QTimeEdit

from scripts.dev.texts import FOLDER, Text, collect, faults, languages, outputs, update
from tracker.selection.capture import RULES as CAPTURE_RULES
from tracker.selection.input import RULES as INPUT_RULES
from tracker.selection.power import RULES as POWER_RULES
from ui.presenters.formatting import span, substitute
from ui.qt import plain_text
from ui.qt.date_box import DateBox, show_sections
from ui.qt.theme import Theme
from ui.qt.translation import choose_language, install_translation, translate
from ui.settings.settings import LANGUAGE, LANGUAGES
from ui.windows.main.memo_field import MemoField

# One worker extracts and compiles the texts.
pytestmark = pytest.mark.xdist_group("translations")
DAY = "2026-03-09"
ROOT = Path(__file__).resolve().parents[3]
TOOLS = Path(sys.executable).parent


def tool(name: str, *args: str) -> str:
    done = subprocess.run(
        [str(TOOLS / name), *args], capture_output=True, text=True, cwd=ROOT, check=True
    )
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> ET.Element:
    target = tmp_path_factory.mktemp("i18n") / "workdiary_fr.ts"
    update([target], collect())
    return ET.parse(target).getroot()


def test_the_texts_of_every_part_are_found(texts: ET.Element) -> None:
    found = {context.findtext("name") for context in texts.iter("context")}
    assert found == {
        "Closing",
        "Consent",
        "Data",
        "Day",
        "Device",
        "Doctor",
        "Finding",
        "FirstRun",
        "Idle",
        "Manual",
        "Marketplaces",
        "Network",
        "Notice",
        "Notification",
        "Number",
        "Picture",
        "Question",
        "Questions",
        "Quit",
        "Review",
        "Settings",
        "SignOut",
        "Span",
        "Support",
        "Toast",
        "Tray",
        "Update",
        "Week",
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
    update([target], one)
    root = ET.parse(target)
    translation = next(root.getroot().iter("translation"))
    translation.text = "Alles gesendet"
    del translation.attrib["type"]
    root.write(target, encoding="utf-8", xml_declaration=True)
    update([target], [*one, Text("Window", "%n waiting", "", counted=True)])
    found = {
        m.findtext("source"): m.findtext("translation") for m in ET.parse(target).iter("message")
    }
    assert found["All sent"] == "Alles gesendet"
    assert set(found) == {"All sent", "%n waiting"}


def test_the_languages_of_the_windows() -> None:
    assert languages() == ["ar", "de", "en", "es", "pt"]


def test_the_settings_offer_each_language_of_the_windows() -> None:
    assert sorted(LANGUAGES) == languages()
    assert set(LANGUAGE.allowed) == {"system", *languages()}


@pytest.fixture(scope="module")
def catalogues() -> dict[str, bytes]:
    return outputs()


def test_the_committed_catalogues_are_up_to_date(catalogues: dict[str, bytes]) -> None:
    stale = [name for name, data in catalogues.items() if (ROOT / name).read_bytes() != data]
    assert stale == [], "run: make translations"


@pytest.mark.parametrize("language", languages())
def test_every_text_is_translated(catalogues: dict[str, bytes], language: str) -> None:
    assert list(faults(catalogues[f"{FOLDER}/workdiary_{language}.ts"])) == []


@pytest.mark.parametrize(
    ("language", "source", "translation", "fault"),
    [
        ("de", "Start", "<translation></translation>", "not translated"),
        ("de", "Start", "<translation type='unfinished'>Los</translation>", "not translated"),
        ("de", "{n} of {m}", "<translation>{n} von {x}</translation>", "other placeholders"),
        ("de", "{n} of {n}", "<translation>{n} von</translation>", "other placeholders"),
        ("de", "&amp;Start", "<translation>Los</translation>", "other mnemonic"),
        ("de", " memo", "<translation>Memo</translation>", "other spaces"),
        ("de", "%n h", ["%n h", ""], "not translated"),
        ("de", "%n h", ["%n h"], "wrong number of plural forms"),
        ("ar", "%n h", ["%n h", "%n h"], "wrong number of plural forms"),
        ("de", "%n h", ["%n h", "two hours"], "other placeholders"),
        ("ar", "%n h", ["no", "one", "two", "few", "%n h", "%n h"], "other placeholders"),
        ("de", "%n &amp;of {m}", ["one of {m}", "%n &amp;of {m}"], "other mnemonic"),
    ],
)
def test_a_fault_of_a_translation_is_found(
    language: str, source: str, translation: str | list[str], fault: str
) -> None:
    [found] = faults(catalogue_of(language, source, translation))
    assert found.startswith(fault)


@pytest.mark.parametrize(
    ("language", "source", "translation"),
    [
        ("de", "&amp;Start {n}", "<translation>Los&amp;legen {n}</translation>"),
        ("de", "%n h", ["eine Stunde", "%n h"]),
        ("ar", "%n h", ["no", "one", "two", "%n h", "%n h", "%n h"]),
        ("es", "Privacy &amp; Security", "<translation>Privacidad y seguridad</translation>"),
    ],
)
def test_a_correct_translation_has_no_fault(
    language: str, source: str, translation: str | list[str]
) -> None:
    assert list(faults(catalogue_of(language, source, translation))) == []


def catalogue_of(language: str, source: str, translation: str | list[str]) -> bytes:
    """A catalogue with one text."""
    numerus = ""
    if isinstance(translation, list):
        forms = "".join(f"<numerusform>{form}</numerusform>" for form in translation)
        numerus, translation = " numerus='yes'", f"<translation>{forms}</translation>"
    text = f"<message{numerus}><source>{source}</source>{translation}</message>"
    return f"<TS version='2.1' language='{language}'><context>{text}</context></TS>".encode()


@pytest.fixture
def in_language(qapp: QApplication) -> Iterator[None]:
    """Undoes a language: its translations, the direction of the layout, the default locale."""
    before, locale = set(qapp.findChildren(QTranslator)), QLocale()
    yield
    for translator in set(qapp.findChildren(QTranslator)) - before:
        qapp.removeTranslator(translator)
        translator.deleteLater()
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    QLocale.setDefault(locale)


@pytest.mark.usefixtures("in_language")
@pytest.mark.parametrize(
    ("locale", "start", "day", "cancel", "direction"),
    [
        ("de_AT", "&Start", "1\u00a0Tag", "Abbrechen", "LeftToRight"),
        ("es_MX", "&Iniciar", "1\u00a0día", "Cancelar", "LeftToRight"),
        ("pt_BR", "&Iniciar", "1\u00a0dia", "Cancelar", "LeftToRight"),
        ("ar_EG", "&بدء", "يوم واحد", "ألغِ", "RightToLeft"),
        ("en_GB", "&Start", "1\u00a0day", "Cancel", "LeftToRight"),
        # Without a catalogue: English, from left to right.
        ("he_IL", "&Start", "1\u00a0day", "Cancel", "LeftToRight"),
        ("C", "&Start", "1\u00a0day", "Cancel", "LeftToRight"),
    ],
)
def test_the_program_follows_the_persons_language(
    qapp: QApplication, locale: str, start: str, day: str, cancel: str, direction: str
) -> None:
    install_translation(qapp, QLocale(locale))
    assert translate("Window", "&Start") == start
    assert translate("Span", "%n\u00a0days", "days", 1) == day
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    assert box.buttons()[0].text().replace("&", "") == cancel
    assert qapp.layoutDirection() is Qt.LayoutDirection[direction]


@pytest.mark.usefixtures("in_language")
@pytest.mark.parametrize(
    ("language", "start", "monday", "direction"),
    [
        ("ar", "&بدء", "الاثنين", "RightToLeft"),
        ("de", "&Start", "Montag", "LeftToRight"),
        ("en", "&Start", "Monday", "LeftToRight"),
        ("es", "&Iniciar", "lunes", "LeftToRight"),
        ("pt", "&Iniciar", "segunda-feira", "LeftToRight"),
    ],
)
def test_a_chosen_language_replaces_the_systems(
    qapp: QApplication, theme: Theme, language: str, start: str, monday: str, direction: str
) -> None:
    install_translation(qapp, choose_language(language))
    assert translate("Window", "&Start") == start
    assert qapp.layoutDirection() is Qt.LayoutDirection[direction]
    assert QLocale().dayName(1) == monday
    box = DateBox(theme, "Day")
    box.show_date(date(2026, 3, 9), date(2026, 12, 31))
    assert box.text() == DAY


@pytest.mark.usefixtures("in_language")
def test_the_systems_language_leaves_qts_default_as_it_is() -> None:
    before = QLocale()
    assert choose_language("system") == QLocale.system()
    assert QLocale() == before


@pytest.mark.usefixtures("in_language")
@pytest.mark.parametrize(
    ("days", "text"),
    [
        (1, "يوم واحد"),
        (2, "يومين"),
        (3, "3\u00a0أيام"),
        (10, "10\u00a0أيام"),
        (11, "11\u00a0يومًا"),
        (99, "99\u00a0يومًا"),
        (100, "100\u00a0يوم"),
        (103, "103\u00a0أيام"),
    ],
)
def test_arabic_uses_its_plural_forms(qapp: QApplication, days: int, text: str) -> None:
    install_translation(qapp, QLocale("ar"))
    assert translate("Span", "%n\u00a0days", "days", days) == text


@pytest.mark.usefixtures("in_language")
def test_foreign_text_keeps_its_order_in_a_right_to_left_program(qapp: QApplication) -> None:
    install_translation(qapp, QLocale("ar"))
    name, area = plain_text.label("Acme (2)."), plain_text.label("1920,0 640x480")
    assert name.text() == "\u200f\u2068Acme (2).\u2069"
    assert area.text() == "\u200f\u20681920,0 640x480\u2069"
    sentence = substitute(
        translate("Notice", "The contract's terms begin on {from_s}."), from_s=DAY
    )
    assert f"\u2068{DAY}\u2069" in sentence
    # A paragraph that begins with a foreign name runs from right to left all the same.
    assert plain_text.label(f"Acme {sentence}").text().startswith("\u200fAcme ")


@pytest.mark.usefixtures("in_language")
def test_a_field_has_no_marks_of_direction(qapp: QApplication, theme: Theme) -> None:
    install_translation(qapp, QLocale("ar"))
    memo = MemoField(theme)
    memo.show_recent(["Review comments."])
    memo.take(memo._memos.stringList()[0])
    assert memo.text() == "Review comments."


@pytest.mark.usefixtures("in_language")
def test_dates_and_times_are_read_from_left_to_right(qapp: QApplication, theme: Theme) -> None:
    install_translation(qapp, QLocale("ar"))
    box = DateBox(theme, "Day")
    box.show_date(date(2026, 3, 9), date(2026, 12, 31))
    assert box.text() == DAY
    assert box.chosen() == date(2026, 3, 9)
    edit = QTimeEdit()
    show_sections(edit, ("HH", "mm"), ":")
    edit.setTime(QTime(9, 30))
    assert edit.text() == "09:30"


def test_texts_with_a_count_have_plural_forms(texts: ET.Element) -> None:
    without = [
        message.findtext("source")
        for message in texts.iter("message")
        if ("%n" in (message.findtext("source") or "")) != (message.get("numerus") == "yes")
    ]
    assert without == []


def test_no_text_has_an_exclamation_mark_or_a_word_that_the_product_avoids(
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
