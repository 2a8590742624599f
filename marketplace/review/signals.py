"""Fair signals of a day (`docs/protocol.md` §11). Pure functions.

Rule kept: the freelancer sees them at once, the client once the week is locked, so that the
freelancer can explain or correct first. They change no pay.
"""

from __future__ import annotations

from collections.abc import Iterable

from diary.core.findings import Code
from diary.core.slots import WEEK, week_of
from diary.objects.terms import Terms
from diary.verification.signals import SignalInput, SignalKind, signals
from marketplace.core.i18n import tr
from marketplace.records.checked_segment import CheckedSegment
from marketplace.review.view_models import SignalView


def visible_from(last: int, terms: Terms | None) -> int:
    """When the client sees the signals of a day (Unix s): at the lock of the week in which its last
    second `last` lies.
    """
    edit_s = terms.edit_until_s if terms else Terms.edit_until_s
    return week_of(last) + WEEK + edit_s


def signal_views(items: Iterable[CheckedSegment]) -> tuple[SignalView, ...]:
    """The questions about the segments of a day."""
    found = signals(_input(item) for item in items if item.facts is not None)
    return tuple(SignalView(each.kind.value, *_texts(each.kind), each.slots) for each in found)


def _input(item: CheckedSegment) -> SignalInput:
    facts = item.facts
    assert facts is not None  # noqa: S101 - see `signal_views`
    taken = sorted(facts.pictures, key=lambda picture: picture.at_ms)
    return SignalInput(
        slot=item.row.slot,
        t0=item.row.t0,
        minutes=facts.minutes,
        pictures=tuple(picture.sha256 for picture in taken),
        parallel=any(finding.code is Code.W_PARALLEL for finding in item.findings),
    )


def _texts(kind: SignalKind) -> tuple[str, str]:
    """The question and its harmless causes."""
    texts = {
        SignalKind.INJECTED: (
            tr("Did a program make most of the input in this time?"),
            tr(
                "Remote control of the computer, tools for accessibility, keyboards with macros and"
                " automated tests do that."
            ),
        ),
        SignalKind.REGULAR: (
            tr("What made the input in these minutes so regular?"),
            tr("A game pad, a drawing tablet, a held key or an automated test can do that."),
        ),
        SignalKind.SAME_PICTURE: (
            tr("Was the work in this time on another screen than the one in the pictures?"),
            tr(
                "The pictures are identical while there was much input. A full-screen terminal, a"
                " covered screen, or work on a device without pictures look like that."
            ),
        ),
        SignalKind.PARALLEL: (
            tr("Was this time also worked for another client?"),
            tr("A recording may have been left running, or both clients may have agreed to it."),
        ),
    }
    return texts[kind]
