"""The helper process for updates: its calls, its answers, and one update over real sockets."""

from __future__ import annotations

import functools
import io
import json
import sys
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from system.updates.errors import UpdateProblem
from system.updates.source import UpdateSource
from tests.system.updates.simulated_repository import SimulatedRepository, make_installation
from ui.cli.main import HELPERS
from ui.client import updates
from ui.client.updates import UpdateHelper, UpdateResult, helper
from uploader.api.network.route import Route, RouteChoice

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def simulated(code: str) -> list[str]:
    """The command of a simulated helper that runs this code."""
    return [sys.executable, "-c", code]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[SimulatedRepository, UpdateSource]]:
    """A repository on a plain web server."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

    repository = SimulatedRepository(tmp_path / "repository")
    handler = functools.partial(Quiet, directory=str(repository.folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        base = f"http://127.0.0.1:{server.server_port}"
        yield repository, UpdateSource(f"{base}/metadata/", f"{base}/targets/", repository.root)
        server.shutdown()
        thread.join()


def test_the_packaged_program_starts_itself_as_the_helper() -> None:
    assert HELPERS[updates.OPTION] == helper.__name__


def test_the_real_helper_answers_that_a_source_tree_has_no_updates(tmp_path: Path) -> None:
    assert UpdateHelper(tmp_path).run("check") == UpdateResult(disabled="from_source")


def test_the_call_reaches_the_helper_and_its_answer_the_program(tmp_path: Path) -> None:
    code = (
        "import json, sys; call = json.load(sys.stdin);"
        "print(json.dumps({'state': 'ready', 'version': call['step'] + call['base']}))"
    )
    found = UpdateHelper(tmp_path / "ü", simulated(code)).run("prepare")
    assert found == UpdateResult("ready", f"prepare{tmp_path}/ü")


@pytest.mark.parametrize(
    "code",
    [
        "pass",
        "raise SystemExit(3)",
        "print('garbage')",
        "print('[1]')",
        "print('{}')",
        "print('{\"unknown\": 1}')",
        'print(\'{"problem": "of another version"}\')',
        "print('x' * 100_000)",
        "import os; os.close(0); os.kill(os.getpid(), 9)",
    ],
)
def test_a_helper_that_fails_is_reported_as_a_problem(tmp_path: Path, code: str) -> None:
    code = f"import sys; sys.stderr = open('/dev/null', 'w'); {code}"
    found = UpdateHelper(tmp_path, simulated(code)).run("check")
    assert found.problem == UpdateProblem.HELPER_FAILED


def test_a_missing_helper_is_reported_as_a_problem(tmp_path: Path) -> None:
    found = UpdateHelper(tmp_path, [str(tmp_path / "missing")]).run("check")
    assert found.problem == UpdateProblem.HELPER_FAILED


def test_the_end_of_the_program_ends_the_helper(tmp_path: Path) -> None:
    made = UpdateHelper(tmp_path, simulated("import time; time.sleep(600)"))
    results: list[UpdateResult] = []
    thread = threading.Thread(target=lambda: results.append(made.run("check")))
    thread.start()
    while made._process is None and thread.is_alive():
        thread.join(0.01)
    made.close()
    thread.join(30)
    assert [result.problem for result in results] == [UpdateProblem.HELPER_FAILED]
    assert made.run("check").problem == UpdateProblem.HELPER_FAILED


def test_an_update_over_the_network_is_prepared(
    tmp_path: Path, site: tuple[SimulatedRepository, UpdateSource]
) -> None:
    repository, source = site
    repository.publish("1.1.0")
    installation = make_installation(tmp_path / "root")

    def step(name: Any) -> UpdateResult:
        return helper.update(installation, source, "stable", name, Route())

    assert step("check") == UpdateResult("available", "1.1.0")
    assert step("download") == UpdateResult("downloaded", "1.1.0")
    assert step("prepare") == UpdateResult("ready", "1.1.0")
    assert step("prepare") == UpdateResult("ready", "1.1.0")
    assert installation.versions() == ["1.1.0", "1.0.0"]


def test_problems_of_the_network_have_their_code_and_reason(
    tmp_path: Path, site: tuple[SimulatedRepository, UpdateSource]
) -> None:
    repository, source = site
    installation = make_installation(tmp_path / "root")
    refused = UpdateSource("http://updates.example/m/", "http://updates.example/t/", source.root)
    found = helper.update(installation, refused, "stable", "check", Route())
    assert found.problem == UpdateProblem.UNREACHABLE
    assert found.detail == "insecure_address: http://updates.example"
    no_authority = Route(RouteChoice(authority=str(tmp_path / "missing.pem")))
    found = helper.update(installation, source, "stable", "check", no_authority)
    assert found == UpdateResult(problem="unreachable", detail="ca_unusable: missing")
    (repository.folder / "metadata" / "timestamp.json").unlink()
    found = helper.update(installation, source, "stable", "check", Route())
    assert found.problem == UpdateProblem.MISSING


def test_the_helper_answers_in_json(tmp_path: Path) -> None:
    call = json.dumps({"base": str(tmp_path), "step": "check"}).encode()
    assert json.loads(helper.answer(io.BytesIO(call)))["disabled"] == "from_source"
