"""Why work is unpaid or was refused: clauses for the entries of the own diary.

A code without a clause is shown by its name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.presenters.finding_clauses import CLAUSES

if TYPE_CHECKING:
    from ui.presenters.formatting import Translate


_CONTEXT = "Finding"


def clause(code: str, translate: Translate) -> str:
    """The translated clause of a finding code; an unknown code itself."""
    text = CLAUSES.get(code)
    return code if text is None else translate(_CONTEXT, text)


def reason(detail: str, translate: Translate) -> str:
    """The clause of a refusal; its detail begins with the code of the marketplace's answer."""
    return clause(detail.partition(":")[0].strip(), translate)
