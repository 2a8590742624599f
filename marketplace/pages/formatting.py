"""Words, times and durations of the pages in one language.

Every string that a person sees passes through gettext, with plural forms, also the order of the
parts of a date and the units of a duration, so that a catalogue can change all of them. Nothing
here rounds a time up: what is shown as minutes is whole minutes that have passed, and the seconds
left over are shown beside it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from marketplace.core.i18n import tr, trn

_CITIES = str.maketrans("_", " ")


class Formatter:
    """One language: `language` is a BCP 47 tag, `direction` is "ltr" or "rtl"."""

    def __init__(
        self,
        gettext: Callable[[str], str] = tr,
        ngettext: Callable[[str, str, int], str] = trn,
        *,
        language: str = "en",
        direction: str = "ltr",
    ) -> None:
        self.gettext = gettext
        self.ngettext = ngettext
        self.language = language
        self.direction = direction

    def duration(self, seconds: int) -> str:
        """Whole hours and minutes, "3 h 02 min"; below a minute the seconds, "40 s"."""
        hours, minutes = divmod(seconds // 60, 60)
        if hours and minutes:
            return self.gettext("%(hours)d h %(minutes)02d min") % {
                "hours": hours,
                "minutes": minutes,
            }
        if hours:
            return self.gettext("%(hours)d h") % {"hours": hours}
        if minutes or not seconds:
            return self.gettext("%(minutes)d min") % {"minutes": minutes}
        return self.gettext("%(seconds)d s") % {"seconds": seconds}

    def seconds_left(self, seconds: int) -> str:
        """The seconds that `duration` leaves out, "14 s", or "" when there are none."""
        rest = seconds % 60
        if not rest or seconds < 60:
            return ""
        return self.gettext("%(seconds)d s") % {"seconds": rest}

    def exactly(self, seconds: int) -> str:
        """Hours, minutes and seconds, none left out: "3 h 02 min 14 s"."""
        return " ".join(
            part for part in (self.duration(seconds), self.seconds_left(seconds)) if part
        )

    def of_limit(self, seconds: int, limit_s: int | None) -> str:
        """Like "18 h 40 of 30 h", or the time alone where there is no limit."""
        if limit_s is None:
            return self.duration(seconds)
        hours, minutes = divmod(seconds // 60, 60)
        limit = self.duration(limit_s)
        if hours and minutes:
            return self.gettext("%(hours)d h %(minutes)02d of %(limit)s") % {
                "hours": hours,
                "minutes": minutes,
                "limit": limit,
            }
        return self.gettext("%(time)s of %(limit)s") % {
            "time": self.duration(seconds),
            "limit": limit,
        }

    def time(self, moment: dt.datetime) -> str:
        """Hours and minutes of the day in the moment's own zone, "09:20"."""
        return self.gettext("%(hour)02d:%(minute)02d") % {
            "hour": moment.hour,
            "minute": moment.minute,
        }

    def exact_time(self, moment: dt.datetime) -> str:
        """With seconds: "09:20:31"."""
        return self.gettext("%(hour)02d:%(minute)02d:%(second)02d") % {
            "hour": moment.hour,
            "minute": moment.minute,
            "second": moment.second,
        }

    def interval(self, start: dt.datetime, end: dt.datetime) -> str:
        """Like "09:20 to 09:30". Midnight at the end of a day reads 24:00, not 00:00."""
        last = self.time(end)
        if end.date() > start.date() and end.time() == dt.time():
            last = self.gettext("%(hour)02d:%(minute)02d") % {"hour": 24, "minute": 0}
        return self.gettext("%(start)s to %(end)s") % {"start": self.time(start), "end": last}

    def date(self, day: dt.date, today: dt.date | None = None) -> str:
        """Like "Tuesday, 17 November"; with the year unless it is the year of `today`."""
        parts = {"weekday": self.weekday(day), "day": day.day, "month": self.month(day)}
        if today is not None and day.year == today.year:
            return self.gettext("%(weekday)s, %(day)d %(month)s") % parts
        return self.gettext("%(weekday)s, %(day)d %(month)s %(year)d") % {**parts, "year": day.year}

    def when(self, moment: dt.datetime, now: dt.datetime) -> str:
        """Like "14:32" on the same day as `now`, else "17 November, 14:32"."""
        here = moment.astimezone(now.tzinfo)
        if here.date() == now.date():
            return self.time(here)
        return self.gettext("%(day)d %(month)s, %(time)s") % {
            "day": here.day,
            "month": self.month(here.date()),
            "time": self.time(here),
        }

    def city(self, zone: str) -> str:
        """The place in an IANA zone's name: "America/Bogota" gives "Bogota"."""
        return zone.rsplit("/", 1)[-1].translate(_CITIES)

    def weekday(self, day: dt.date) -> str:
        _ = self.gettext
        return (
            _("Monday"),
            _("Tuesday"),
            _("Wednesday"),
            _("Thursday"),
            _("Friday"),
            _("Saturday"),
            _("Sunday"),
        )[day.weekday()]

    def month(self, day: dt.date) -> str:
        _ = self.gettext
        return (
            _("January"),
            _("February"),
            _("March"),
            _("April"),
            _("May"),
            _("June"),
            _("July"),
            _("August"),
            _("September"),
            _("October"),
            _("November"),
            _("December"),
        )[day.month - 1]
