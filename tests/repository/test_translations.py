"""The catalogues have every message of the source, translated, and are compiled."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from scripts.dev import texts, translations
from scripts.dev.translations import PACKAGES, ROOT, faults, placeholders
from system.i18n import Catalogue, use_language

LANGUAGES = [(package, name) for package in PACKAGES for name in translations.languages(package)]


def test_the_committed_files_are_up_to_date() -> None:
    stale = [
        name
        for name, data in translations.outputs().items()
        if not (ROOT / name).exists() or (ROOT / name).read_bytes() != data
    ]
    assert stale == [], "run: make translations"


@pytest.mark.parametrize(("package", "language"), LANGUAGES)
def test_every_message_is_translated(package: str, language: str) -> None:
    assert list(faults(translations.updated(package, language))) == []


def test_the_pages_have_the_languages_of_the_sentences_that_they_show() -> None:
    languages = Catalogue("marketplace").languages()
    assert languages == Catalogue("diary").languages()
    assert languages[0] == "en"
    assert set(Catalogue("ui").languages()) <= set(languages)


def test_the_pages_have_the_languages_of_the_windows() -> None:
    assert set(Catalogue("marketplace").languages()) == set(texts.languages())


def german(entry: str) -> Catalog:
    head = 'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
    return read_po(io.BytesIO((head + entry).encode()), locale="de")


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ('msgid "a"\nmsgstr ""\n', "not translated"),
        ('#, fuzzy\nmsgid "a"\nmsgstr "b"\n', "not translated"),
        ('msgid "a"\nmsgid_plural "b"\nmsgstr[0] "c"\nmsgstr[1] ""\n', "not translated"),
        ('msgid "%(n)d a"\nmsgstr "b"\n', "other placeholders"),
        ('msgid "%(n)d a"\nmsgstr "%(n)s b"\n', "other placeholders"),
        ('msgid "{n} a"\nmsgstr "{m} b"\n', "other placeholders"),
        (
            'msgid "{n} a"\nmsgid_plural "{n} b"\nmsgstr[0] "c"\nmsgstr[1] "{n} d"\n',
            "other placeholders",
        ),
    ],
)
def test_a_fault_of_a_catalogue_is_found(entry: str, fault: str) -> None:
    (found,) = faults(german(entry))
    assert found.startswith(fault)


def arabic(*forms: str) -> Catalog:
    head = 'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=6; plural=(n != 1);\\n"\n\n'
    translated = "".join(f'msgstr[{index}] "{form}"\n' for index, form in enumerate(forms))
    entry = f'msgid "{{n}} a"\nmsgid_plural "{{n}} b"\n{translated}'
    return read_po(io.BytesIO((head + entry).encode()), locale="ar")


def test_an_arabic_form_for_one_number_may_give_it_in_words() -> None:
    assert list(faults(arabic("no", "one", "two", "{n} c", "{n} d", "{n} e"))) == []


@pytest.mark.parametrize(
    ("forms", "fault"),
    [
        (("no", "one", "two", "three", "{n} d", "{n} e"), "other placeholders"),
        (("no", "{m}", "two", "{n} c", "{n} d", "{n} e"), "other placeholders"),
    ],
)
def test_a_fault_of_an_arabic_plural_is_found(forms: tuple[str, ...], fault: str) -> None:
    (found,) = faults(arabic(*forms))
    assert found.startswith(fault)


def test_a_correct_message_has_no_fault() -> None:
    entry = 'msgid "{n} a"\nmsgid_plural "{n} b"\nmsgstr[0] "{n} c"\nmsgstr[1] "{n} d"\n'
    assert list(faults(german(entry))) == []
    assert placeholders("%(hours)d h %(minutes)02d of {limit}, 5 %") == {
        "%(hours)d",
        "%(minutes)02d",
        "{limit}",
    }


@pytest.mark.parametrize(
    ("name", "source", "message"),
    [
        ("x.py", 'tr("One text")', "One text"),
        ("x.py", 'TABLE = {"a": mark("Two texts")}', "Two texts"),
        ("x.py", 'trn("%(n)d text", "%(n)d texts", n)', ("%(n)d text", "%(n)d texts")),
        ("pages/templates/x.html", "{{ _('Three texts') }}", "Three texts"),
        ("pages/templates/x.html", "{% trans %}\n  Four\n  texts{% endtrans %}", "Four texts"),
        ("js/page/x.js", 'tr("Five {n}" +\n  " texts", { n })', "Five {n} texts"),
        ("js/page/x.html", "<p class=a data-tr>Six texts</p><p>no</p>", "Six texts"),
    ],
)
def test_each_kind_of_source_is_extracted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, source: str, message: object
) -> None:
    file = tmp_path / "package" / name
    file.parent.mkdir(parents=True)
    file.write_text(source, encoding="utf-8")
    (tmp_path / "babel.cfg").write_bytes((ROOT / "babel.cfg").read_bytes())
    monkeypatch.setattr(translations, "ROOT", tmp_path)
    assert [each.id for each in translations.template("package") if each.id] == [message]


_CALL = re.compile(r'\b(?:tr|trn|mark)\(\s*"((?:[^"\\]|\\.)*)"')


def test_no_text_of_the_page_escapes_the_extraction() -> None:
    """Babel's reader of JavaScript misses a call among the arguments of another call."""
    page = ROOT / "diary" / "js" / "page"
    found = {
        _first(message.id)
        for message in translations.template("diary")
        if any(place.startswith("diary/js/") for place, _ in message.locations)
    }
    missing = [
        (file.name, text)
        for file in page.glob("*.js")
        for text in _CALL.findall(file.read_text(encoding="utf-8"))
        if not any(each.startswith(text) for each in found)
    ]
    assert len(found) > 50
    assert missing == []


def _first(message: str | tuple[str, ...] | list[str]) -> str:
    return message if isinstance(message, str) else message[0]


def test_the_catalogue_of_the_pages_has_the_sentences_of_the_diary() -> None:
    pages = Catalogue("marketplace", base=Catalogue("diary"))
    with use_language("de"):
        assert (
            pages.gettext("A picture was due and is missing.") == "Ein Bild war fällig und fehlt."
        )
        assert pages.ngettext("%(count)s picture", "%(count)s pictures", 2) == "%(count)s Bilder"
        assert pages.gettext("no such message") == "no such message"
    assert Catalogue("marketplace").gettext("Sign in") == "Sign in"


def test_the_wheel_holds_the_compiled_catalogues(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.iterdir()
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if name.endswith((".mo", ".qm", ".ts"))}
    assert held == {
        *(f"{package}/locale/{name}/LC_MESSAGES/{package}.mo" for package, name in LANGUAGES),
        *(f"{texts.FOLDER}/workdiary_{name}.qm" for name in texts.languages()),
    }
