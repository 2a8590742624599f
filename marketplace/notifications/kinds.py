"""The texts of the messages.

A text may name the placeholders `%(to)s`, the name of the reader, `%(site)s`, the host of the
marketplace, and the values of the event. To add a message, add a row and translate its texts.
"""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.core.i18n import mark


@dataclass(frozen=True)
class MessageKind:
    """Subject, paragraphs, and the label of the button to the page `path` of the values."""

    subject: str
    lines: tuple[str, ...]
    button: str


KINDS: dict[str, MessageKind] = {
    "reset": MessageKind(
        mark("Choose a new password"),
        (
            mark("A new password was requested for your account at %(site)s."),
            mark("The link works once, for an hour. Without it your password stays as it is."),
            mark("If you did not ask for it, ignore this message."),
        ),
        mark("Choose a new password"),
    ),
    "address": MessageKind(
        mark("Confirm your e-mail address"),
        (
            mark("%(person)s wants to use this e-mail address at %(site)s."),
            mark("The link works once, for an hour. If this is not you, ignore this message."),
        ),
        mark("Confirm the address"),
    ),
    "invitation": MessageKind(
        mark("Invitation to %(company)s"),
        (
            mark("%(person)s invites you to join %(company)s at %(site)s."),
            mark("The link works once, for a week."),
        ),
        mark("Join"),
    ),
    "new_device": MessageKind(
        mark("New computer: %(device)s"),
        (
            mark("The computer “%(device)s” can now record work for you at %(site)s."),
            mark("If you did not sign in on it, stop it on the page of your devices."),
        ),
        mark("See your devices"),
    ),
    "question": MessageKind(
        mark("%(person)s asks about your work"),
        (
            mark("%(person)s asked a question about “%(contract)s” at %(site)s."),
            mark("The question and your answer are on the page of the week."),
        ),
        mark("Open the week"),
    ),
    "answer": MessageKind(
        mark("%(person)s answered"),
        (
            mark("%(person)s answered a question about “%(contract)s” at %(site)s."),
            mark("The answer is on the page of the week."),
        ),
        mark("Open the week"),
    ),
    "dispute": MessageKind(
        mark("%(person)s opened a dispute"),
        (
            mark("%(person)s opened a dispute about “%(contract)s” at %(site)s."),
            mark("Its reason and your answer are on the page of the week."),
        ),
        mark("Open the week"),
    ),
    "approve": MessageKind(
        mark("%(person)s approved a week"),
        (mark("%(person)s approved a week of “%(contract)s” at %(site)s."),),
        mark("Open the week"),
    ),
    "new_passkey": MessageKind(
        mark("New passkey: %(name)s"),
        (
            mark("The passkey “%(name)s” can now sign in to your account at %(site)s."),
            mark("If you did not add it, remove it and sign out everywhere."),
        ),
        mark("See your account"),
    ),
    "password_changed": MessageKind(
        mark("Your password was changed"),
        (
            mark("The password of your account at %(site)s was changed."),
            mark("If this was not you, choose a new password and sign out everywhere."),
        ),
        mark("See your account"),
    ),
}
