"""Times, dates, durations and counts of the pages in the current language, formatted by Babel.

Rule kept: durations are never rounded up. Minutes are whole minutes that have passed; the seconds
that are left over are shown beside them.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from functools import cache

from babel import Locale
from babel.dates import (
    format_date,
    format_interval,
    format_time,
    get_datetime_format,
    get_day_names,
    match_skeleton,
)
from babel.numbers import (
    format_currency,
    format_decimal,
    format_percent,
    get_currency_precision,
)

from marketplace.core import i18n
from marketplace.core.i18n import tr

_CITIES = str.maketrans("_", " ")
#: British English in CLDR drops the comma where the date has no year.
_ENGLISH_DAY = "EEEE, d MMMM"


class Formatter:
    """Formats for the current language; the templates have it as `formatter`."""

    @property
    def language(self) -> str:
        """The current language (BCP 47)."""
        return i18n.current_language()

    @property
    def direction(self) -> str:
        """The direction of writing, "ltr" or "rtl"."""
        return i18n.locale().text_direction

    def duration(self, seconds: int) -> str:
        """Whole hours and minutes, "3 h 02 min"; below a minute the seconds, "40 s"."""
        return i18n.duration(seconds)

    def hours(self, seconds: int) -> str:
        """Whole hours and minutes as digits, "31:30"."""
        minutes = seconds // 60
        return f"{minutes // 60}:{minutes % 60:02}"

    def money(self, minor: int, currency: str) -> str:
        """An amount in the minor unit of a currency (ISO 4217), "$1,200.00"."""
        amount = Decimal(minor).scaleb(-get_currency_precision(currency))
        return format_currency(amount, currency, locale=i18n.locale())

    def week_dates(self, monday: dt.date) -> str:
        """The dates of a week, "23–29 November 2026"."""
        sunday = monday + dt.timedelta(days=6)
        return format_interval(monday, sunday, "yMMMMd", locale=i18n.locale())

    def month(self, day: dt.date) -> str:
        """The month of a day, "November 2026"."""
        return format_date(day, _pattern(i18n.locale(), "yMMMM"), locale=i18n.locale())

    def short_weekday(self, day: dt.date) -> str:
        """Like "Mon"."""
        return format_date(day, "EEE", locale=i18n.locale())

    def short_day(self, day: dt.date) -> str:
        """Like "Mon 23"."""
        return format_date(day, "EEE d", locale=i18n.locale())

    def day_interval(self, start: dt.datetime, end: dt.datetime) -> str:
        """Like "Fri 27, 19:10 to 20:00", or "Fri 27, 19:10 to Sat 28, 17:00"."""
        if start.date() == (end - dt.timedelta(seconds=1)).date():
            return _day_and_time(self.short_day(start.date()), self.interval(start, end))
        first = _day_and_time(self.short_day(start.date()), self.time(start))
        last = _day_and_time(self.short_day(end.date()), self.time(end))
        return tr("%(start)s to %(end)s") % {"start": first, "end": last}

    def deadline(self, moment: dt.datetime) -> str:
        """Like "Friday, 4 December, 24:00 UTC" for the midnight that ends that day."""
        midnight = moment.time() == dt.time()
        day = moment.date() - dt.timedelta(days=1) if midnight else moment.date()
        pattern = _day_pattern(i18n.locale())
        time = "24:00" if midnight else self.time(moment)
        return _day_and_time(format_date(day, pattern, locale=i18n.locale()), f"{time} UTC")

    def seconds_left(self, seconds: int) -> str:
        """The seconds that `duration` leaves out, "14 s", or "" when there are none."""
        return i18n.seconds_left(seconds)

    def exactly(self, seconds: int) -> str:
        """Hours, minutes and seconds, none left out: "3 h 02 min 14 s"."""
        return i18n.exact_duration(seconds)

    def seconds(self, seconds: int) -> str:
        """Seconds alone, "75 s"."""
        return i18n.unit(seconds, "second")

    def number(self, number: int) -> str:
        """A count with the language's separators, "12,345"."""
        return format_decimal(number, locale=i18n.locale())

    def percent(self, part: float) -> str:
        """A part of 1 as whole percent, "100 %"."""
        return format_percent(part, locale=i18n.locale())

    def of_limit(self, seconds: int, limit_s: int | None) -> str:
        """Like "18 h 40 min of 30 h", or the time alone where there is no limit."""
        time = self.duration(seconds)
        if limit_s is None:
            return time
        return tr("%(time)s of %(limit)s") % {"time": time, "limit": self.duration(limit_s)}

    def time(self, moment: dt.datetime) -> str:
        """Hours and minutes of the day in the moment's own zone, "09:20"."""
        return self._clock(moment, "Hm")

    def exact_time(self, moment: dt.datetime) -> str:
        """With seconds: "09:20:31"."""
        return self._clock(moment, "Hms")

    def interval(self, start: dt.datetime, end: dt.datetime) -> str:
        """Like "09:20 to 09:30". Midnight at the end of a day reads 24:00, not 00:00."""
        last = self.time(end)
        if end.date() > start.date() and end.time() == dt.time():
            # `k` is the hour from 1 to 24.
            pattern = _pattern(i18n.locale(), "Hm").replace("H", "k")
            last = format_time(end.time(), pattern, locale=i18n.locale())
        return tr("%(start)s to %(end)s") % {"start": self.time(start), "end": last}

    def date(self, day: dt.date, today: dt.date | None = None) -> str:
        """Like "Tuesday, 17 November"; with the year unless it is the year of `today`."""
        if today is None or day.year != today.year:
            return format_date(day, "full", locale=i18n.locale())
        return format_date(day, _day_pattern(i18n.locale()), locale=i18n.locale())

    def when(self, moment: dt.datetime, now: dt.datetime) -> str:
        """Like "14:32" on the same day as `now`, else "17 November, 14:32"."""
        here = moment.astimezone(now.tzinfo)
        if here.date() == now.date():
            return self.time(here)
        day = format_date(here, _pattern(i18n.locale(), "MMMMd"), locale=i18n.locale())
        pattern = _date_time_pattern(i18n.locale())
        return pattern.replace("{1}", day).replace("{0}", self.time(here))

    def city(self, zone: str) -> str:
        """The place in an IANA zone's name: "America/Bogota" gives "Bogota"."""
        return zone.rsplit("/", 1)[-1].translate(_CITIES)

    def weekday(self, day: dt.date) -> str:
        return _weekdays(i18n.locale())[day.weekday()]

    def _clock(self, moment: dt.datetime, skeleton: str) -> str:
        # The time alone: Babel would convert an aware datetime to UTC.
        return format_time(moment.time(), _pattern(i18n.locale(), skeleton), locale=i18n.locale())


@cache
def _pattern(locale: Locale, skeleton: str) -> str:
    """The language's pattern that is nearest to a CLDR skeleton."""
    skeletons = locale.datetime_skeletons
    return str(skeletons[match_skeleton(skeleton, skeletons) or "Hm"])


@cache
def _date_time_pattern(locale: Locale) -> str:
    """The language's pattern of a date `{1}` and a time `{0}`."""
    return str(get_datetime_format("medium", locale=locale))


@cache
def _weekdays(locale: Locale) -> tuple[str, ...]:
    """The names of the days, Monday first."""
    names = get_day_names("wide", "stand-alone", locale)
    return tuple(str(names[number]) for number in range(7))


def _day_and_time(day: str, time: str) -> str:
    return tr("%(day)s, %(time)s") % {"day": day, "time": time}


@cache
def _day_pattern(locale: Locale) -> str:
    """Weekday, day and month, all in full. Babel's skeletons shorten the weekday."""
    if locale.language == "en":
        return _ENGLISH_DAY
    return re.sub("E+|c+", "EEEE", _pattern(locale, "MMMMEd"))
