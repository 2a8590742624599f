"""Translation, and the formats of times and durations.

All visible text passes through a `Translate` function. Write a call as `translate("Context",
"Text", "comment or None", count)` with literal texts, which `scripts/dev/texts.py` collects. A text
with a count has `%n`; every other value is a named `{field}`. The English texts need no plural
forms.

Times are written 2:14 (hours and minutes), 1:12:08 (with seconds) and 2 h 14 min (in sentences),
always rounded down.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Protocol

from diary.core.display import FSI, PDI, isolated
from diary.core.slots import DAY

#: From this many seconds on, a clock's error is given in days.
_DAYS_FROM = 2 * DAY
#: Qt's counts are 32 bits wide, and no reader needs a longer span.
_MOST = 999_999

#: Hebrew and Arabic letters, their further blocks included.
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")

#: Characters of a name that a sentence shows.
LONGEST_NAME = 60


class Translate(Protocol):
    """Qt's `translate`: context, source text, a comment for translators, a count for `%n`."""

    def __call__(self, context: str, text: str, comment: str | None = None, n: int = -1) -> str:
        """The text in the person's language."""


@dataclass(frozen=True)
class Line:
    """A line of text whose part `strong` is bold; `icon` is a name in `assets/icons`."""

    before: str = ""
    strong: str = ""
    after: str = ""
    icon: str = ""
    tone: str = ""

    @property
    def text(self) -> str:
        """The whole line."""
        return f"{self.before}{self.strong}{self.after}"


def plain(context: str, text: str, comment: str | None = None, n: int = -1) -> str:  # noqa: ARG001
    """The source text, as Qt returns it without a translation."""
    return text if n < 0 else text.replace("%n", str(n))


def substitute(text: str, **values: str) -> str:
    """Fill the `{name}` fields of a text.

    A field that a translation has misspelt remains as it is. In a right-to-left sentence each value
    is isolated: a date, a path or an address would fall into parts there.
    """
    if _RIGHT_TO_LEFT.search(text):
        values = {name: f"{FSI}{value}{PDI}" for name, value in values.items()}
    return re.sub(r"\{(\w+)\}", lambda m: values.get(m[1], m[0]), text)


def named(text: str, longest: int = LONGEST_NAME) -> str:
    """An untrusted name or detail, shortened and isolated for use in a sentence."""
    return isolated(text, longest)


def decimal(number: str, translate: Translate) -> str:
    """A number with a decimal point, as in 74.1, in the language's form."""
    whole, _, tenths = number.partition(".")
    form = translate("Number", "{whole}.{tenths}", "a decimal number")
    return substitute(form, whole=whole, tenths=tenths)


def hours(seconds: int) -> str:
    """2:14 for 2 h 14 min; hours continue after 24."""
    minutes = max(seconds, 0) // 60
    return f"{minutes // 60}:{minutes % 60:02}"


def stopwatch(seconds: int) -> str:
    """1:12:08."""
    return f"{hours(seconds)}:{max(seconds, 0) % 60:02}"


def span(seconds: int, translate: Translate) -> str:
    """A span in a sentence: 2 h 14 min, 8 min, 40 s."""
    seconds = max(seconds, 0)
    if seconds < 60:
        return translate("Span", "%n\u00a0s", "seconds", seconds)
    minutes = translate("Span", "%n\u00a0min", "minutes", seconds // 60 % 60)
    if seconds < 3600:
        return minutes
    whole = translate("Span", "%n\u00a0h", "hours", min(seconds // 3600, _MOST))
    return whole if seconds % 3600 < 60 else f"{whole} {minutes}"


def offset(seconds: int, translate: Translate) -> str:
    """A clock's error in a sentence: as a span, or 3 days."""
    if seconds < _DAYS_FROM:
        return span(seconds, translate)
    return translate("Span", "%n\u00a0days", "days", min(seconds // DAY, _MOST))


def time_of_day(ms: int, zone: tzinfo | None) -> str:
    """14:32, in `zone` (None: this computer's); a time outside the calendar is ??:??."""
    time = _datetime(ms, zone)
    return "??:??" if time is None else time.strftime("%H:%M")


def date(seconds: int, zone: tzinfo | None) -> str:
    """2026-03-09, the day of a Unix time in `zone`; one outside the calendar is ????-??-??."""
    time = _datetime(seconds * 1000, zone)
    return "????-??-??" if time is None else time.date().isoformat()


def moment(ms: int, zone: tzinfo | None) -> str:
    """2026-03-09 14:32, in `zone`."""
    return f"{date(ms // 1000, zone)} {time_of_day(ms, zone)}"


def _datetime(ms: int, zone: tzinfo | None) -> datetime | None:
    try:
        return datetime.fromtimestamp(ms / 1000, UTC).astimezone(zone)
    except (OverflowError, ValueError, OSError):
        return None
