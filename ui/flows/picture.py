"""The review of a picture: its toast, its window, its countdown, and the person's answers.

The countdown is held while the pointer or the focus is on the picture, in the toast or in the main
window, and while the review window is open on it. A hold ends with its picture.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tracker.platform.heap import trim_heap
from ui.presenters.pictures import UNDO_S, review_view, toast_view
from ui.qt.translation import translate

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QRect
    from PySide6.QtGui import QImage

    from tracker.model.status import PictureStatus
    from tracker.recording.state.cover_areas import Area
    from ui.flows.quiet.preview import PreviewFlow
    from ui.flows.session import AppSession
    from ui.presenters.app_state import AppState
    from ui.presenters.pictures import ReviewView, ToastView
    from ui.qt.theme import Theme
    from ui.windows.picture_review import PictureReviewWindow
    from ui.windows.toast import Toast


class PictureFlow:
    """Owns the toast and the review window, and remembers who holds the countdown of which picture.

    The review window stays on its picture when the next one is taken.
    """

    def __init__(
        self,
        session: AppSession,
        theme: Theme,
        previews: PreviewFlow,
        icon_place: Callable[[], QRect],
    ) -> None:
        """`previews` decides whether the toast shows the picture itself."""
        self._session = session
        self._theme = theme
        self._previews = previews
        previews.changed.connect(self.refresh)
        self._icon_place = icon_place
        self._holders: set[str] = set()
        self._held: set[str] = set()
        self._reviewed: PictureStatus | None = None
        self.toast: Toast | None = None
        self.window: PictureReviewWindow | None = None

    # Answers

    def keep(self, picture: str) -> None:
        """End a picture's countdown."""
        if self._session.client is not None:
            self._session.client.engine.keep_picture(picture)

    def cover(self, picture: str, areas: tuple[Area, ...]) -> None:
        """Cover areas of a picture and keep it."""
        if self._session.client is not None:
            self._session.client.engine.cover_picture(picture, areas)

    def delete(self, picture: str) -> None:
        """Delete a picture and remove its time."""
        if self._session.client is None:
            return
        self._session.client.engine.delete_picture(picture)
        if self._reviewed is not None and self._reviewed.id == picture != self._shown_id():
            # The status is about a later picture.
            status = self._session.state.status
            until = self._now().now_ms + UNDO_S * 1000 * (status.speed if status else 1)
            self._reviewed = replace(self._reviewed, state="deleted", undo_until_ms=until)

    def undo(self, picture: str) -> None:
        """Undo the deletion of a picture."""
        if self._session.client is None:
            return
        self._session.client.engine.undo_deletion(picture)
        if self._reviewed is not None and self._reviewed.id == picture != self._shown_id():
            self._reviewed = replace(self._reviewed, state="review", undo_until_ms=None)

    # Hold

    def hold(self, holder: str, on: bool) -> None:
        """Start or stop holding the countdown for `holder`: `toast` or `window`."""
        (self._holders.add if on else self._holders.discard)(holder)
        self.update_hold()

    def update_hold(self) -> None:
        """Hold the countdown of the picture under review as long as there is a holder, and of the
        one in the review window.
        """
        client = self._session.client
        if client is None:
            return
        wanted = {self._in_review()} if self._holders else set()
        if self._reviewed is not None and self._is_open() and self._reviewed.state == "review":
            wanted.add(self._reviewed.id)
        wanted.discard("")
        for picture in self._held - wanted:
            # The held picture, since the next one may be on the screen by now.
            client.engine.hold_picture(picture, False)
        for picture in wanted - self._held:
            client.engine.hold_picture(picture, True)
        self._held = wanted

    # Windows

    def refresh(self) -> None:
        """Show the toast and the review window as of the newest status."""
        shown = self._shown()
        if self.toast is None and self._now_in_toast() is not None:
            from ui.windows.toast import Toast

            self.toast = Toast(self._theme, self.toast_view, self._icon_place)
            self.toast.keep.connect(self.keep)
            self.toast.cover.connect(self.open_review)
            self.toast.delete.connect(self.delete)
            self.toast.undo.connect(self.undo)
            self.toast.held.connect(lambda on: self.hold("toast", on))
        if shown is not None and self._reviewed is not None and shown.id == self._reviewed.id:
            changed = shown.file and shown.file != self._reviewed.file
            self._reviewed = shown
            if changed and self._is_open():
                self._load(shown)
        if self.toast is not None:
            self.toast.refresh()
        if self.window is not None:
            self.window.refresh()

    def open_review(self, picture: str = "") -> None:
        """Open the last picture at full size. A window with areas that are not kept stays on its
        picture; so does the call for an earlier `picture`.
        """
        shown = self._shown()
        if self._session.client is None or shown is None or picture not in {"", shown.id}:
            return
        if self.window is None:
            from ui.windows.picture_review import PictureReviewWindow

            self.window = PictureReviewWindow(self._theme, self.review_view)
            self.window.kept.connect(self.keep)
            self.window.covered.connect(self.cover)
            self.window.deleted.connect(self.delete)
            self.window.undone.connect(self.undo)
            self.window.shown.connect(self._window_shown)
        if not (self._is_open() and self.window.areas) and shown.file:
            self._reviewed = shown
            self._load(shown)
        if self._reviewed is not None:
            self.window.raise_now()

    def on_picture(self, file: str, image: QImage) -> None:
        """Show the decoded file; a null image if it is no longer on this computer."""
        if self.window is not None and self._reviewed is not None and self._reviewed.file == file:
            self.window.show_image(image)

    def toast_view(self) -> ToastView | None:
        """The toast to show now; None for no toast."""
        hidden = self._previews.hidden(in_review) if (in_review := self._in_review()) else ""
        if hidden is None:
            return None
        view = self._now_in_toast(hidden)
        if view is not None and self._is_open() and self._reviewed and self._reviewed.id == view.id:
            return None
        return view

    def review_view(self, areas: int) -> ReviewView | None:
        """The review window's view while `areas` areas are drawn."""
        if self._reviewed is None or self._session.ending:
            return None
        return review_view(self._now(), self._reviewed, areas, translate)

    def hide(self) -> None:
        """Hide the toast and the window."""
        for each in (self.toast, self.window):
            if each is not None:
                each.hide()

    def _load(self, picture: PictureStatus) -> None:
        if self.window is not None and self._session.client is not None:
            self.window.begin(picture.id)
            self._session.client.request_picture(picture.file)

    def _window_shown(self, on: bool) -> None:
        self.update_hold()
        if self.toast is not None:
            self.toast.refresh()
        if not on:
            trim_heap()

    def _is_open(self) -> bool:
        return self.window is not None and self.window.isVisible()

    def _now_in_toast(self, hidden: str = "") -> ToastView | None:
        if self._session.client is None or self._session.ending:
            return None
        return toast_view(self._now(), translate, hidden)

    def _now(self) -> AppState:
        client, state = self._session.client, self._session.state
        return state if client is None else replace(state, now_ms=client.now_ms())

    def _shown(self) -> PictureStatus | None:
        status = self._session.state.status
        return status.picture if status else None

    def _shown_id(self) -> str:
        shown = self._shown()
        return shown.id if shown is not None else ""

    def _in_review(self) -> str:
        """The id of the picture under review, or ""."""
        shown = self._shown()
        return shown.id if shown is not None and shown.state == "review" else ""
