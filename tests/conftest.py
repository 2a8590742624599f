"""What holds for every test: a quiet log, repeatable properties, nobody's own desktop touched."""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.database import DirectoryBasedExampleDatabase

from tests.logguard import LogGuard

if TYPE_CHECKING:
    from collections.abc import Iterator

# Widgets are drawn without a screen; the desktop fixture gives programs a desktop of their own.
os.environ["QT_QPA_PLATFORM"] = "offscreen"
# A test must never talk to the keyring, the bus or the browser profile of the person who runs it.
for name in ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "XAUTHORITY"):
    os.environ.pop(name, None)
# The system's bus is found without a variable, and a real lock or sleep is no part of any test.
os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = "unix:path=/nonexistent/system-bus"

# Commands follow the environment's language.
os.environ["LANGUAGE"] = "en"

# The test desktop: fixtures `desktop`, `clean_desktop`, `bare_x`.
pytest_plugins = ["tests.desktop_fixtures.plugin"]

_ROOT = Path(__file__).resolve().parent.parent

# The time an example takes says more about the machine than about the code: no deadlines.
_PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", _PATIENT, derandomize=True, database=None, print_blob=True)
settings.register_profile(
    "search",
    _PATIENT,
    max_examples=2000,
    database=DirectoryBasedExampleDatabase(_ROOT / ".cache" / "hypothesis"),
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """For `--numprocesses auto`. One more than there are cores: half of the time of a test that
    runs real programs is waiting for them.
    """
    return (os.cpu_count() or 1) + 1


@pytest.fixture(autouse=True)
def own_garbage(request: pytest.FixtureRequest) -> Iterator[None]:
    """What a test says that it leaves unclosed is collected in it, and not in a later one."""
    yield
    marks = request.node.iter_markers("filterwarnings")
    if any("unclosed" in str(words) for mark in marks for words in mark.args):
        gc.collect()


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
