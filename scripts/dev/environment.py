"""Makes and checks the virtual environment .venv, from the locks in requirements/ and by uv.

uv comes from the package index like everything else, pinned and checked by its SHA-256; it is put
into the environment by pip, and then does the rest.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from scripts.dev.console import SetupError, answers, say, works

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ROOT / "requirements"
VENV = ROOT / ".venv"
STAMP = VENV / "workdiary-setup.json"
_BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = _BIN / "python"
UV = _BIN / "uv"

_SYSTEM_CAS = Path("/etc/ssl/certs/ca-certificates.crt")


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Let only one set-up at a time work on the environment; a second one waits."""
    if os.name == "nt":
        yield
        return
    import fcntl

    with (ROOT / "pyproject.toml").open("rb") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("waiting for another set-up to end")
            fcntl.flock(held, fcntl.LOCK_EX)
        yield


def bring(level: str) -> None:
    """Make the environment hold what `level` ("run" or "test") needs.

    An environment for the tests serves for running as well, and is left as it is.

    Raises:
        SetupError: something could not be fetched or made; the text says what.
    """
    held = _stamp()
    if held.get("level") == "test":
        level = "test"
    digest = _digest(level)
    if held == {"level": level, "digest": digest} and _all_there(level):
        return
    env = _with_uv()
    say(f"installing the Python packages of {_lock_of(level).relative_to(ROOT)}")
    STAMP.unlink(missing_ok=True)
    if not works([str(UV), *_sync(level)], env):
        raise SetupError("the Python packages could not be installed, in the words above")
    own = ["pip", "install", "--no-deps", "--no-build-isolation", "--offline", "-e", str(ROOT)]
    if not works([str(UV), "--no-config", *own, "--python", str(PYTHON)], env):
        raise SetupError("the project itself could not be installed, in the words above")
    STAMP.write_text(json.dumps({"level": level, "digest": digest}), encoding="utf-8")


def lock(*, upgrade: bool) -> None:
    """Write the locks anew from pyproject.toml, for Linux, Windows and macOS alike.

    Versions that still fit stay as they are, unless `upgrade`.
    """
    env = _with_uv()
    compile_ = [
        *(str(UV), "--no-config", "pip", "compile", "--quiet"),
        *("--universal", "--python-version", "3.11", "--generate-hashes"),
        # Where a machine gets its packages from is its own affair and no part of the lock.
        *("--no-emit-index-url", "--no-emit-find-links"),
        *("--custom-compile-command", "make lock"),
        *(["--upgrade"] if upgrade else []),
    ]
    everything = ["pyproject.toml", "--extra", "client", "--extra", "marketplace"]
    overrides = ["--overrides", "requirements/overrides.txt"]
    # The locks are one set of versions: the larger is made first, the others are cut from it.
    same = ["--constraints", "requirements/test.txt"]
    for name, words in (
        ("test", [*everything, "--group", "dev", *overrides]),
        ("run", [*everything, "--group", "build", *overrides, *same]),
        ("bootstrap", ["requirements/bootstrap.in", *same]),
    ):
        say(f"locking requirements/{name}.txt")
        output = ["--output-file", f"requirements/{name}.txt"]
        if not works([*compile_, *words, *output], env):
            raise SetupError(f"requirements/{name}.txt could not be made, in the words above")


def _lock_of(level: str) -> Path:
    return LOCKS / f"{level}.txt"


def _stamp() -> dict[str, str]:
    try:
        found = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _digest(level: str) -> str:
    """What the environment was made from: another value means that it has to be made again."""
    sha = hashlib.sha256()
    for path in (_lock_of(level), LOCKS / "bootstrap.txt", ROOT / "pyproject.toml"):
        sha.update(path.read_bytes())
    return sha.hexdigest()


def _all_there(level: str) -> bool:
    """Look whether the environment works and holds every locked package; nothing is fetched."""
    if not _carries(PYTHON):
        return False
    words = ["pip", "install", "--no-deps", "--offline", "--dry-run", "--require-hashes"]
    files = ["-r", str(_lock_of(level)), "--python", str(PYTHON)]
    env = _clean_environment()
    done = answers([str(UV), "--no-config", *words, *files], env) or ""
    return "Would make no changes" in done and (_BIN / "workdiary").exists()


def _sync(level: str) -> list[str]:
    return [
        *("--no-config", "pip", "sync", "--require-hashes", "--quiet"),
        *("--python", str(PYTHON), str(_lock_of(level))),
    ]


def _carries(python: Path) -> bool:
    """Whether this is an interpreter that starts and is new enough for the project."""
    code = "import sys; sys.exit(sys.version_info < (3, 11))"
    return answers([str(python), "-I", "-c", code]) is not None


def _make_venv() -> None:
    if _carries(PYTHON):
        return
    if VENV.exists():
        say("the virtual environment does not work any more; it is made anew")
        shutil.rmtree(VENV)
    base = _base_python()
    say(f"making the virtual environment .venv with {base}")
    if not works([base, "-I", "-m", "venv", str(VENV)]):
        shutil.rmtree(VENV, ignore_errors=True)
        raise SetupError("the virtual environment could not be made, in the words above")


def _base_python() -> str:
    """The system's own Python where it is new enough, else the one that runs this.

    A Python from elsewhere may lack what the system's has, and leaks its paths into a frozen
    program.
    """
    system = Path("/usr/bin/python3")
    if sys.platform.startswith("linux") and _carries(system):
        return str(system)
    return sys.executable


def _with_uv() -> dict[str, str]:
    """See to an environment that works and has uv in it; returns what uv is to be run with."""
    _make_venv()
    env = _installers_environment()
    _bring_uv(env)
    return env


def _bring_uv(env: dict[str, str]) -> None:
    pinned = next(
        line.split()[0].removeprefix("uv==")
        for line in (LOCKS / "bootstrap.txt").read_text(encoding="utf-8").splitlines()
        if line.startswith("uv==")
    )
    version = answers([str(UV), "--version"], env)
    if version is not None and version.split()[1] == pinned:
        return
    say("fetching uv, which installs the rest")
    words = ["--quiet", "--no-deps", "--only-binary=:all:", "--require-hashes"]
    from_lock = ["-r", str(LOCKS / "bootstrap.txt")]
    if not works([str(PYTHON), "-I", "-m", "pip", "install", *words, *from_lock], env):
        raise SetupError("uv could not be fetched, in the words above")


def _clean_environment() -> dict[str, str]:
    """This process's environment without what would send an installer elsewhere."""
    misleading = ("PIP_", "PYTHON", "VIRTUAL_ENV", "CONDA_", "UV_PYTHON", "UV_PROJECT")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(misleading)}
    return kept | {"PIP_CONFIG_FILE": os.devnull, "PIP_ROOT_USER_ACTION": "ignore"}


def _installers_environment() -> dict[str, str]:
    """The clean environment, with this machine's own package index, proxy and CA where it has any.

    They are read from its pip configuration, for uv as well. Whatever else is set there is left
    aside: the locks say what is installed, and other folders or targets could only break that.
    """
    config = answers([str(PYTHON), "-m", "pip", "config", "list"]) or ""
    found: dict[str, str] = {}
    for line in config.splitlines():
        key, _, value = line.partition("=")
        found[key.rpartition(".")[2]] = value.strip("'\"")
    env = _clean_environment()
    if "cert" not in found and _SYSTEM_CAS.exists():
        found["cert"] = env.get("SSL_CERT_FILE", str(_SYSTEM_CAS))
    for name, variables in (
        ("index-url", ("PIP_INDEX_URL", "UV_DEFAULT_INDEX")),
        ("proxy", ("PIP_PROXY", "ALL_PROXY")),
        ("cert", ("PIP_CERT", "SSL_CERT_FILE")),
    ):
        if name in found:
            env.update(dict.fromkeys(variables, found[name]))
    return env
