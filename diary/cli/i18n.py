"""The translations of the record's texts, for the commands: `diary/locale/`."""

from __future__ import annotations

from system.i18n import Catalogue, mark

__all__ = ["CATALOGUE", "mark", "tr", "trn"]

CATALOGUE = Catalogue("diary")


def tr(text: str) -> str:
    """The translation of `text`."""
    return CATALOGUE.gettext(text)


def trn(one: str, many: str, number: int) -> str:
    """The translation of `one` or `many`, by the language's own rule for `number`."""
    return CATALOGUE.ngettext(one, many, number)
