"""Write the catalogues of the translations: extract the messages, update and compile each file.

    python -m scripts.dev.translations          update what exists
    python -m scripts.dev.translations fr       begin a language as well

Each package in `PACKAGES` has its catalogues in `<package>/locale/<language>/LC_MESSAGES/`. The
compiled files are committed, so that an installation needs no build step. The offline verifier page
gets its texts as a JavaScript module. A test compares these files with what `outputs()` returns.
The desktop's windows have catalogues of Qt Linguist (`scripts/dev/texts.py`).
"""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import BinaryIO

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from scripts.dev import texts

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("diary", "marketplace", "ui")
#: The packages whose texts a package's catalogue contains, if not only its own.
SOURCES = {"ui": ("ui", "uploader", "tracker", "system")}
#: `tr` and `trn` translate, `mark` only marks a text for the catalogue.
KEYWORDS = {**DEFAULT_KEYWORDS, "tr": None, "trn": (1, 2), "mark": None}
#: Qt translates these texts in the windows, and the catalogue of `ui` in the command, which looks
#: them up without Qt's context.
QT_KEYWORDS = {"QT_TRANSLATE_NOOP": (2,), "translate": (2,)}
SHARED_WITH_QT = ("ui/presenters/diagnostics.py", "uploader/", "tracker/")
#: The texts of the verifier page, from the catalogue of `diary`.
JAVASCRIPT = "diary/js/page/catalogues.js"
_PLACEHOLDER = re.compile(r"%\((\w+)\)0?\d*([a-z])|\{(\w+)\}")
_WIDTH = 110


def template(package: str) -> Catalog:
    """All messages of a package, untranslated."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    found = Catalog()
    for source, qt in product(SOURCES.get(package, (package,)), (False, True)):
        if qt and package not in SOURCES:
            continue
        keywords = QT_KEYWORDS if qt else KEYWORDS
        for name, _, message, comments, context in extract_from_dir(
            ROOT / source, methods, options, keywords, comment_tags=("Translators:",)
        ):
            place = f"{source}/{Path(name).as_posix()}"
            if not qt or place.startswith(SHARED_WITH_QT):
                found.add(message, None, [(place, 0)], auto_comments=comments, context=context)
    return found


def extract_html(
    file: BinaryIO, *_: object, **__: object
) -> Iterator[tuple[int, None, str, list[str]]]:
    """Babel's extractor for a page without a template: the text of each element with `data-tr`."""
    source = file.read().decode()
    for match in re.finditer(r"<[^<>]*\sdata-tr\b[^<>]*>([^<>]+)<", source):
        yield source.count("\n", 0, match.start()) + 1, None, match[1], []


def languages(package: str) -> list[str]:
    """The languages that a package has a catalogue of, as locale names."""
    return sorted(path.parent.parent.name for path in _folder(package).glob("*/LC_MESSAGES/*.po"))


def catalogue(package: str, language: str) -> Catalog:
    """The catalogue of a language as it was committed; an empty one for a new language."""
    path = ROOT / _po(package, language)
    if not path.exists():
        return Catalog(locale=language, project="Workdiary", version="1", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language, domain=package)


def updated(package: str, language: str) -> Catalog:
    """The committed catalogue with the present messages. A similar former one becomes fuzzy."""
    found = catalogue(package, language)
    # With a new date, an unchanged catalogue would change with each run.
    found.update(template(package), update_creation_date=False)
    return found


def faults(found: Catalog) -> Iterator[str]:
    """The missing and wrong messages of a catalogue, one sentence for each."""
    for message in found:
        if not message.id:
            continue
        originals, texts = _forms(message.id), _forms(message.string)
        wanted = placeholders(originals[-1])
        # Arabic has forms for exactly 0, 1 and 2, which give the number in words.
        one_number = message.pluralizable and found.num_plurals == 6
        spelled = [one_number and index < 3 for index in range(len(texts))]
        if message.fuzzy or not all(texts):
            yield f"not translated: {originals[0]!r}"
        elif len(texts) != (found.num_plurals if message.pluralizable else 1):
            yield f"wrong number of plural forms: {originals[0]!r}"
        elif any(
            not placeholders(text) <= wanted if words else placeholders(text) != wanted
            for text, words in zip(texts, spelled, strict=False)
        ):
            yield f"other placeholders: {originals[0]!r}"


def placeholders(text: str) -> set[str]:
    """The placeholders of a text, with the conversion of `%` formats."""
    return {match[0] for match in _PLACEHOLDER.finditer(text)}


def outputs(*new: str) -> dict[str, bytes]:
    """The contents of each file, by its path from the root; `new` are languages to begin."""
    made: dict[str, bytes] = {}
    for package in PACKAGES:
        for language in sorted({*languages(package), *new}):
            found = updated(package, language)
            made[_po(package, language)] = _written(found)
            compiled = io.BytesIO()
            write_mo(compiled, found)
            made[_po(package, language).removesuffix("po") + "mo"] = compiled.getvalue()
    made[JAVASCRIPT] = _javascript().encode()
    return made


def _written(found: Catalog) -> bytes:
    text = io.BytesIO()
    write_po(
        text, found, width=_WIDTH, sort_by_file=True, include_lineno=False, ignore_obsolete=True
    )
    return text.getvalue()


def _javascript() -> str:
    """The messages of the JavaScript modules and the finding codes, in all languages but Arabic.

    The page has one plural form for 1 and one for all other numbers. That is correct in German,
    Portuguese and Spanish, whose third form is for whole millions, but not in Arabic.
    """
    texts = {}
    for language in languages("diary"):
        found = updated("diary", language)
        if found.num_plurals > 3:
            continue
        texts[language.replace("_", "-")] = {
            original: text
            for message in found
            if message.id and not message.fuzzy and _is_shown_by_javascript(message)
            for original, text in zip(
                _forms(message.id), _first_and_last(_forms(message.string)), strict=True
            )
            if text
        }
    made = json.dumps(texts, ensure_ascii=False, indent=1, sort_keys=True)
    return (
        "// The page's texts in other languages, by the English text.\n"
        "// Made from diary/locale/ by `make translations`; edit those files instead.\n"
        "// Longer than 420 lines: one line for each text and language.\n\n"
        "/** @type {Record<string, Record<string, string>>} */\n"
        f"export const CATALOGUES = {made};\n"
    )


def _first_and_last(texts: list[str]) -> list[str]:
    return texts if len(texts) == 1 else [texts[0], texts[-1]]


def _is_shown_by_javascript(message: Message) -> bool:
    return any(
        place.endswith((".js", ".html", "/finding_codes.py")) for place, _ in message.locations
    )


def _forms(text: object) -> list[str]:
    return [str(form) for form in text] if isinstance(text, list | tuple) else [str(text)]


def _folder(package: str) -> Path:
    return ROOT / package / "locale"


def _po(package: str, language: str) -> str:
    return f"{package}/locale/{language}/LC_MESSAGES/{package}.po"


def main(arguments: list[str]) -> int:
    """Write the files and list what translators have to do. Returns 1 if there is any such work."""
    windows = texts.outputs(*arguments)
    for name, data in {**outputs(*arguments), **windows}.items():
        path = ROOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    found = [
        f"{_po(package, language)}: {fault}"
        for package in PACKAGES
        for language in languages(package)
        for fault in faults(catalogue(package, language))
    ]
    found += [
        f"{name}: {fault}"
        for name, data in windows.items()
        if name.endswith(".ts")
        for fault in texts.faults(data)
    ]
    print("\n".join(found) or "translations: complete")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
