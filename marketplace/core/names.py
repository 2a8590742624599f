"""The names of accounts as people see them."""

from __future__ import annotations

from marketplace.core.i18n import mark, tr

#: The stored name of an erased account.
ERASED_NAME = mark("Erased account")


def shown_name(name: str) -> str:
    """The name of an account; that of an erased one in the current language."""
    return tr(ERASED_NAME) if name == ERASED_NAME else name
