"""Collects the texts of the tray program for its translators.

    python -m scripts.dev.texts FILE.ts [FILE.ts ...]

Creates each Qt Linguist file, or updates it and keeps its translations. Python's own parser finds
the calls, which are passed to lupdate as C++: lupdate's parser of Python accepts only a literal
number as a count (seen in PySide6 6.10 and 6.11), and drops other texts.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_CLIENT = (ROOT / "ui", ROOT / "uploader", ROOT / "tracker")
_NAMES = {"translate", "QT_TRANSLATE_NOOP"}


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


def update(targets: list[str], texts: list[Text]) -> None:
    """Run lupdate over the texts."""
    lines = [
        f"QCoreApplication::translate({_c(t.context)}, {_c(t.source)}, {_c(t.comment)}"
        + (", n);" if t.counted else ");")
        for t in texts
    ]
    with tempfile.TemporaryDirectory() as folder:
        stub = Path(folder) / "texts.cpp"
        stub.write_text("\n".join(["void texts(int n) {", *lines, "}", ""]), encoding="utf-8")
        tool = Path(sys.executable).with_name("pyside6-lupdate")
        subprocess.run([tool, "-locations", "none", stub, "-ts", *targets], check=True)


def _c(text: str) -> str:
    """A C++ string literal."""
    return json.dumps(text, ensure_ascii=False)


def main() -> int:
    """Collect and update."""
    if len(sys.argv) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    update(sys.argv[1:], collect())
    return 0


if __name__ == "__main__":
    sys.exit(main())
