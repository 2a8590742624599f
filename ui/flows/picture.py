"""The review of a picture: its toast, its countdown, and the answers Keep and Delete.

The countdown is held while the pointer or the focus is on the picture, in the toast or in the main
window.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ui.presenters.pictures import toast_view
from ui.qt.translation import translate

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QRect

    from ui.flows.session import AppSession
    from ui.presenters.pictures import ToastView
    from ui.qt.theme import Theme
    from ui.windows.toast import Toast


class PictureFlow:
    """Owns the toast and remembers who holds the countdown of which picture."""

    def __init__(
        self,
        session: AppSession,
        theme: Theme,
        show_preview: Callable[[], bool],
        icon_place: Callable[[], QRect],
    ) -> None:
        """`show_preview`: whether the toast shows the picture itself."""
        self._session = session
        self._theme = theme
        self._show_preview = show_preview
        self._icon_place = icon_place
        self._holders: set[str] = set()
        self._held_picture = ""
        self.toast: Toast | None = None

    def keep(self, picture: str) -> None:
        """End a picture's countdown."""
        if self._session.client is not None:
            self._session.client.engine.keep_picture(picture)

    def delete(self, picture: str) -> None:
        """Destroy a picture and remove its time."""
        if self._session.client is not None:
            self._session.client.engine.delete_picture(picture)

    def hold(self, holder: str, on: bool) -> None:
        """Start or stop holding the countdown for `holder`: `toast` or `window`."""
        (self._holders.add if on else self._holders.discard)(holder)
        self.update_hold()

    def update_hold(self) -> None:
        """Hold the countdown of the picture under review as long as there is a holder."""
        client, picture = self._session.client, self._in_review()
        wanted = picture if self._holders else ""
        if client is None or wanted == self._held_picture:
            return
        if self._held_picture:
            # The held picture, since the next one may be on the screen by now.
            client.engine.hold_picture(self._held_picture, False)
        if wanted:
            client.engine.hold_picture(wanted, True)
        self._held_picture = wanted

    def refresh(self) -> None:
        """Show the toast of the picture under review, or hide it."""
        if self.toast is None and self._in_review():
            from ui.windows.toast import Toast

            self.toast = Toast(self._theme, self.toast_view, self._icon_place)
            self.toast.keep.connect(self.keep)
            self.toast.delete.connect(self.delete)
            self.toast.held.connect(lambda on: self.hold("toast", on))
        if self.toast is not None:
            self.toast.refresh()

    def toast_view(self) -> ToastView | None:
        """The toast to show now; None for no toast."""
        session = self._session
        if session.client is None or session.ending:
            return None
        view = toast_view(replace(session.state, now_ms=session.client.now_ms()), translate)
        if view is not None and not self._show_preview():
            view = replace(view, thumb=b"")
        return view

    def hide(self) -> None:
        """Hide the toast."""
        if self.toast is not None:
            self.toast.hide()

    def _in_review(self) -> str:
        """The id of the picture under review, or ""."""
        status = self._session.state.status
        picture = status.picture if status else None
        return picture.id if picture is not None and picture.state == "review" else ""
