"""Runs the Qt program: single instance, translation, signals, exit.

A second start shows the window of the first and exits. SIGTERM, SIGINT and the end of the desktop's
session seal the open segment and exit within two seconds, without a question. SIGUSR1 does too, and
restarts the program after the upgrade of its package (`ui.restart`).
"""

from __future__ import annotations

import builtins
import contextlib
import importlib
import logging
import os
import signal
import socket
import sys
import warnings
from dataclasses import replace
from typing import TYPE_CHECKING

from diary.cli.output import print_error, print_report
from ui.i18n import problem_text, tr
from ui.qt.platform_check import EXIT_NO_DISPLAY, open_desktop
from ui.single_instance import Instance, listen_for_instances, notify_running_instance
from uploader.errors import Problem, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtCore import QObject
    from PySide6.QtNetwork import QLocalServer

    from tracker.quiet.interface import QuietProbe, QuietSource
    from ui.client.interface import Client, ClientCallbacks
    from ui.client.options import Options
    from ui.controller import AppController
    from ui.flows.updates.flow import UpdateFlow
    from ui.notifications.interface import Notifier, Receiver
    from uploader.account.join import Login

log = logging.getLogger(__name__)

_READY_MS = 3000
#: The status of `run` after which the caller starts the program again, as the new version.
RESTART = 100


def run(options: Options, *, resume: bool = False) -> int:
    """Run the program until it exits; returns the exit status, or RESTART. `resume`: continue the
    recording that a restart after an upgrade has interrupted.
    """
    if not _prepare(os.environ, sys.platform):
        print_error(
            "workdiary: "
            + tr(
                "no display found. Start Workdiary in a desktop session, or set DISPLAY or "
                "WAYLAND_DISPLAY."
            )
        )
        return EXIT_NO_DISPLAY
    with contextlib.suppress(ImportError):
        # If a system library is missing, `open_desktop` names it.
        _load_qt()
    app = open_desktop()
    from PySide6.QtCore import QTimer

    app.setApplicationName("workdiary")
    app.setApplicationDisplayName("Workdiary")
    app.setDesktopFileName("workdiary")
    app.setQuitOnLastWindowClosed(False)
    instance = Instance(options.base)
    if _is_shown_elsewhere(instance, options.base):
        return 0
    _start_log(options)

    from ui.settings.settings import LANGUAGE, MORE_CONTRAST, SETTINGS, THEME, load

    settings_file = options.base / SETTINGS
    settings = load(settings_file)

    from ui.qt.translation import choose_language, install_translation

    install_translation(app, choose_language(settings.text(LANGUAGE)))

    from ui.client.options import start_address
    from ui.controller import AppController
    from ui.qt.theme import Theme
    from ui.restart import ResumeAfterRestart, UpgradeRequest

    theme = Theme(app, settings.text(THEME), more_contrast=settings.flag(MORE_CONTRAST))
    if sys.platform == "linux":
        from ui.qt.color_scheme import DesktopScheme

        DesktopScheme(theme)
    site = start_address(options.base, settings, options.marketplace)
    start = replace(options, marketplace=site)
    chosen = [start]

    def join(address: str, login: Login | None) -> None:
        controller.site = address
        chosen[0] = options_for(address, login, start)

    controller = AppController(
        theme,
        lambda reports: _open(chosen[0], instance, reports),
        settings,
        settings_file,
        site,
        _make_notifier if sys.platform == "linux" else None,
        join,
        _quiet_probe().find,
    )
    servers: list[QLocalServer] = []

    def serve() -> None:
        if instance.held and not servers:
            servers.append(listen_for_instances(options.base, os.environ, controller))

    serve()
    upgrade = UpgradeRequest(controller)
    notifier = end_on_signals(controller, upgrade.end)
    if resume:
        ResumeAfterRestart(controller)
    app.commitDataRequest.connect(lambda _: controller.end())
    ready = _Once(lambda: print_report("ready"))
    controller.startup_finished.connect(ready)
    # A retry may have taken a lock that failed at first.
    controller.startup_finished.connect(serve)
    QTimer.singleShot(_READY_MS, ready)
    updates: list[UpdateFlow] = []

    def start_updates() -> None:
        flow = open_updates(controller, options.base)
        if flow is not None:
            flow.start()
            updates.append(flow)

    controller.begin()
    # After the icon, which people look for first.
    QTimer.singleShot(0, controller.show_window)
    QTimer.singleShot(0, start_updates)
    app.exec()
    controller.end()
    for flow in updates:
        flow.stop()
    notifier.deleteLater()
    for server in servers:
        server.close()
    instance.close()
    upgrade.restart(sys.argv[1:])
    return RESTART if any(flow.restarting for flow in updates) else 0


def options_for(address: str, login: Login | None, start: Options) -> Options:
    """The options of a marketplace's opening. The one-time code in the file of the `start` is only
    for the marketplace of that start: another one must not receive it.
    """
    code_file = start.enrol_file if address == start.marketplace else None
    return replace(start, marketplace=address, login=login, enrol_file=code_file)


def _is_shown_elsewhere(instance: Instance, base: Path) -> bool:
    """Whether another program has the folder; it shows its window then. One that does not answer is
    reported, and this program's own window names the problem.
    """
    if not _is_taken(instance):
        return False
    if notify_running_instance(base, os.environ):
        print_report(tr("Workdiary is already running with this folder; its window is shown now."))
        return True
    print_error(f"workdiary: {problem_text(Problem.ALREADY_RUNNING)} {tr('It does not answer.')}")
    return False


def _is_taken(instance: Instance) -> bool:
    """Whether another process has the lock of the folder. The window shows any other failure and
    offers a retry.
    """
    try:
        instance.hold()
    except StoreError as error:
        return error.code is Problem.ALREADY_RUNNING
    return False


def _start_log(options: Options) -> None:
    """Write the log file; standard error keeps its own level."""
    from ui.log_file import open_log_file

    root = logging.getLogger()
    try:
        handler = open_log_file(options.base)
    except OSError as error:
        log.warning("the log file could not be opened: %s", error.strerror)
        return
    for other in root.handlers:
        other.setLevel(max(other.level, root.level))
    root.setLevel(min(root.level, logging.INFO))
    root.addHandler(handler)


def _open(options: Options, instance: Instance, reports: ClientCallbacks) -> Client:
    instance.hold()
    # Imported on the startup's thread, so that the icon does not wait for it.
    _load_requests()
    from ui.client import open_client

    try:
        return open_client(options, reports)
    except StoreError as error:
        if error.code is Problem.ALREADY_RUNNING:
            # This process has the base folder: its own former recorder has not ended yet.
            raise StoreError(Problem.STILL_SAVING) from error
        raise


def open_updates(controller: AppController, base: Path) -> UpdateFlow | None:
    """The flow of updates, before its start; None if the program does not update itself."""
    from importlib.resources import files

    from system.updates.install import Installation
    from system.updates.source import read_source, usable_installation

    source = read_source(files("assets").joinpath("updates"))
    # The setting may be changed while the program runs.
    found = usable_installation("stable", has_source=source is not None)
    if not isinstance(found, Installation):
        return None
    from ui.client.updates import UpdateHelper
    from ui.flows.updates.flow import UpdateFlow
    from ui.settings.settings import UPDATE_CHANNEL

    channel = controller.settings.current.text(UPDATE_CHANNEL)

    def changed() -> None:
        controller.refresh()
        controller.notifications.update()

    flow = UpdateFlow(controller, controller, found, UpdateHelper(base), channel, changed)
    controller.restart_wanted.connect(flow.restart)
    controller.settings.changed.connect(flow.apply_settings)
    return flow


def _make_notifier(receiver: Receiver) -> Notifier:
    """The notifications of a freedesktop.org desktop; their thread starts here."""
    from importlib.resources import files

    from tracker.platform.dbus import address_of
    from ui.client.assemble import retry_delay
    from ui.notifications.freedesktop import FreedesktopNotifier
    from ui.qt.translation import translate

    notifier = FreedesktopNotifier(
        address_of("session", os.environ),
        retry_delay,
        translate("Notification", "Open"),
        str(files("assets").joinpath("icons", "app.svg")),
    )
    notifier.start(receiver)
    return notifier


def _quiet_probe() -> QuietProbe:
    """The probe of the desktop's quiet mode, which is asked when a picture is taken."""
    from tracker.quiet.interface import QuietProbe

    def select() -> tuple[QuietSource, ...]:
        # Imported on the thread that asks.
        from tracker.selection.quiet import select_quiet

        return select_quiet(os.environ)

    return QuietProbe(select)


def _prepare(environ: os._Environ[str], platform: str) -> bool:
    """Set Qt's environment variables; returns False if there is no display."""
    if platform != "linux":
        return True
    # The desktop's platform themes load a second toolkit: 57 MB for a file dialog we do not use.
    environ.setdefault("QT_QPA_PLATFORMTHEME", "generic")
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return any(environ.get(name) for name in names)


def _load_qt() -> None:
    """Import Qt without its import hook for `from __feature__ import`.

    The hook reads the source of each module that is imported after Qt, and Python caches it:
    150,000 lines, 12 MB. We do not use that feature.
    """
    plain = builtins.__import__
    importlib.import_module("PySide6.QtCore")
    builtins.__import__ = plain


def _load_requests() -> None:
    """Import requests without the libraries that guess the encoding of a text, 2 MB of tables: the
    client's responses are UTF-8 or binary. Without them, requests only warns.
    """
    guessing = ("chardet", "charset_normalizer")
    if "requests" in sys.modules or any(name in sys.modules for name in guessing):
        return
    # None makes an import fail as if the module were not installed.
    sys.modules.update(dict.fromkeys(guessing))  # type: ignore[arg-type]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        importlib.import_module("requests")
    for name in guessing:
        del sys.modules[name]


class _Once:
    """Calls a function the first time only."""

    def __init__(self, function) -> None:  # type: ignore[no-untyped-def]
        self._function = function

    def __call__(self) -> None:
        function, self._function = self._function, lambda: None
        function()


# The end


def end_on_signals(
    controller: AppController, on_upgrade: Callable[[], None] = lambda: None
) -> QObject:
    """End the program on SIGTERM and SIGINT; call `on_upgrade` on SIGUSR1. Python runs its handlers
    only between Qt's events, so the signal's number arrives through a socket that Qt watches.
    """
    from PySide6.QtCore import QSocketNotifier

    ours, theirs = socket.socketpair()
    for end in (ours, theirs):
        end.setblocking(False)
    signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
    upgrade: set[int] = set()
    if sys.platform == "linux":
        upgrade.add(signal.SIGUSR1)
    for number in (signal.SIGTERM, signal.SIGINT, *upgrade):
        signal.signal(number, lambda *_: None)
    # Keeps the descriptor open as long as the process lives.
    theirs.detach()
    notifier = QSocketNotifier(ours.fileno(), QSocketNotifier.Type.Read, controller)

    def on_signal() -> None:
        numbers = b""
        with contextlib.suppress(BlockingIOError):
            numbers = ours.recv(64)
        if upgrade.intersection(numbers):
            on_upgrade()
        else:
            controller.end()

    notifier.activated.connect(on_signal)
    return notifier
