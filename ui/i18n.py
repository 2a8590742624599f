"""The translations of the texts that the `workdiary` command prints: `ui/locale/`.

The windows use Qt's translations (`ui/qt/translation.py`). The catalogue has the texts of the
command, of its diagnostics and of the client's problems.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from diary.core.display import for_terminal
from system.i18n import Catalogue
from ui.presenters.formatting import plain

if TYPE_CHECKING:
    from uploader.errors import UploaderError
    from uploader.problems import Problem

CATALOGUE = Catalogue("ui")


def tr(text: str) -> str:
    """The translation of `text`."""
    return CATALOGUE.gettext(text)


def trn(one: str, many: str, number: int) -> str:
    """The translation of `one` or `many`, by the language's own rule for `number`."""
    return CATALOGUE.ngettext(one, many, number)


def translate(context: str, text: str, comment: str | None = None, n: int = -1) -> str:
    """The presenters' `Translate` for a terminal. It has no plural forms."""
    return plain(context, tr(text), comment, n)


def problem_text(problem: Problem) -> str:
    """A problem's sentence and advice."""
    return " ".join(tr(text) for text in (problem.sentence, problem.advice) if text)


def error_text(error: UploaderError) -> str:
    """The text of an error's problem, with the untranslated detail."""
    text = problem_text(error.code)
    return f"{text} ({for_terminal(error.detail)})" if error.detail else text
