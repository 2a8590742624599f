"""Questions that the client may ask about a segment (`docs/protocol.md` §11), shown to the person
before the client sees them. Time for another client is missing: this computer does not know it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from diary.verification.signals import SignalInput, SignalKind, signals

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ui.presenters.formatting import Translate
    from uploader.store.local_diary import DiaryEntry


def questions(
    chosen: DiaryEntry, entries: Iterable[DiaryEntry], translate: Translate
) -> tuple[str, ...]:
    """The questions about a segment, from all segments of its day."""
    same = [entry for entry in entries if entry.ctr == chosen.ctr]
    found = [each.kind for each in signals(map(_input, same)) if chosen.slot in each.slots]
    texts = {
        SignalKind.INJECTED: translate(
            "Day",
            "The client may ask: did a program make most of this input? Remote control, "
            "accessibility tools and macros do that.",
        ),
        SignalKind.REGULAR: translate(
            "Day",
            "The client may ask: why is this input so regular? A game pad, a drawing tablet or a "
            "held key can do that.",
        ),
        SignalKind.SAME_PICTURE: translate(
            "Day",
            "The client may ask: was this work on another screen? The pictures are identical while "
            "there was much input.",
        ),
    }
    asked = tuple(texts[kind] for kind in found if kind in texts)
    if not asked:
        return ()
    later = translate(
        "Day",
        "Such questions change no payment. The client sees them once the week is locked; a memo "
        "can answer them in advance.",
    )
    return (*asked, later)


def _input(entry: DiaryEntry) -> SignalInput:
    taken = sorted(entry.pictures, key=lambda picture: picture.at_ms)
    return SignalInput(entry.slot, entry.t0, entry.minutes, tuple(p.file for p in taken))
