"""Words of the marketplace in the reader's language: gettext, with plural forms.

Catalogues live beside this package under `locale/`; where there is none, the English words of the
source are shown.
"""

from __future__ import annotations

import gettext
from functools import cache
from pathlib import Path

_LOCALE = Path(__file__).parent / "locale"


@cache
def _catalogue() -> gettext.NullTranslations:
    return gettext.translation("marketplace", _LOCALE, fallback=True)


def tr(text: str) -> str:
    """The translation of `text`."""
    return _catalogue().gettext(text)


def trn(one: str, many: str, number: int) -> str:
    """The translation of `one` or `many`, by the language's own rule for `number`."""
    return _catalogue().ngettext(one, many, number)
