"""The Qt Linguist catalogues of the desktop program: `assets/i18n/workdiary_*.ts` and `.qm`.

`make translations` updates them through `outputs()`. Python's own parser finds the calls, which are
passed to lupdate as C++: lupdate's parser of Python accepts only a literal number as a count (seen
in PySide6 6.10 and 6.11), and drops other texts. English has a catalogue for its plural forms only.
"""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).resolve().parents[2]
_CLIENT = (ROOT / "ui", ROOT / "uploader", ROOT / "tracker")
_NAMES = {"translate", "QT_TRANSLATE_NOOP"}
#: The catalogues, compiled ones beside their sources.
FOLDER = "assets/i18n"
_SOURCE = "en"
#: Plural forms by language, 2 for the others; in the second table those of one number only, such as
#: the dual, which may write the number as a word.
_FORMS, _SINGLES = {"ar": 6}, {"ar": 3}
_PLACEHOLDER = re.compile(r"%n|\{\w+\}")
_MNEMONIC = re.compile(r"&(?=\w)")


@dataclass(frozen=True)
class Text:
    """One text for translators; `counted` ones have plural forms."""

    context: str
    source: str
    comment: str
    counted: bool


def collect(*folders: Path) -> list[Text]:
    """The texts of the modules below `folders` (by default of the client), sorted and unique.

    Raises ValueError for a call whose context or text is not a literal.
    """
    found: set[Text] = set()
    for path in sorted(path for folder in folders or _CLIENT for path in folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _name(node) in _NAMES and len(node.args) > 1:
                found |= set(_texts(node, path))
    return sorted(found, key=lambda text: (text.context, text.source, text.comment))


def _name(call: ast.Call) -> str:
    return getattr(call.func, "id", "") or getattr(call.func, "attr", "")


def _texts(call: ast.Call, path: Path) -> Iterator[Text]:
    literals = [arg.value if isinstance(arg, ast.Constant) else None for arg in call.args]
    context, source, *rest = literals
    if isinstance(context, str) and isinstance(source, str):
        comment = rest[0] if rest and isinstance(rest[0], str) else ""
        yield Text(context, source, comment, counted="%n" in source)
    elif context is not None or source is not None or not isinstance(call.args[0], ast.Name):
        # Names for both: the text was marked where it is written.
        raise ValueError(f"{path}:{call.lineno}: a text that is not a literal")


def languages() -> list[str]:
    """The languages that have a catalogue."""
    return sorted(_language(path) for path in (ROOT / FOLDER).glob("*.ts"))


def outputs(*new: str) -> dict[str, bytes]:
    """The contents of each catalogue, by its path from the root; `new` are languages to begin."""
    made: dict[str, bytes] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        targets = [folder / f"workdiary_{each}.ts" for each in sorted({*languages(), *new})]
        for target in targets:
            committed = ROOT / FOLDER / target.name
            if committed.exists():
                shutil.copyfile(committed, target)
        update(targets, collect())
        for target in targets:
            compiled = target.with_suffix(".qm")
            _tool("lrelease", "-silent", target, "-qm", compiled)
            for path in (target, compiled):
                made[f"{FOLDER}/{path.name}"] = path.read_bytes()
    return made


def update(targets: list[Path], texts: list[Text]) -> None:
    """Run lupdate over the texts; each target is created, or keeps its translations."""
    lines = [
        f"QCoreApplication::translate({_c(t.context)}, {_c(t.source)}, {_c(t.comment)}"
        + (", n);" if t.counted else ");")
        for t in texts
    ]
    with tempfile.TemporaryDirectory() as folder:
        stub = Path(folder) / "texts.cpp"
        stub.write_text("\n".join(["void texts(int n) {", *lines, "}", ""]), encoding="utf-8")
        for target in targets:
            language = _language(target)
            scope = ["-pluralonly"] if language == _SOURCE else []
            form = ["-source-language", _SOURCE, "-target-language", language]
            options = ["-silent", "-no-obsolete", "-locations", "none", *form, *scope]
            _tool("lupdate", *options, stub, "-ts", target)


def faults(catalogue: bytes) -> Iterator[str]:
    """The missing and wrong texts of a `.ts` file, one sentence for each."""
    root = ET.fromstring(catalogue)  # noqa: S314 - a file of this repository
    language = root.get("language", "")
    for message in root.iter("message"):
        source = message.findtext("source", "")
        counted = message.get("numerus") == "yes"
        forms = [form.text or "" for form in message.iter("numerusform")]
        texts = forms if counted else [message.findtext("translation", "")]
        if message.find("translation[@type]") is not None or not all(texts):
            yield f"not translated: {source!r}"
        elif counted and len(texts) != _FORMS.get(language, 2):
            yield f"wrong number of plural forms: {source!r}"
        elif any(
            _placeholders(text, index < _SINGLES.get(language, 1) and counted)
            != _placeholders(source, index < _SINGLES.get(language, 1) and counted)
            for index, text in enumerate(texts)
        ):
            yield f"other placeholders: {source!r}"
        elif any(len(_MNEMONIC.findall(text)) != len(_MNEMONIC.findall(source)) for text in texts):
            yield f"other mnemonic: {source!r}"
        elif any(_edges(text) != _edges(source) for text in texts):
            yield f"other spaces or lines: {source!r}"


def _placeholders(text: str, single: bool) -> list[str]:
    """The placeholders of a text; in the form of a `single` number `%n` may be missing."""
    found = sorted(_PLACEHOLDER.findall(text))
    return [each for each in found if not (single and each == "%n")]


def _edges(text: str) -> tuple[bool, bool, int]:
    """Whether a text begins and ends with a space, and the number of its lines."""
    return text.startswith(" "), text.endswith(" "), text.count("\n")


def _language(path: Path) -> str:
    return path.stem.removeprefix("workdiary_")


def _tool(name: str, *arguments: str | Path) -> None:
    program = Path(sys.executable).with_name(f"pyside6-{name}")
    subprocess.run([program, *arguments], check=True)


def _c(text: str) -> str:
    """A C++ string literal."""
    return json.dumps(text, ensure_ascii=False)
