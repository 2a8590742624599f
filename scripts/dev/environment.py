"""Creates and checks the virtual environment .venv from the locks in requirements/, with uv.

pip installs uv from the package index, pinned and checked by its SHA-256; uv installs the rest.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from scripts.dev.console import SetupError, output_of, print_step, run_quietly

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ROOT / "requirements"
VENV = ROOT / ".venv"
STAMP = VENV / "workdiary-setup.json"
_BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = _BIN / "python"
UV = _BIN / "uv"

_SYSTEM_CAS = Path("/etc/ssl/certs/ca-certificates.crt")


@contextlib.contextmanager
def exclusive() -> Iterator[None]:
    """Allow one set-up at a time; a second one waits. On Windows there is no such lock."""
    if os.name == "nt":
        yield
        return
    import fcntl

    with (ROOT / "pyproject.toml").open("rb") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print_step("waiting for another set-up")
            fcntl.flock(held, fcntl.LOCK_EX)
        yield


def install(level: str) -> None:
    """Install what `level` ("run" or "test") needs.

    An environment for the tests also serves for running and stays unchanged.

    Raises:
        SetupError: a download or an installation failed; the text names it.
    """
    held = _stamp()
    if held.get("level") == "test":
        level = "test"
    digest = _digest(level)
    if held == {"level": level, "digest": digest} and _is_complete(level):
        return
    env = _ensure_uv()
    print_step(f"installing the Python packages of {_lock_of(level).relative_to(ROOT)}")
    STAMP.unlink(missing_ok=True)
    if not run_quietly([str(UV), *_sync(level)], env):
        raise SetupError("the Python packages could not be installed; see the output above")
    own = ["pip", "install", "--no-deps", "--no-build-isolation", "--offline", "-e", str(ROOT)]
    if not run_quietly([str(UV), "--no-config", *own, "--python", str(PYTHON)], env):
        raise SetupError("the project itself could not be installed; see the output above")
    STAMP.write_text(json.dumps({"level": level, "digest": digest}), encoding="utf-8")


def create(folder: Path, lock: Path) -> Path:
    """Create an environment with exactly the packages of a lock; returns its Python.

    Raises:
        SetupError: the environment cannot be created, or a package cannot be installed.
    """
    python = folder / _BIN.name / "python"
    env = _ensure_uv()
    if not _is_usable(python):
        shutil.rmtree(folder, ignore_errors=True)
        base = ["--python", _base_python(), "--no-python-downloads", "--no-project"]
        if not run_quietly([str(UV), "--no-config", "venv", "--quiet", *base, str(folder)], env):
            raise SetupError("the environment could not be created; see the output above")
    words = ["--no-config", "pip", "sync", "--require-hashes", "--quiet"]
    if not run_quietly([str(UV), *words, "--python", str(python), str(lock)], env):
        raise SetupError(f"the packages of {lock.name} could not be installed; see above")
    return python


def install_into(folder: Path, lock: Path, *more: Path, platform: str = "") -> Path:
    """Install the packages of a lock into a plain folder for PYTHONPATH; returns it.

    Packages in `more`, which are locks or wheels, replace those of the same name. `platform` is the
    name that uv has for another platform than this one; the packages are then for Python 3.11.

    Raises:
        SetupError: a package cannot be installed.
    """
    env = _ensure_uv()
    target = ["--quiet", "--target", str(folder), "--python", str(PYTHON)]
    if platform:
        target += ["--python-platform", platform, "--python-version", "3.11"]
    steps = [(lock, ["sync", "--require-hashes", str(lock)])]
    for each in more:
        words = [str(each)] if each.suffix == ".whl" else ["--require-hashes", "-r", str(each)]
        steps.append((each, ["install", "--no-deps", "--reinstall", *words]))
    for each, words in steps:
        if not run_quietly([str(UV), "--no-config", "pip", *words, *target], env):
            raise SetupError(f"the packages of {each.name} could not be installed; see above")
    return folder


def install_interop() -> Path:
    """Install the packages of requirements/interop.txt, which only tests use, into a plain folder;
    returns it. It is named by a digest of the lock, so that a complete one is not made again.

    Raises:
        SetupError: a package cannot be installed.
    """
    lock = LOCKS / "interop.txt"
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()[:24]
    folder = ROOT / ".cache" / "interop" / f"python-{digest}"
    if folder.exists():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    print_step(f"installing the packages of {lock.relative_to(ROOT)}")
    with tempfile.TemporaryDirectory(dir=folder.parent) as made:
        words = ["--no-config", "pip", "install", "--no-deps", "--require-hashes", "--quiet"]
        # For the packages that ask for Python 3.12.
        words += ["--python", str(PYTHON), "--python-version", "3.12", "--target", f"{made}/all"]
        if not run_quietly([str(UV), *words, "-r", str(lock)], _ensure_uv()):
            raise SetupError("the packages could not be installed; see the output above")
        # Concurrent installations create the same folder; the first one stays.
        with contextlib.suppress(OSError):
            (Path(made) / "all").rename(folder)
    return folder


def download(lock: Path, folder: Path, tools: Path) -> None:
    """Download the source archives of a lock, each checked by its SHA-256.

    pip reads the metadata of each archive with the build backend in the folder `tools`.

    Raises:
        SetupError: an archive cannot be downloaded.
    """
    env = {**_ensure_uv(), "PYTHONPATH": str(tools)}
    words = ["download", "--quiet", "--no-deps", "--no-binary=:all:", "--require-hashes"]
    words += ["--no-build-isolation", "--dest", str(folder), "--requirement", str(lock)]
    if not run_quietly([str(PYTHON), "-m", "pip", *words], env):
        raise SetupError(f"the archives of {lock.name} could not be downloaded; see above")


def install_wheel(python: Path, wheel: Path) -> None:
    """Install one wheel without its dependencies into an environment.

    Raises:
        SetupError: the wheel cannot be installed.
    """
    env = _ensure_uv()
    words = ["--no-config", "pip", "install", "--quiet", "--no-deps", "--offline", "--reinstall"]
    if not run_quietly([str(UV), *words, "--python", str(python), str(wheel)], env):
        raise SetupError(f"{wheel.name} could not be installed; see the output above")


def lock(*, upgrade: bool) -> None:
    """Write the locks from pyproject.toml, for Linux, Windows and macOS.

    Versions that still fit stay, unless `upgrade`.
    """
    env = _ensure_uv()
    compile_ = [
        *(str(UV), "--no-config", "pip", "compile", "--quiet"),
        *("--universal", "--generate-hashes"),
        # The package index of this machine is not part of the lock.
        *("--no-emit-index-url", "--no-emit-find-links"),
        *("--custom-compile-command", "make lock"),
        *(["--upgrade"] if upgrade else []),
    ]
    project = "pyproject.toml"
    everything = [project, "--extra", "client", "--extra", "marketplace"]
    overrides = ["--overrides", "requirements/overrides.txt"]
    # The locks are one set of versions: create the larger one first and derive the others.
    same = ["--constraints", "requirements/test.txt"]
    for name, words in (
        ("test", [*everything, "--group", "dev", *overrides]),
        ("run", [*everything, "--group", "build", *overrides, *same]),
        ("bootstrap", ["requirements/bootstrap.in", *same]),
        # The programs that `make installers` packages, and its tools.
        ("client", [project, "--extra", "client", "--extra", "pynput", *overrides, *same]),
        ("marketplace", [project, "--extra", "marketplace", *overrides, *same]),
        ("packaging", ["--group", "packaging", *same]),
        # Packages whose versions differ under Wine.
        ("wine", ["requirements/wine.in"]),
        ("windows-python", ["requirements/windows-python.in"]),
        # Packages that ask for Python 3.12.
        ("interop", ["requirements/interop.in", "--no-deps"]),
    ):
        print_step(f"locking requirements/{name}.txt")
        version = "3.12" if name == "interop" else "3.11"
        output = ["--output-file", f"requirements/{name}.txt", "--python-version", version]
        if not run_quietly([*compile_, *words, *output], env):
            raise SetupError(f"requirements/{name}.txt could not be created; see the output above")


def _lock_of(level: str) -> Path:
    return LOCKS / f"{level}.txt"


def _stamp() -> dict[str, str]:
    try:
        found = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _digest(level: str) -> str:
    """A digest of the environment's inputs: another value requires a new environment."""
    sha = hashlib.sha256()
    for path in (_lock_of(level), LOCKS / "bootstrap.txt", ROOT / "pyproject.toml"):
        sha.update(path.read_bytes())
    return sha.hexdigest()


def _is_complete(level: str) -> bool:
    """Whether the environment works and has every locked package; downloads nothing."""
    if not _is_usable(PYTHON):
        return False
    words = ["pip", "install", "--no-deps", "--offline", "--dry-run", "--require-hashes"]
    files = ["-r", str(_lock_of(level)), "--python", str(PYTHON)]
    env = _clean_environment()
    done = output_of([str(UV), "--no-config", *words, *files], env) or ""
    return "Would make no changes" in done and (_BIN / "workdiary").exists()


def _sync(level: str) -> list[str]:
    return [
        *("--no-config", "pip", "sync", "--require-hashes", "--quiet", "--compile-bytecode"),
        *("--python", str(PYTHON), str(_lock_of(level))),
    ]


def _is_usable(python: Path) -> bool:
    """Whether this interpreter starts and is new enough for the project."""
    code = "import sys; sys.exit(sys.version_info < (3, 11))"
    return output_of([str(python), "-I", "-c", code]) is not None


def _make_venv() -> None:
    if _is_usable(PYTHON):
        return
    if VENV.exists():
        print_step("the virtual environment is broken; creating a new one")
        shutil.rmtree(VENV)
    base = _base_python()
    print_step(f"creating the virtual environment .venv with {base}")
    if not run_quietly([base, "-I", "-m", "venv", str(VENV)]):
        shutil.rmtree(VENV, ignore_errors=True)
        raise SetupError("the virtual environment could not be created; see the output above")


def _base_python() -> str:
    """The system's Python if it is new enough, else the running one.

    A Python from elsewhere may lack modules of the system's, and leaks its paths into a frozen
    program.
    """
    system = Path("/usr/bin/python3")
    if sys.platform.startswith("linux") and _is_usable(system):
        return str(system)
    return sys.executable


def _ensure_uv() -> dict[str, str]:
    """Ensure a working environment with uv in it; returns the environment variables for uv."""
    _make_venv()
    env = _installers_environment()
    _install_uv(env)
    return env


def _install_uv(env: dict[str, str]) -> None:
    pinned = next(
        line.split()[0].removeprefix("uv==")
        for line in (LOCKS / "bootstrap.txt").read_text(encoding="utf-8").splitlines()
        if line.startswith("uv==")
    )
    version = output_of([str(UV), "--version"], env)
    if version is not None and version.split()[1] == pinned:
        return
    print_step("fetching uv, which installs the rest")
    words = ["--quiet", "--no-deps", "--only-binary=:all:", "--require-hashes"]
    from_lock = ["-r", str(LOCKS / "bootstrap.txt")]
    if not run_quietly([str(PYTHON), "-I", "-m", "pip", "install", *words, *from_lock], env):
        raise SetupError("uv could not be fetched; see the output above")


def _clean_environment() -> dict[str, str]:
    """This process's environment without variables that would redirect an installer."""
    misleading = ("PIP_", "PYTHON", "VIRTUAL_ENV", "CONDA_", "UV_PYTHON", "UV_PROJECT")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(misleading)}
    return kept | {"PIP_CONFIG_FILE": os.devnull, "PIP_ROOT_USER_ACTION": "ignore"}


def _installers_environment() -> dict[str, str]:
    """The clean environment with this machine's package index, proxy and CA, if configured.

    They are read from its pip configuration, also for uv. Its other settings are ignored: the locks
    define what is installed.
    """
    config = output_of([str(PYTHON), "-m", "pip", "config", "list"]) or ""
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
