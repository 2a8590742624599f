"""`verify.html`: the verifier in JavaScript as one file that works without a network.

Browsers load no modules from `file:` addresses, so the modules of `diary/js` are joined into one
script: each module becomes a function that returns its exports, in the order of their imports. The
page's Content-Security-Policy allows the script and the styles by their SHA-256 and nothing else,
so that the page cannot send anything.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from functools import cache, partial
from importlib.resources import files
from posixpath import dirname, join, normpath

Read = Callable[[str], str]

_IMPORT = re.compile(
    r'^import (?P<names>\{[^}]*\}|\* as \w+) from "(?P<file>\.{1,2}/[a-z0-9_./-]+\.js)";\n',
    re.MULTILINE,
)
_EXPORT = re.compile(
    r"^export (?=(?:(?:async )?function\*?|class|const) (?P<name>[A-Za-z0-9_]+))", re.MULTILINE
)
_LEFT_OVER = re.compile(r"^(?:import|export)\b.*$", re.MULTILINE)
_STYLES = re.compile(r' *<link rel="stylesheet" href="([a-z_-]+\.css)">\n')
_SCRIPT = re.compile(r' *<script type="module" src="([a-z_-]+\.js)"></script>\n')
_POLICY = re.compile(r" *<!-- policy -->\n")


def bundle_modules(entry: str, read: Read) -> str:
    """One script of the module `entry` (`page/main.js`) and all modules that it imports.

    `read` returns the text of a module by its path from the root of all modules.
    Raises ValueError for other forms of import and export, and for import cycles.
    """
    done: dict[str, str] = {}
    _add(entry, read, done, ())
    return "\n".join(done.values())


def _add(name: str, read: Read, done: dict[str, str], above: tuple[str, ...]) -> None:
    if name in above:
        raise ValueError(f"import cycle: {' > '.join((*above, name))}")
    source = read(name)
    for match in _IMPORT.finditer(source):
        imported = _path(name, match["file"])
        if imported not in done:
            _add(imported, read, done, (*above, name))
    body = _EXPORT.sub("", _IMPORT.sub(partial(_destructured, name), source))
    if left := _LEFT_OVER.search(body):
        raise ValueError(f"{name}: unsupported statement: {left[0]}")
    if "</script" in body.lower() or "<!--" in body:
        raise ValueError(f"{name}: contains text that would end the script")
    given = ", ".join(match["name"] for match in _EXPORT.finditer(source))
    is_async = "async " if re.search(r"^await ", body, re.MULTILINE) else ""
    wait = "await " if is_async else ""
    done[name] = (
        f"// ---- {name} ----\n"
        f"const {_variable(name)} = {wait}({is_async}() => {{\n{body}"
        f"return {{ {given} }};\n}})();\n"
    )


def _path(importer: str, file: str) -> str:
    return normpath(join(dirname(importer), file))


def _destructured(importer: str, match: re.Match[str]) -> str:
    names = match["names"].removeprefix("* as ")
    return f"const {names.replace(' as ', ': ')} = {_variable(_path(importer, match['file']))};\n"


def _variable(name: str) -> str:
    return "$" + re.sub(r"[^a-z0-9]", "_", name.removesuffix(".js"))


def module_text(name: str) -> str:
    """The text of a file of `diary/js`."""
    return files("diary").joinpath("js", name).read_text(encoding="utf-8")


@cache
def verify_page() -> bytes:
    """The page's bytes, the same for every bundle of this version."""
    page = module_text("page/verify.html")
    allowed: dict[str, list[str]] = {"script": [], "style": []}

    def inline(kind: str, attributes: str, text: str) -> str:
        digest = hashlib.sha256(text.encode("utf-8")).digest()
        allowed[kind].append(f"'sha256-{base64.b64encode(digest).decode('ascii')}'")
        return f"<{kind}{attributes}>{text}</{kind}>\n"

    page = _STYLES.sub(
        lambda match: inline("style", "", "\n" + module_text(f"page/{match[1]}")), page
    )
    page = _SCRIPT.sub(
        lambda match: inline(
            "script", ' type="module"', "\n" + bundle_modules(f"page/{match[1]}", module_text)
        ),
        page,
    )
    policy = "; ".join(
        [
            "default-src 'none'",
            *(f"{kind}-src {' '.join(names)}" for kind, names in allowed.items()),
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
    return _POLICY.sub(lambda _: meta, page).encode("utf-8")
