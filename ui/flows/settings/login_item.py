"""Start at login: reads and changes the system's entry on a thread, and shows its state."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Protocol

from system.autostart.interface import AutostartError
from ui.client.interface import LoginItemState
from ui.qt.translation import translate
from ui.settings.settings import START_AT_LOGIN

if TYPE_CHECKING:
    from pathlib import Path

    from ui.qt_bridge import Bridge
    from ui.settings.setting import Setting, Value
    from ui.settings.settings import Settings
    from ui.windows.window_manager import WindowManager

log = logging.getLogger(__name__)


class KeptSettings(Protocol):
    """The settings in force, their file, and how to change one."""

    current: Settings
    file: Path

    def set(self, row: Setting, value: Value) -> None:
        """Change one setting."""


class LoginItemFlow:
    """One thread at a time: the box is disabled while it works."""

    def __init__(self, settings: KeptSettings, windows: WindowManager, bridge: Bridge) -> None:
        self._settings = settings
        self._windows = windows
        self._bridge = bridge
        self._working = False
        self._wanted: bool | None = None
        windows.login_changed.connect(self.change)
        bridge.login_item.connect(self._on_state)

    def read(self) -> None:
        """Read the state for the settings window."""
        self._begin(None)

    def change(self, on: bool) -> None:
        """Change the state."""
        self._begin(on)

    def apply_policy(self) -> None:
        """Apply the policy at the start of the program: an enforced value each time, a default
        once, so that the person can change it afterwards.
        """
        settings = self._settings.current
        if settings.source(START_AT_LOGIN) in {"enforced", "default"}:
            self._begin(settings.flag(START_AT_LOGIN), by_policy=True)
            if not settings.is_locked(START_AT_LOGIN):
                self._settings.set(START_AT_LOGIN, settings.flag(START_AT_LOGIN))

    def _begin(self, on: bool | None, *, by_policy: bool = False) -> None:
        if self._working:
            # A change waits for the read that the settings window began; a read needs no second.
            self._wanted = self._wanted if on is None else on
            return
        self._working = True
        bridge, base = self._bridge, self._settings.file.parent
        reason = translate("Settings", "Start Workdiary when you log in.")

        asked = on is not None and not by_policy

        def work() -> None:
            from ui.client.login_item import select_login_item

            problem, state = "", None
            try:
                item = select_login_item(base, reason)
                if on is not None and not (by_policy and item.is_on() is on):
                    try:
                        item.set(on)
                    except (AutostartError, OSError) as error:
                        log.warning("the login item could not be changed: %s", _cause(error))
                        problem = _cause(error)
                state = item.is_on()
                if state is None and on is not None and not problem:
                    state = on
            except (AutostartError, OSError) as error:
                log.warning("the login item could not be read: %s", _cause(error))
                problem = problem or _cause(error)
            bridge.report_login_item(LoginItemState(state, problem, asked))

        threading.Thread(target=work, name="workdiary-login-item", daemon=True).start()

    def _on_state(self, state: LoginItemState) -> None:
        self._working = False
        if self._wanted is not None:
            wanted, self._wanted = self._wanted, None
            self._begin(wanted)
            return
        settings = self._settings.current
        on = settings.flag(START_AT_LOGIN) if state.on is None else state.on
        if on is not settings.flag(START_AT_LOGIN) and not settings.is_locked(START_AT_LOGIN):
            self._settings.set(START_AT_LOGIN, on)
        if self._windows.settings is not None:
            self._windows.settings.show_login_item(on, state.problem, changed=state.changed)


def _cause(error: AutostartError | OSError) -> str:
    """A code or the system's sentence; no path, which has the person's name."""
    if isinstance(error, AutostartError):
        return error.reason
    return error.strerror or type(error).__name__
