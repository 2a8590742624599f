"""The engines of the JavaScript verifier: Node 20 and 24, and a real Chromium. All serve the calls
of `operations.js`, which imports the unchanged modules of `diary/js`.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

from tests.interop import toolchain

ROOT = Path(__file__).resolve().parents[2]
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
#: A host name that never resolves (RFC 6761): requests are answered from this folder.
SITE = "https://verify.test"
_TYPES = {".js": "text/javascript", ".html": "text/html", ".json": "application/json"}


class FailedError(Exception):
    """The operation refused its input; the text is the code."""


class Engine(Protocol):
    """Runs operations one after the other."""

    def ask(self, name: str, argument: Any) -> Any:
        """The answer, `{"value": …}` or `{"error": code}`."""


def call_all(engine: Engine, name: str, arguments: list[dict[str, Any]]) -> list[Any]:
    """The answers of one operation to many arguments; an error is represented by its code."""
    return [
        answer["error"] if "error" in answer else answer.get("value")
        for answer in engine.ask("all", [name, arguments])["value"]
    ]


def call(engine: Engine, name: str, **argument: Any) -> Any:
    """The value of an operation; raises FailedError with its code."""
    answer = engine.ask(name, argument)
    if "error" in answer:
        raise FailedError(answer["error"])
    return answer.get("value")


class Node:
    """One Node process with JSON lines."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, name: str, argument: Any) -> Any:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps([name, argument]) + "\n")
        stdin.flush()
        line = stdout.readline()
        if not line:
            pytest.fail("Node ended; its output is above")
        return json.loads(line)


def node() -> AbstractContextManager[Node]:
    """The newest supported Node, during the block."""
    return _running(toolchain.node())


def node20() -> AbstractContextManager[Node]:
    """The oldest supported Node, during the block."""
    path = toolchain.node20()
    if path is None:
        pytest.skip("the npm package of Node 20 is for Linux on x86-64 only")
    return _running(path)


@contextlib.contextmanager
def _running(program: Path) -> Iterator[Node]:
    command = [str(program), str(ROOT / "tests" / "js" / "node.js")]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, encoding="utf-8") as process:
        yield Node(process)
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(timeout=60) == 0


class Chromium:
    """A page with the modules, without a network."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def ask(self, name: str, argument: Any) -> Any:
        # As one string: the browser's driver mishandles unusual keys.
        words = "async (text) => JSON.stringify(await wd.call(...JSON.parse(text)))"
        return json.loads(self.page.evaluate(words, json.dumps([name, argument])))


def _serve(route: Route) -> None:
    name = route.request.url.removeprefix(f"{SITE}/")
    path = ROOT / name
    if name == "":
        route.fulfill(body="<!doctype html><title>Verify</title>", content_type="text/html")
    elif path.is_file():
        route.fulfill(body=path.read_bytes(), content_type=_TYPES[path.suffix])
    else:
        route.fulfill(status=404)


@contextlib.contextmanager
def browser() -> Iterator[Browser]:
    """A real Chromium with an empty profile."""
    path = next((found for name in _CHROMIUM if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("no Chromium on this machine: on Debian, apt install chromium")
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            yield made
        finally:
            made.close()


@contextlib.contextmanager
def chromium() -> Iterator[Chromium]:
    """A page in Chromium that serves calls, during the block."""
    with browser() as made:
        page = made.new_page()
        page.route(f"{SITE}/**", _serve)
        page.goto(f"{SITE}/")
        page.evaluate("async () => { window.wd = await import('/tests/js/operations.js'); }")
        yield Chromium(page)
