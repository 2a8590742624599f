"""The texts of the report for support."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.presenters.formatting import named, substitute
from ui.presenters.settings.data import size_text

if TYPE_CHECKING:
    from datetime import date

    from ui.presenters.formatting import Translate

_LONGEST_PATH = 400


def file_name(day: date) -> str:
    """The proposed name of the file."""
    return f"workdiary-report-{day.isoformat()}.zip"


def summary_text(files: int, size: int, translate: Translate) -> str:
    """The number of files in the report; `size` is the number of bytes of its file."""
    text = translate("Support", "%n files, {size}", None, files)
    return substitute(text, size=size_text(size, translate))


def saved_text(file: str, translate: Translate) -> str:
    """The report was saved."""
    return substitute(translate("Support", "Saved: {file}"), file=named(file, _LONGEST_PATH))


def failed_text(reason: str, translate: Translate) -> str:
    """The report was not saved; `reason` is the system's sentence."""
    text = translate("Support", "Not saved: {reason}. Choose another place.")
    return substitute(text, reason=named(reason, _LONGEST_PATH))
