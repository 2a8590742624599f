"""The Qt program: one instance, its signals, its end.

A second start raises the window of the first and ends. SIGTERM, SIGINT and the end of the desktop's
session seal what can be sealed and leave within two seconds, without a question.
"""

from __future__ import annotations

import builtins
import contextlib
import importlib
import os
import signal
import socket
import sys
from typing import TYPE_CHECKING

from diary.cli.output import print_error, print_report
from ui.qt.platform_check import EXIT_NO_DISPLAY, open_desktop
from ui.single_instance import Instance, listen_for_instances, notify_running_instance
from uploader.errors import Problem, StoreError

if TYPE_CHECKING:
    from PySide6.QtCore import QObject
    from PySide6.QtNetwork import QLocalServer
    from PySide6.QtWidgets import QApplication

    from ui.client.interface import Client, ClientCallbacks
    from ui.client.options import Options
    from ui.controller import AppController

_READY_MS = 3000


def run(options: Options) -> int:
    """Run the program until it is ended; returns the exit status."""
    if not _prepare(os.environ, sys.platform):
        print_error(
            "workdiary: there is no display here. Start it in a desktop session, "
            "or set DISPLAY or WAYLAND_DISPLAY."
        )
        return EXIT_NO_DISPLAY
    with contextlib.suppress(ImportError):
        # Where a library of the system is missing, the next line names it.
        _load_qt()
    app = open_desktop()
    from PySide6.QtCore import QTimer

    app.setApplicationName("workdiary")
    app.setApplicationDisplayName("Workdiary")
    app.setDesktopFileName("workdiary")
    app.setQuitOnLastWindowClosed(False)
    instance = Instance(options.base)
    if _is_taken(instance):
        if notify_running_instance(options.base, os.environ):
            print_report("Workdiary already runs with this folder; its window is shown.")
            return 0
        print_error(f"workdiary: {Problem.ALREADY_RUNNING.text} It does not answer.")
    _load_translation(app)

    from ui.controller import AppController
    from ui.qt.theme import Theme
    from ui.settings.settings import SETTINGS, THEME, load

    settings_file = options.base / SETTINGS
    settings = load(settings_file)
    theme = Theme(app, settings.text(THEME))
    if sys.platform == "linux":
        from ui.qt.color_scheme import DesktopScheme

        DesktopScheme(theme)
    program = AppController(
        theme,
        lambda reports: _open(options, instance, reports),
        settings,
        settings_file,
        options.marketplace,
    )
    servers: list[QLocalServer] = []

    def serve() -> None:
        if instance.held and not servers:
            servers.append(listen_for_instances(options.base, os.environ, program))

    serve()
    notifier = end_on_signals(program)
    app.commitDataRequest.connect(lambda _: program.end())
    said = _Once(lambda: print_report("ready"))
    program.startup_finished.connect(said)
    # A lock that failed at first may have been had by trying again.
    program.startup_finished.connect(serve)
    QTimer.singleShot(_READY_MS, said)
    program.begin()
    # After the icon, which people look for first.
    QTimer.singleShot(0, program.show_window)
    app.exec()
    program.end()
    notifier.deleteLater()
    for server in servers:
        server.close()
    instance.close()
    return 0


def _is_taken(instance: Instance) -> bool:
    """Whether another process has the folder. What else keeps it from being locked is shown in
    the window, where it can be tried again.
    """
    try:
        instance.hold()
    except StoreError as error:
        return error.code is Problem.ALREADY_RUNNING
    return False


def _open(options: Options, instance: Instance, reports: ClientCallbacks) -> Client:
    instance.hold()
    # Imported on the opening's own thread: the icon need not wait for network and keyring.
    from ui.client import open_client

    try:
        return open_client(options, reports)
    except StoreError as error:
        if error.code is Problem.ALREADY_RUNNING:
            # This process has the base folder: its own recorder, closed before, has not ended yet.
            raise StoreError(Problem.STILL_SAVING) from error
        raise


def _prepare(environ: os._Environ[str], platform: str) -> bool:
    """Set what Qt must find in the environment; False where there is no display."""
    if platform != "linux":
        return True
    # The desktop's own platform themes load a second toolkit: 57 MB for a file dialog we lack.
    environ.setdefault("QT_QPA_PLATFORMTHEME", "generic")
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return any(environ.get(name) for name in names)


def _load_qt() -> None:
    """Import Qt without its own way of importing, which is for `from __feature__ import`.

    That way reads the source of every module that comes after Qt, in search of such a line, and
    Python keeps what was read: 150,000 lines, 12 MB. We use no such line.
    """
    plain = builtins.__import__
    importlib.import_module("PySide6.QtCore")
    builtins.__import__ = plain


class _Once:
    """Calls a function the first time only."""

    def __init__(self, function) -> None:  # type: ignore[no-untyped-def]
        self._function = function

    def __call__(self) -> None:
        function, self._function = self._function, lambda: None
        function()


def _load_translation(app: QApplication) -> None:
    """The person's language, where there is a translation; otherwise the texts in the code."""
    from importlib.resources import as_file, files

    from PySide6.QtCore import QLocale, QTranslator

    folder = files("assets").joinpath("i18n")
    if not folder.is_dir():
        return
    with as_file(folder) as path:
        translator = QTranslator(app)
        if translator.load(QLocale(), "workdiary", "_", str(path)):
            app.installTranslator(translator)
            app.setLayoutDirection(QLocale().textDirection())


# The end


def end_on_signals(program: AppController) -> QObject:
    """SIGTERM and SIGINT end the program. Python's handlers run only between Qt's events, so the
    signal's number comes through a socket that Qt watches.
    """
    from PySide6.QtCore import QSocketNotifier

    ours, theirs = socket.socketpair()
    for end in (ours, theirs):
        end.setblocking(False)
    signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    # Handed the descriptors, so that both ends live as long as the process.
    theirs.detach()
    notifier = QSocketNotifier(ours.fileno(), QSocketNotifier.Type.Read, program)

    def told() -> None:
        with contextlib.suppress(BlockingIOError):
            ours.recv(64)
        program.end()

    notifier.activated.connect(told)
    return notifier
