"""Payable time as an iCalendar file (RFC 5545)."""

from __future__ import annotations

import datetime as dt

from icalendar import Calendar, Event

from diary.core.display import clean
from diary.core.slots import to_datetime
from marketplace.exports.hours import ContractHours, payable_runs

_PRODUCT = "-//Workdiary//Workdiary marketplace//EN"


def diary_ics(hours: ContractHours, aud: str) -> bytes:
    """One event for each run of payable time. `aud` names the marketplace: an event has the same
    identifier in each export, so that a second import replaces it.
    """
    access = hours.access
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", clean(access.contract.title))
    for run in payable_runs(hours.entries or ()):
        event = Event()
        event.add("uid", f"{run.first}@{aud}")
        # The last change of the work is its end, so that equal time gives equal files.
        event.add("dtstamp", _moment(run.t1))
        event.add("dtstart", _moment(run.t0))
        event.add("dtend", _moment(run.t1))
        event.add("summary", clean(run.memo) or clean(access.contract.title))
        event.add("description", f"{clean(access.person)}, {clean(access.client)}")
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    data: bytes = calendar.to_ical()
    return data


def _moment(time_s: int) -> dt.datetime:
    return to_datetime(time_s, dt.UTC)
