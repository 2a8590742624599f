"""The texts of the messages.

A text may name the placeholders `%(to)s`, the name of the reader, `%(site)s`, the host of the
marketplace, and the values of the event. To add a message, add a row and translate its texts.
"""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.core.i18n import mark


@dataclass(frozen=True)
class MessageKind:
    """Subject, paragraphs, and the label of the button to the page `path` of the values, "" for a
    message without a button.
    """

    subject: str
    lines: tuple[str, ...]
    button: str = ""


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
    "dispute_resolved": MessageKind(
        mark("%(person)s settled a dispute"),
        (
            mark("%(person)s settled the dispute about “%(contract)s” at %(site)s."),
            mark("The decision is on the page of the week."),
        ),
        mark("Open the week"),
    ),
    "approve": MessageKind(
        mark("%(person)s approved a week"),
        (mark("%(person)s approved a week of “%(contract)s” at %(site)s."),),
        mark("Open the week"),
    ),
    "week_ready": MessageKind(
        mark("Week %(week)s is ready for your review"),
        (
            mark("Week %(week)s is locked at %(site)s: %(contracts)s."),
            mark("You can approve it, ask about it or open a dispute until Friday 24:00 UTC."),
        ),
        mark("Open the week"),
    ),
    "report_confirm": MessageKind(
        mark("Do you want weekly reports of %(company)s?"),
        (
            mark(
                "%(person)s of %(company)s wants to send you a report of the hours of all its "
                "contracts by e-mail every week from %(site)s."
            ),
            mark("Nothing is sent to you unless you confirm it. The link works for a week."),
        ),
        mark("Receive the weekly report"),
    ),
    "report_confirm_one": MessageKind(
        mark("Do you want weekly reports of %(company)s?"),
        (
            mark(
                "%(person)s of %(company)s wants to send you a report of the hours of the contract "
                "“%(contract)s” by e-mail every week from %(site)s."
            ),
            mark("Nothing is sent to you unless you confirm it. The link works for a week."),
        ),
        mark("Receive the weekly report"),
    ),
    "weekly_report": MessageKind(
        mark("%(company)s: weekly report %(week)s"),
        (
            mark("Hours of %(company)s from %(first)s to %(last)s, whole days in UTC."),
            mark("Payable: %(hours)s. Amount: %(amount)s."),
        ),
    ),
    "webhook_disabled": MessageKind(
        mark("A webhook was disabled"),
        (
            mark("%(site)s could not send events to the webhook at %(url)s and has disabled it."),
            mark("No events are queued for it until someone resumes it on the page of webhooks."),
        ),
        mark("See your webhooks"),
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
