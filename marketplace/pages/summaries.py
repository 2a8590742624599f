"""The sentences that the pages put together: totals by name, failed checks, errors.

An error says what happened, what is safe, and offers one action. A failed check is a full sentence
that names the cell and the code; it never rests on a colour.
"""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.core.i18n import tr
from marketplace.core.problems import ProblemError
from marketplace.pages.formatting import Formatter
from marketplace.pages.render import PageAction, distinct
from marketplace.review.view_models import Badge, TotalsView


@dataclass(frozen=True)
class StatusMessage:
    """A page that only says something."""

    heading: str
    lines: tuple[str, ...]
    action: PageAction | None


def totals_shown(totals: TotalsView) -> tuple[tuple[str, int], ...]:
    """The figures of a day: four that always stand there, and the rest where there is any."""
    always = (
        (tr("payable"), totals.payable_s),
        (tr("tracked"), totals.tracked_s),
        (tr("kept"), totals.kept_s),
        (tr("given back"), totals.given_back_s),
    )
    sometimes = (
        (tr("manual"), totals.manual_s),
        (tr("over the limit"), totals.over_limit_s),
        (tr("counted once"), totals.overlap_s),
        (tr("not payable"), totals.unpaid_s),
    )
    return always + tuple(item for item in sometimes if item[1])


def failing_sentences(badge: Badge, words: Formatter) -> tuple[str, ...]:
    """One sentence for each failed check, with the cell's time and the code."""
    about_cells = (
        tr("The cell at %(time)s did not pass its checks. %(why)s (%(code)s).")
        % {"time": words.time(cell.start), "why": _clause(finding.words), "code": finding.code}
        for cell in badge.failing
        for finding in distinct(cell.findings)
    )
    about_all = (
        tr("A check of the whole diary did not pass. %(why)s (%(code)s).")
        % {"why": _clause(finding.words), "code": finding.code}
        for finding in badge.general
    )
    return (*about_all, *about_cells)


def _clause(sentence: str) -> str:
    """The sentence without its full stop, to stand inside another."""
    return sentence.strip().rstrip(".")


def message_for(problem: ProblemError, *, signed_in: bool) -> StatusMessage:
    """What a person reads for a problem. The words depend on its code, then on its status."""
    home = PageAction(tr("Go to the contracts"), "/") if signed_in else None
    if problem.code == "link_unknown":
        return StatusMessage(
            tr("This link does not work any more"),
            (
                tr(
                    "A sign-in link works once and for a limited time; this one was used already, "
                    "is too old, or was not copied whole."
                ),
                tr("Nothing is lost. Ask for a new link where you got this one."),
            ),
            home,
        )
    if problem.code == "picture_changed":
        return StatusMessage(
            tr("This picture is not the one that was signed"),
            (
                tr(
                    "The bytes that the marketplace holds differ from the ones in the signed "
                    "record, so they are not shown."
                ),
                tr("The time and the rest of the record stand as they were."),
            ),
            home,
        )
    if problem.status == 401:
        return StatusMessage(
            tr("You are signed out"),
            (
                tr(
                    "Nothing is lost. To sign in, open the link that you were sent, or ask for a "
                    "new one."
                ),
            ),
            None,
        )
    if problem.status == 403:
        return StatusMessage(
            tr("This was not carried out"),
            (
                tr("The request came from another site, so nothing was changed."),
                tr("Open the page here and try again."),
            ),
            home,
        )
    if problem.status in (404, 405, 422):
        return StatusMessage(
            tr("There is nothing here"),
            (tr("The address is wrong, or it belongs to a contract that you have no part in."),),
            home or PageAction(tr("Sign in"), "/signin"),
        )
    if problem.status == 429:
        return StatusMessage(
            tr("Too many requests"),
            (
                tr("You opened more pages than this site serves to one person in a minute."),
                tr("Nothing was changed. Wait a minute, then try again."),
            ),
            home,
        )
    return StatusMessage(
        tr("Something went wrong"),
        (
            tr("The marketplace could not answer. What is recorded is safe."),
            tr("Try again in a minute."),
        ),
        home,
    )
