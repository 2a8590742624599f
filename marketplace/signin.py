"""Signing people in by a one-time link, and their sessions.

A link carries a code of 128 random bits that works once and for a limited time; only its hash is
stored. Opening the link does not use the code up (mail programs open links to preview them); the
button on its page does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from marketplace.security import Account


class SignIn:
    """One-time codes and sessions. Times are real time, also in a demonstration."""

    def peek(self, code: str) -> Account | None:
        """Whom a code would sign in; None when it is unknown, used or expired. Changes nothing."""
        raise NotImplementedError

    def consume(self, code: str) -> str | None:
        """Use a code up; the token of a new session, or None when it does not work any more."""
        raise NotImplementedError

    def account(self, token: str) -> Account | None:
        """Whose session it is; None when it ended."""
        raise NotImplementedError

    def end(self, token: str) -> None:
        """End a session."""
        raise NotImplementedError
