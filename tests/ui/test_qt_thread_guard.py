"""The guard of Qt's thread refuses what may take long, there only, and only in the event loop."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.ui.program_driver import QT_THREAD_GUARD

#: Runs each attempt before the event loop, in it, and in it on another thread.
_PROGRAM = """
import json, sys, threading
from PySide6.QtCore import QCoreApplication, QTimer

app = QCoreApplication([])
folder = sys.argv[1]
open(f"{folder}/large", "wb").write(bytes(70_000))
open(f"{folder}/small", "wb").write(bytes(60_000))
import sqlite3
shared = sqlite3.connect(":memory:", check_same_thread=False)

def socket():
    import socket
    socket.create_connection(("127.0.0.1", 9), timeout=1)

def picture():
    import PIL.Image
    PIL.Image.new("RGB", (1, 1))

def secret():
    import keyring
    keyring.get_password("none", "none")

attempts = {
    "connect": lambda: sqlite3.connect(":memory:"),
    "statement": lambda: shared.execute("SELECT 1"),
    "cursor": lambda: shared.cursor(),
    "socket": socket,
    "picture": picture,
    "secret": secret,
    "large file": lambda: open(f"{folder}/large", "rb").read(),
    "small file": lambda: open(f"{folder}/small", "rb").read(),
    "written file": lambda: open(f"{folder}/large", "ab").close(),
}

def run():
    refused = []
    for name, attempt in attempts.items():
        try:
            attempt()
        except Exception:
            pass
        except BaseException:
            refused.append(name)
    return refused

found = {"before": run()}

def in_loop():
    found["in the loop"] = run()
    other = threading.Thread(target=lambda: found.update(other=run()))
    other.start()
    other.join()
    app.quit()

QTimer.singleShot(0, in_loop)
app.exec()
print(json.dumps(found))
"""


def test_only_the_running_thread_of_qt_is_guarded(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(QT_THREAD_GUARD), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    refused = ["connect", "statement", "cursor", "socket", "picture", "secret", "large file"]
    assert json.loads(done.stdout) == {"before": [], "in the loop": refused, "other": []}
    assert done.stderr.count("BlockedQtThread: ") == len(refused)


def test_another_sitecustomize_still_runs(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("print('the other one')\n")
    path = os.pathsep.join((str(QT_THREAD_GUARD), str(tmp_path)))
    done = subprocess.run(
        [sys.executable, "-c", "print('the program')"],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "the other one\nthe program\n"
