"""A slot about which a client asks and of which this computer has no segment: another computer of
the person recorded it, or it was removed here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.presenters.own_diary.panel import PanelView
from ui.presenters.own_diary.slots import slot_span

if TYPE_CHECKING:
    from datetime import tzinfo

    from ui.presenters.formatting import Translate


def elsewhere_panel(begin_s: int, zone: tzinfo | None, translate: Translate) -> PanelView:
    """The panel of such a slot: only its question is shown."""
    text = translate("Day", "Recorded on another computer")
    return PanelView(
        hash="",
        title=slot_span(begin_s, zone, translate),
        part="",
        parts=1,
        sent=text,
        sent_icon="computer",
        sent_tone="muted",
        thumb="",
        empty=translate("Day", "This computer has no picture of this time."),
        missing=False,
        picture="",
        file="",
        protected=translate("Day", "Not known on this computer"),
        protected_detail=translate("Day", "The page in the browser shows it."),
        protected_icon="shield",
        protected_tone="muted",
        activity=translate("Day", "Not known on this computer"),
        bars=(),
        axis=("", "", ""),
        memo=translate("Day", "Not known on this computer"),
        memo_muted=True,
        can_edit=False,
        notes=(),
        receipt="",
        delete="",
        delete_action=None,
        undo="",
        more=(),
    )
