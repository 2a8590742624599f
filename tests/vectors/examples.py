"""Inserts pieces of the vectors as examples into the documents.

An example is a comment and the fenced block after it:

    <!-- example: FILE [POINTER] [wrapped|short] -->

FILE is a file of this folder; POINTER (RFC 6901) a place in it, if it is JSON. `wrapped` breaks a
long text into lines; `short` leaves out the middle of long lists.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

_DOCS = Path(__file__).resolve().parents[2] / "docs"
DOCUMENTS = (_DOCS / "protocol.md", _DOCS / "verification.md")
_WIDTH = 96
EXAMPLE = re.compile(
    r"(?P<mark><!-- example: (?P<file>\S+)(?: (?P<pointer>/\S*))?(?: (?P<form>wrapped|short))?"
    r" -->\n```\w*\n).*?(?P<end>^```$)",
    re.DOTALL | re.MULTILINE,
)


def filled(document: str, files: dict[str, bytes]) -> str:
    """The document with every example as in the vectors."""

    def replaced(match: re.Match[str]) -> str:
        body = rendered(files[match["file"]], match["pointer"], match["form"])
        return f"{match['mark']}{body}\n{match['end']}"

    return EXAMPLE.sub(replaced, document)


def rendered(data: bytes, pointer: str | None, form: str | None) -> str:
    """A file, or the value at a pointer in a JSON file, as text without a last newline."""
    value: Any = data.decode("utf-8") if pointer is None else _at(json.loads(data), pointer)
    if form == "short":
        value = _short(value)
    if not isinstance(value, str):
        value = json.dumps(value, indent=2, ensure_ascii=False)
        # Short lists of plain values are easier to read on one line.
        value = re.sub(r"\[[^\[\]{}]{0,80}\]", _one_line, value)
    text = str(value).removesuffix("\n")
    if form == "wrapped":
        text = "\n".join(text[at : at + _WIDTH] for at in range(0, len(text), _WIDTH))
    return text


def _one_line(match: re.Match[str]) -> str:
    return re.sub(r"\s*\n\s*", " ", match[0]).replace("[ ", "[").replace(" ]", "]")


def _at(value: Any, pointer: str) -> Any:
    for part in pointer.split("/")[1:]:
        value = value[int(part)] if isinstance(value, list) else value[part]
    return value


def _short(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _short(item) for name, item in value.items()}
    if isinstance(value, list) and len(value) > 10:
        return [*map(_short, value[:2]), f"… {len(value) - 3} more …", _short(value[-1])]
    return [_short(item) for item in value] if isinstance(value, list) else value
