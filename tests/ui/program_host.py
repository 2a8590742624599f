"""The whole program on a desktop, with a client that only records its calls.

`python -m tests.ui.program_host FOLDER` runs it. It reads one JSON request a line from its standard
input and answers each with one line: the recorder's calls, positions, visible texts. The clock
advances only on request.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSocketNotifier, Qt, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication, QWidget

from tests.ui import scenes
from tracker.model.status import Notice
from ui.app import _quiet_probe
from ui.client.interface import ClientCallbacks, LoadedPicture, SyncReport
from ui.controller import AppController
from ui.presenters.app_state import StartupPhase
from ui.presenters.consent import VERSION, Agreement
from ui.qt.theme import Theme
from ui.settings.settings import CLOSE_EXPLAINED, SHORTCUT, Settings

if TYPE_CHECKING:
    from diary.core.vocabulary import InputQuality
    from tracker.model.status import Status
    from ui.presenters.own_diary.manual_time import ManualEntry


class CallRecorder:
    """Records each command of the recorder."""

    def __init__(self) -> None:
        self.calls: list[list[Any]] = []

    def __getattr__(self, name: str) -> Any:
        return lambda *args: self.calls.append([name, *args])


class QuietClient:
    """A client whose recorder does nothing."""

    aud = "market.example"
    account = "Ana Ruiz"

    def __init__(self, agreement: Agreement | None, *, demo: bool = False) -> None:
        self.engine = CallRecorder()
        self.demo = demo
        self.clock_ms = scenes.at(15, 14, 4) * 1000
        self._agreement = agreement
        self.last: str | None = None
        self.asks = False
        self.quality: InputQuality = "ok"
        self.followed: list[Settings] = []
        self.looks = 0
        self.reports: ClientCallbacks | None = None

    def apply_settings(self, settings: Settings) -> None:
        self.followed.append(settings)

    def request_applications(self) -> None:
        self.looks += 1

    def request_trial_picture(self) -> None:
        self.engine.calls.append(["trial picture"])

    def now_ms(self) -> int:
        return self.clock_ms

    def agreement(self) -> Agreement | None:
        return self._agreement

    def save_agreement(self, agreement: Agreement) -> None:
        self._agreement = agreement

    def input_quality(self) -> InputQuality:
        return self.quality

    def needs_permission(self) -> bool:
        return self.asks

    def last_contract(self) -> str | None:
        return self.last

    def remember_contract(self, ctr: str) -> None:
        self.last = ctr

    def send_again(self, segment: str | None) -> None:
        self.engine.calls.append(["send again", segment])

    def try_again(self) -> None:
        self.engine.try_again()

    def request_picture(self, file: str) -> None:
        self.engine.request_picture(file)
        if self.reports is not None:
            threading.Thread(target=self._report_picture, args=(self.reports, file)).start()

    @staticmethod
    def _report_picture(reports: ClientCallbacks, file: str) -> None:
        """On a thread of its own, as the client."""
        reports.picture(LoadedPicture(file, scenes.screenshot(1920, 1080)))

    def request_thumbnails(self, names: tuple[str, ...]) -> None:
        if self.reports is not None:
            self.reports.thumbnails(dict.fromkeys(names, scenes.screenshot()))

    def request_day(self, at_s: int | None = None) -> None:
        self.engine.request_day(at_s)

    def request_views(self, segment: str) -> None:
        self.engine.request_views(segment)

    def change_memo(self, segment: str, memo: str) -> None:
        self.engine.change_memo(segment, memo)

    def delete(self, segment: str, wish: str) -> None:
        self.engine.delete(segment, wish)

    def add_manual_time(self, entry: ManualEntry) -> None:
        self.engine.add_manual_time(entry.ctr, entry.t0, entry.t1, entry.memo, entry.reason)

    def check_week(self, ctr: str, week: int, file: str) -> None:
        self.engine.check_week(ctr, week, file)

    def answer_question(self, ctr: str, question: str, text: str) -> None:
        self.engine.answer_question(ctr, question, text)

    def vouch(self, kid: str) -> None:
        self.engine.vouch(kid)

    def sign_out(self, seconds: float) -> str:
        self.engine.sign_out(seconds)
        return "signed_out"

    def leave(self, seconds: float) -> None:
        self.engine.leave(seconds)

    def close(self, timeout: float) -> None:
        self.engine.close(timeout)


AGREED = Agreement(VERSION, 0, 3, 36_500)

STATUS: dict[str, Status] = {
    "stopped": replace(scenes.RECORDING, state="stopped", session_s=0, picture=None),
    "recording": scenes.RECORDING,
    "review": replace(scenes.RECORDING, picture=scenes.in_review(11)),
    "held": replace(scenes.RECORDING, picture=replace(scenes.in_review(11), review_until_ms=None)),
    "paused": replace(scenes.RECORDING, state="paused"),
    "idle": replace(
        scenes.RECORDING,
        state="idle",
        notices=(Notice("ended_idle", {"at_ms": scenes.at(15, 2) * 1000}),),
        notice_seq=1,
    ),
    "away": scenes.AWAY,
}


class ProgramHost:
    """Answers requests."""

    def __init__(self, app: QApplication, folder: Path, options: dict[str, Any]) -> None:
        agreed = AGREED if options.get("agreed", True) else None
        self.client = QuietClient(agreed, demo=options.get("demo", False))
        self.warnings: list[str] = []
        qInstallMessageHandler(self._message)
        self.theme = Theme(app, options.get("theme", "light"))
        if options.get("rtl"):
            app.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self.program = AppController(
            self.theme,
            self._open,
            # The explanation of the first close would cover the toast.
            Settings()
            .changed(CLOSE_EXPLAINED, True)
            .changed(SHORTCUT, options.get("shortcut", "")),
            folder / "settings.json",
            "http://127.0.0.1:1/",
            find_quiet=_quiet_probe().find if options.get("quiet") else None,
        )
        self.contracts = scenes.CONTRACTS[: options.get("contracts", 2)]
        self.program.begin()
        if options.get("window", True):
            self.program.show_window()

    def _message(self, kind: QtMsgType, _context: object, text: str) -> None:
        if kind is not QtMsgType.QtDebugMsg and kind is not QtMsgType.QtInfoMsg:
            self.warnings.append(text)

    def _open(self, reports: ClientCallbacks) -> QuietClient:
        self.client.reports = reports
        reports.phase(StartupPhase.OPENING)
        reports.sync(SyncReport(scenes.upload(), self.contracts, {scenes.ACME.ctr: scenes.MEMOS}))
        return self.client

    # Requests

    def do_status(self, name: str, **changes: Any) -> None:
        self.program.bridge.report_status(replace(STATUS[name], **changes))

    def do_post(self, **changes: Any) -> None:
        memos = {scenes.ACME.ctr: scenes.MEMOS}
        self.program.bridge.report_sync(SyncReport(scenes.upload(**changes), self.contracts, memos))

    def do_pass(self, ms: int) -> None:
        self.client.clock_ms += ms

    def do_calls(self) -> list[list[Any]]:
        return [call for call in self.client.engine.calls if call[0] != "choose"]

    def do_show(self) -> None:
        self.program.show_window()

    def do_close(self) -> None:
        window = self.program.window
        assert window is not None
        window.close()

    def do_warnings(self) -> list[str]:
        return self.warnings

    def do_scene(self) -> dict[str, Any]:
        scene = self.program.state
        return {
            "phase": scene.phase,
            "state": scene.recorder_state,
            "chosen": scene.chosen,
            "memo": scene.memo,
            "contracts": len(scene.contracts),
            "notice": scene.notices[0].code if scene.notices else None,
            "tray": self.program.tray.is_shown,
            "shortcut": self.program.tray.toggle.shortcut().toString(),
            "tooltip": self.program.tray.icon.toolTip(),
        }

    def do_window(self) -> dict[str, Any] | None:
        return _widget(self.program.window)

    def do_toast(self) -> dict[str, Any] | None:
        return _widget(self.program.picture.toast)

    def do_preview(self) -> list[Any]:
        """Whether the toast shows the picture, and its text instead."""
        toast = self.program.picture.toast
        assert toast is not None
        return [bool(toast.picture._data), toast.picture._text]

    def do_review(self) -> dict[str, Any] | None:
        return _widget(self.program.picture.window)

    def do_consent(self) -> dict[str, Any] | None:
        return _widget(self.program.windows.consent)

    def do_settings(self) -> dict[str, Any] | None:
        return _widget(self.program.windows.settings)

    def do_day(self) -> dict[str, Any] | None:
        return _widget(self.program.windows.day)

    def do_address(self) -> dict[str, Any] | None:
        return _widget(self.program.windows.address)

    def do_idle(self) -> dict[str, Any] | None:
        return _widget(self.program.windows.idle)

    def do_menu(self) -> list[str]:
        menu = self.program.tray.menu
        return [a.text() for a in menu.actions() if a.isVisible() and not a.isSeparator()]

    def do_active(self) -> str | None:
        window = QApplication.activeWindow()
        return window.windowTitle() if window is not None else None

    def do_focus(self) -> str | None:
        widget = QApplication.focusWidget()
        return (
            None if widget is None else (widget.accessibleName() or getattr(widget, "text", str)())
        )


def _widget(widget: QWidget | None) -> dict[str, Any] | None:
    """The positions of a window and its parts on the screen."""
    if widget is None:
        return None
    parts = {}
    for part in widget.findChildren(QWidget):
        name = part.accessibleName() or getattr(part, "text", lambda: "")()
        if name and part.isVisible() and part.isEnabled():
            corner = part.mapToGlobal(part.rect().topLeft())
            parts[name] = [corner.x(), corner.y(), part.width(), part.height()]
    corner = widget.mapToGlobal(widget.rect().topLeft())
    return {
        "visible": widget.isVisible(),
        "minimized": widget.isMinimized(),
        "exposed": widget.windowHandle() is not None and widget.windowHandle().isExposed(),
        "rect": [corner.x(), corner.y(), widget.width(), widget.height()],
        "parts": parts,
    }


def _answer(value: object) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def main() -> int:
    os.environ.setdefault("QT_QPA_PLATFORMTHEME", "generic")
    app = QApplication(["workdiary"])
    app.setQuitOnLastWindowClosed(False)
    options = json.loads(sys.argv[2]) if len(sys.argv) > 2 else {}
    stage = ProgramHost(app, Path(sys.argv[1]), options)

    def read() -> None:
        line = sys.stdin.readline()
        if not line:
            app.quit()
            return
        request = json.loads(line)
        answer = getattr(stage, f"do_{request.pop('do')}")(**request)
        _answer(answer)

    notifier = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
    notifier.activated.connect(read)
    _answer("up")
    app.exec()
    _answer(stage.client.engine.calls)
    return 0


if __name__ == "__main__":
    sys.exit(main())
