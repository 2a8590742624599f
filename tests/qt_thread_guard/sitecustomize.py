"""Raises an error when Qt's thread uses SQLite, sockets, the keyring, Pillow or large files.

Python imports this module at the start of each program whose PYTHONPATH has this folder. The rule
holds while Qt's event loop runs; before that, the startup of the program reads its few files.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import os
import sys
import threading
from pathlib import Path
from types import ModuleType
from typing import Any

#: Bytes of a file that Qt's thread may open for reading.
LARGEST = 64 * 1024
_FORBIDDEN_EVENTS = {
    "sqlite3.connect",
    "sqlite3.connect/handle",
    "socket.connect",
    "socket.bind",
    "socket.getaddrinfo",
    "socket.gethostbyname",
    "socket.sendto",
}
#: Functions by module: reached on Qt's thread, they raise.
_FORBIDDEN = {
    "keyring": ("get_password", "set_password", "delete_password"),
    "PIL.Image": ("open", "new", "frombuffer", "frombytes"),
}


class BlockedQtThread(BaseException):
    """Code on Qt's thread made a call that may block. `except Exception` does not catch it."""


def _on_running_qt_thread() -> bool:
    if threading.current_thread() is not threading.main_thread():
        return False
    core = sys.modules.get("PySide6.QtCore")
    if core is None or core.QCoreApplication.instance() is None:
        return False
    return bool(core.QThread.currentThread().loopLevel())


def _refuse(what: str) -> None:
    # The exception may end in a slot, where Qt only prints it.
    sys.stderr.write(f"BlockedQtThread: {what}\n")
    sys.stderr.flush()
    raise BlockedQtThread(what)


def _audit(event: str, args: tuple[Any, ...]) -> None:
    if event in _FORBIDDEN_EVENTS:
        if _on_running_qt_thread():
            _refuse(f"{event} {args[1:]!r}")
    elif event == "open" and isinstance(args[0], str | bytes | os.PathLike):
        writes = isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR)
        if writes or not _on_running_qt_thread():
            return
        try:
            size = Path(os.fsdecode(args[0])).stat().st_size
        except OSError:
            return
        if size > LARGEST and not _is_import(args[0]):
            _refuse(f"open {args[0]!r}, {size} bytes")


def _is_import(path: str | bytes | os.PathLike[str]) -> bool:
    """Whether Python loads a module: a window's modules are imported when it is first shown."""
    return os.fsdecode(path).endswith((".py", ".pyc", ".so"))


def _guard(module: ModuleType, names: tuple[str, ...]) -> None:
    if module.__name__ == "sqlite3":
        _guard_connections(module)
    for name in names:
        setattr(module, name, _refusing(getattr(module, name), f"{module.__name__}.{name}"))


def _refusing(function: Any, name: str) -> Any:
    def call(*args: Any, **kwargs: Any) -> Any:
        if _on_running_qt_thread():
            _refuse(name)
        return function(*args, **kwargs)

    return call


def _guard_connections(sqlite3: ModuleType) -> None:
    """Refuse statements on a connection that another thread has opened."""
    plain = sqlite3.connect

    class Connection(sqlite3.Connection):  # type: ignore[name-defined, misc]
        """A connection that works on other threads only."""

    for name in ("cursor", "execute", "executemany", "executescript", "commit", "rollback"):
        guarded = _refusing_method(getattr(sqlite3.Connection, name), f"sqlite3 {name}")
        setattr(Connection, name, guarded)

    def connect(*args: Any, **kwargs: Any) -> Any:
        kwargs.setdefault("factory", Connection)
        return plain(*args, **kwargs)

    sqlite3.connect = connect  # type: ignore[attr-defined]


def _refusing_method(method: Any, name: str) -> Any:
    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        if _on_running_qt_thread():
            _refuse(name)
        return method(self, *args, **kwargs)

    return call


class _GuardingFinder(importlib.abc.MetaPathFinder):
    """Wraps the forbidden functions of a module once it is imported."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """See MetaPathFinder."""
        if name not in _FORBIDDEN and name != "sqlite3":
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is None or spec.loader is None:
            return spec
        loader = spec.loader
        run = loader.exec_module

        def exec_module(module: ModuleType) -> None:
            run(module)
            _guard(module, _FORBIDDEN.get(name, ()))

        loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


def _run_next() -> None:
    """Run the `sitecustomize` that this one hides."""
    here = Path(__file__).parent
    elsewhere = [folder for folder in sys.path if Path(folder) != here]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", elsewhere)
    if spec is not None and spec.loader is not None:
        spec.loader.exec_module(importlib.util.module_from_spec(spec))


sys.meta_path.insert(0, _GuardingFinder())
sys.addaudithook(_audit)
_run_next()
