"""The commands in docs/verification.md work, with openssl and the shell's own tools."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from tests.interop.document import DOCUMENT
from tests.repository.tree import ROOT

BLOCK = re.compile(r"^```(sh|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks() -> list[tuple[str, str]]:
    """The commands and their expected output: (commands, printed)."""
    section = DOCUMENT.partition("\n## By hand\n")[2].partition("\n## ")[0]
    found: list[tuple[str, str]] = []
    for kind, text in BLOCK.findall(section):
        if kind == "sh":
            found.append((text, ""))
        else:
            found[-1] = (found[-1][0], text)
    return found


def test_the_lines_print_what_the_document_shows(tmp_path: Path) -> None:
    steps = blocks()
    assert len(steps) == 7
    assert sum("openssl pkeyutl -verify" in commands for commands, _ in steps) == 3
    mark = "--- next"
    script = "".join(f"{commands}echo '{mark}'\n" for commands, _ in steps)
    done = subprocess.run(
        ["sh", "-eu", "-c", script],
        cwd=ROOT,
        env={"PATH": "/usr/local/bin:/usr/bin:/bin", "TMPDIR": str(tmp_path), "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    printed = done.stdout.split(f"{mark}\n")
    assert printed == [*(text for _, text in steps), ""]
