"""Translations: gettext catalogues, and the language of the current task.

The texts in the source are English. A package keeps its other languages in
`<package>/locale/<language>/LC_MESSAGES/<package>.mo`. The current language is a context variable:
the marketplace sets it for each request; a command leaves it unset and follows `LANGUAGE`,
`LC_ALL`, `LC_MESSAGES` and `LANG`, as other gettext programs do.

Rule kept: a text is translated when it is shown. A table at module level holds texts marked by
`mark`, never translated ones, since the language may differ with each use.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from functools import cache
from gettext import NullTranslations, translation
from importlib.resources import files
from itertools import takewhile
from pathlib import Path

#: The language of the source, as a BCP 47 tag.
SOURCE = "en"

_C_LOCALES = ("C", "POSIX")
_ENGLISH = re.compile(r"(C|POSIX|en([_-]\w+)?)([.@].*)?$")
_language: ContextVar[str | None] = ContextVar("language", default=None)


def language() -> str | None:
    """The current language (BCP 47); None for that of the environment."""
    return _language.get()


@contextlib.contextmanager
def use_language(tag: str | None) -> Iterator[None]:
    """Make `tag` the current language of this thread or task; None for the environment's."""
    token = _language.set(tag)
    try:
        yield
    finally:
        _language.reset(token)


def mark(text: str) -> str:
    """Mark a text for the catalogue; it is translated where it is used."""
    return text


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:  # noqa: ARG001, N802 - Qt's own name
    """Mark a text for Qt and for the catalogue; it is translated where it is used."""
    return text


def environment_languages(environ: Mapping[str, str] = os.environ) -> list[str]:
    """The locale names of the environment before the first English one, best first.

    The order is that of GNU gettext: `LANGUAGE` counts unless the locale is the C locale. English
    ends the list, since it has no catalogue: `LANGUAGE=en:de` means English.
    """
    variables = ("LC_ALL", "LC_MESSAGES", "LANG")
    locale = next((value for name in variables if (value := environ.get(name))), "")
    wanted = environ.get("LANGUAGE", "") if locale not in _C_LOCALES else ""
    names = [name for name in (wanted or locale).split(":") if name]
    return list(takewhile(lambda name: not _ENGLISH.match(name), names))


class Catalogue:
    """The messages of one package in all its languages.

    `base` is asked for messages that this catalogue lacks; the English text is used where both
    lack it.
    """

    def __init__(self, package: str, base: Catalogue | None = None) -> None:
        self._package = package
        self._base = base
        # Read once per language. The environment of a process does not change.
        self._translations = cache(self._read)

    def languages(self) -> tuple[str, ...]:
        """The languages (BCP 47): English, then the others in order of their tags."""
        domain = f"LC_MESSAGES/{self._package}.mo"
        found = (path.parent.parent.name for path in self._folder().glob(f"*/{domain}"))
        return (SOURCE, *sorted(name.replace("_", "-") for name in found))

    def gettext(self, text: str) -> str:
        """The translation of `text` in the current language."""
        return self._translations(_language.get()).gettext(text)

    def ngettext(self, one: str, many: str, number: int) -> str:
        """The translation of `one` or `many`, by the plural rule of the current language."""
        return self._translations(_language.get()).ngettext(one, many, number)

    def _read(self, tag: str | None) -> NullTranslations:
        names = environment_languages() if tag is None else [tag.replace("-", "_")]
        found = translation(self._package, self._folder(), names, fallback=True)
        if self._base is not None:
            found.add_fallback(self._base._translations(tag))  # noqa: SLF001 - the same class
        return found

    def _folder(self) -> Path:
        return Path(str(files(self._package))) / "locale"
