"""The language of the marketplace: its catalogue, negotiation, and formatting by Babel.

The middleware sets the language of each request (`marketplace.http.language`); the command follows
the environment. The finding codes' sentences are in the catalogue of `diary`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from babel import Locale, negotiate_locale
from babel.numbers import format_decimal
from babel.units import format_unit

from system.i18n import SOURCE, Catalogue, environment_languages, language, mark, use_language

__all__ = ["mark", "use_language"]

CATALOGUE = Catalogue("marketplace", base=Catalogue("diary"))

#: English dates have the day first.
_ENGLISH = Locale("en", "GB")
#: English has unit symbols as on the desktop ("3 h 02 min"), where CLDR abbreviates ("3 hrs").
_ENGLISH_UNITS = {"hour": "h", "minute": "min", "second": "s"}

# RFC 9110, sections 12.4.2 and 12.5.4: a language range and its quality.
_RANGE = re.compile(
    r"(\*|[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)"
    r"(?:[ \t]*;[ \t]*[Qq]=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?))?"
)
#: Browsers send far less; a longer field is treated as absent.
_MAX_FIELD = 1000


def tr(text: str) -> str:
    """The translation of `text`."""
    return CATALOGUE.gettext(text)


def trn(one: str, many: str, number: int) -> str:
    """The translation of `one` or `many`, by the language's own rule for `number`."""
    return CATALOGUE.ngettext(one, many, number)


@cache
def languages() -> tuple[str, ...]:
    """The languages of the pages (BCP 47), English first."""
    return CATALOGUE.languages()


def current_language() -> str:
    """The current language (BCP 47)."""
    return language() or SOURCE


@cache
def _locale_of(tag: str) -> Locale:
    if tag == SOURCE:
        return _ENGLISH
    return Locale.parse(tag, sep="-")


def accepted(field: str) -> dict[str, float]:
    """The language ranges of an `Accept-Language` field with their qualities, in lower case.

    Malformed elements are ignored. A repeated range has its highest quality.
    """
    found: dict[str, float] = {}
    if len(field) <= _MAX_FIELD:
        for element in field.split(","):
            if match := _RANGE.fullmatch(element.strip(" \t")):
                name, quality = match[1].lower(), float(match[2] or 1)
                found[name] = max(quality, found.get(name, 0.0))
    return found


def negotiate(field: str) -> str:
    """The language for an `Accept-Language` field: one of `languages()`, English if none fits.

    `*` means each language that the field does not name.
    """
    ranges = accepted(field)
    rest = ranges.pop("*", None)
    qualities = {tag: _quality(tag, ranges) for tag in languages()}
    if rest is not None:
        ranges |= {tag.lower(): rest for tag, quality in qualities.items() if quality is None}
    refused = {tag for tag, q in qualities.items() if q == 0 or (q is None and rest == 0)}
    offered = [tag for tag in languages() if tag not in refused]
    wanted = sorted((name for name in ranges if ranges[name]), key=ranges.__getitem__, reverse=True)
    chosen = (negotiate_locale(wanted, offered, sep="-") or SOURCE).lower()
    return next((tag for tag in languages() if tag.lower() == chosen), SOURCE)


def _quality(tag: str, ranges: Mapping[str, float]) -> float | None:
    """The quality of the range `tag`, else of the best one that it begins; None without either."""
    name = tag.lower()
    longer = [quality for each, quality in ranges.items() if each.startswith(f"{name}-")]
    return ranges.get(name, max(longer, default=None))


def environment_field() -> str:
    """The `Accept-Language` field for the languages of the environment."""
    names = (re.split("[.@]", name)[0] for name in environment_languages())
    return ", ".join(name.replace("_", "-") for name in names)


def locale() -> Locale:
    """Babel's locale for the current language."""
    return _locale_of(current_language())


def unit(value: int, name: str, digits: int = 1) -> str:
    """A number of at least `digits` digits with its unit, "02 min".

    `name` is "hour", "minute" or "second".
    """
    return _unit(value, name, digits, current_language())


@lru_cache(maxsize=1_000)
def _unit(value: int, name: str, digits: int, tag: str) -> str:
    pattern, of_tag = "0" * digits, _locale_of(tag)
    if of_tag is _ENGLISH:
        return f"{format_decimal(value, pattern, _ENGLISH)} {_ENGLISH_UNITS[name]}"
    # No line break between a number and its unit.
    text = format_unit(value, f"duration-{name}", "short", pattern, of_tag)
    return text.replace(" ", "\N{NO-BREAK SPACE}")


def duration(seconds: int) -> str:
    """Whole hours and minutes, "3 h 02 min"; below a minute the seconds, "40 s"."""
    hours, minutes = divmod(seconds // 60, 60)
    if hours and minutes:
        return f"{unit(hours, 'hour')} {unit(minutes, 'minute', 2)}"
    if hours:
        return unit(hours, "hour")
    return unit(minutes, "minute") if minutes or not seconds else unit(seconds, "second")


def seconds_left(seconds: int) -> str:
    """The seconds that `duration` leaves out, "14 s", or "" when there are none."""
    return unit(seconds % 60, "second") if seconds % 60 and seconds >= 60 else ""


def exact_duration(seconds: int) -> str:
    """Hours, minutes and seconds, none left out: "3 h 02 min 14 s"."""
    return " ".join(part for part in (duration(seconds), seconds_left(seconds)) if part)
