"""Fixtures of all tests: no unexpected warnings, reproducible properties, no access to the user's
desktop.
"""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.database import DirectoryBasedExampleDatabase

from tests.logguard import LogGuard
from tests.marketplace.engines import ENGINES, engines
from tests.time_zone import set_zone

if TYPE_CHECKING:
    from collections.abc import Iterator

# Widgets are drawn without a screen; the desktop fixture gives programs a separate desktop.
os.environ["QT_QPA_PLATFORM"] = "offscreen"
# Tests must never use the keyring, the bus, the browser profile or the database of the user who
# runs them.
for name in (
    *("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "XAUTHORITY"),
    "WORKDIARY_DATABASE_URL",
):
    os.environ.pop(name, None)
# The system bus is found without a variable; tests must not see a real lock or sleep.
os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = "unix:path=/nonexistent/system-bus"

# Commands follow the environment's language and time zone.
os.environ["LANGUAGE"] = "en"
set_zone("UTC")

# The test desktop: fixtures `desktop`, `clean_desktop`, `bare_x`.
pytest_plugins = ["tests.desktop_fixtures.plugin"]

_ROOT = Path(__file__).resolve().parent.parent

# An example's duration depends on the machine: no deadlines.
_PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", _PATIENT, derandomize=True, database=None, print_blob=True)
settings.register_profile(
    "search",
    _PATIENT,
    max_examples=2000,
    database=DirectoryBasedExampleDatabase(_ROOT / ".cache" / "hypothesis"),
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the engine of the marketplaces that tests open in their own process, and the place of
    their pictures.
    """
    parser.addoption("--engine", choices=ENGINES, default=ENGINES[0], help="of marketplaces")
    parser.addoption(
        "--blobs",
        choices=("folder", "s3"),
        default="folder",
        help="where marketplaces keep pictures; s3 starts a Ceph gateway",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Choose the engine."""
    engines.name = config.getoption("--engine")


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the database server, and name the failed tests at the very end of the output, which is
    the part that build machines keep.
    """
    engines.close()
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or hasattr(config, "workerinput"):
        return
    for report in (*reporter.stats.get("failed", ()), *reporter.stats.get("error", ())):
        reporter.write_line(f"failed: {report.nodeid} ({report.when})")


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name long values by their argument: a name of 100 KB hides the rest of a report."""
    return argname if isinstance(val, str | bytes) and len(val) > 100 else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the tests of SQLite's file with another engine."""
    if engines.name == "sqlite":
        return
    for item in items:
        mark = item.get_closest_marker("sqlite_only")
        if mark is not None:
            item.add_marker(pytest.mark.skip(reason=f"SQLite only: {mark.args[0]}"))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """The number of workers for `--numprocesses auto`: two more than cores, since tests of real
    programs spend most of their time waiting.
    """
    return (os.cpu_count() or 1) + 2


def pytest_collection_finish() -> None:
    """Exempt the collected tests and their modules from garbage collection: the program collects
    when it has opened, and that would take a second in a process with thousands of tests.
    """
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def own_garbage(request: pytest.FixtureRequest) -> Iterator[None]:
    """Report resources that a test leaves unclosed in that test and not in a later one."""
    yield
    marks = request.node.iter_markers("filterwarnings")
    if any("unclosed" in str(words) for mark in marks for words in mark.args):
        gc.collect()


@pytest.fixture(autouse=True)
def own_databases() -> Iterator[None]:
    """Delete the databases of the test."""
    yield
    engines.drop_closed()


@pytest.fixture(autouse=True)
def no_unexpected_log_warnings(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail the test when the product logged a warning that no `expected_logs` mark names."""
    expected = [
        str(pattern) for mark in request.node.iter_markers("expected_logs") for pattern in mark.args
    ]
    with LogGuard() as guard:
        yield
    complaints = guard.complaints(expected)
    if complaints:
        pytest.fail("\n".join(complaints), pytrace=False)
