"""The record of a week: its file's name, and the outcome of saving or checking it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from diary.core.slots import week_of
from ui.presenters.findings import clause
from ui.presenters.formatting import named, substitute
from ui.presenters.notices import notice_view

if TYPE_CHECKING:
    from ui.presenters.formatting import Translate
    from uploader.export.week_check import WeekRecord


def week_name(time_s: int) -> str:
    """The ISO week of a Unix time in UTC: 2026-W47."""
    year, week, _ = datetime.fromtimestamp(week_of(time_s), UTC).isocalendar()
    return f"{year}-W{week:02}"


def file_name(time_s: int) -> str:
    """The proposed name of the week's file."""
    return f"workdiary-{week_name(time_s)}.zip"


def outcome(record: WeekRecord, translate: Translate) -> tuple[str, str]:
    """The headline and the details."""
    if record.problem:
        why = notice_view(record.problem, {}, translate).text
        return translate("Week", "The week's record could not be written"), why
    details = [_saved(record, translate)] if record.file else []
    if record.waiting:
        text = translate("Week", "%n not in the log yet: left out.", "segments", record.waiting)
        details.append(text)
    if record.missing:
        text = translate("Week", "%n parts are missing on this computer.", None, record.missing)
        details.append(text)
    if record.wrong:
        details += [clause(code, translate) for code in record.wrong]
        return translate("Week", "The check found errors"), "\n".join(details)
    if not record.segments:
        return translate("Week", "Nothing of this week is in the log yet"), "\n".join(details)
    checked = translate("Week", "%n checked: no errors", "segments", record.segments)
    return checked, "\n".join(details)


def _saved(record: WeekRecord, translate: Translate) -> str:
    text = translate("Week", "Saved as {file}. Anyone can check it with workdiary-verify.")
    return substitute(text, file=named(record.file, 200))
