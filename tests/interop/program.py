"""A helper program in another language that answers queries, one JSON object per line.

An answer is {"value": …}, or {"refused": "why"} if the library refused its input. Any other error
ends the program, so that a mistake of ours never looks like a refusal.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any


class RefusedError(Exception):
    """The library refused its input; the text is its reason."""


class Program:
    """A running program; `ask` calls are answered in order."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, what: str, **given: Any) -> Any:
        """The value of an answer. Raises RefusedError; RuntimeError if the program has ended."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(json.dumps({"ask": what, **given}) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            raise RuntimeError(f"the program ended at {what!r}, with its reason on standard error")
        answer = json.loads(line)
        if "refused" in answer:
            raise RefusedError(answer["refused"])
        return answer["value"]

    def refuses(self, what: str, **given: Any) -> bool:
        """Whether the library refuses."""
        try:
            self.ask(what, **given)
        except RefusedError:
            return True
        return False


@contextlib.contextmanager
def running(
    command: Sequence[str | Path], env: Mapping[str, str] | None = None
) -> Iterator[Program]:
    """Start a program; it ends with the block."""
    with subprocess.Popen(
        [str(word) for word in command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=env,
    ) as process:
        try:
            yield Program(process)
        finally:
            assert process.stdin is not None
            with contextlib.suppress(BrokenPipeError):
                process.stdin.close()
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
