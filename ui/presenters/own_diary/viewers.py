"""The sentence that names who viewed the picture of a segment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.presenters.formatting import moment, named, substitute

if TYPE_CHECKING:
    from datetime import tzinfo

    from ui.presenters.formatting import Translate
    from uploader.api.picture_views import ViewResponse, ViewsResponse

#: People with a line of their own; the page shows all.
_SHOWN = 3


def viewers(views: ViewsResponse | None, zone: tzinfo | None, translate: Translate) -> str:
    """A line for each of the people who viewed the picture, the last one first; None: the list
    could not be read.
    """
    if views is None:
        return translate("Day", "The list of views cannot be read now.")
    last: dict[tuple[str, bool], ViewResponse] = {}
    for view in views.listed:
        last.setdefault(("" if view.own else view.name, view.own), view)
    if not last:
        return translate("Day", "Nobody has viewed this picture yet.")
    lines = [_line(view, zone, translate) for view in last.values()]
    if views.more or len(lines) > _SHOWN:
        lines[_SHOWN:] = [translate("Day", "The page in the browser shows all views.")]
    return "\n".join(lines)


def _line(view: ViewResponse, zone: tzinfo | None, translate: Translate) -> str:
    when = moment(view.at_ms, zone)
    if view.own:
        return substitute(translate("Day", "Viewed by you, last {when}"), when=when)
    text = translate("Day", "Viewed by {name}, last {when}")
    return substitute(text, name=named(view.name), when=when)
