"""What the packages contain and how to verify them: licences, SBOM (CycloneDX), SHA256SUMS.

gpg signs with the key that WORKDIARY_SIGNING_KEY names. Without that variable the build creates a
test key, and its public part is called TEST-KEY.asc instead of KEY.asc.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from installers.project import BUILD, ROOT, BuildError, run
from installers.tree import tools

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from installers.project import Release

_LICENCES = Path(__file__).with_name("licences")
#: Libraries whose wheels contain no licence text, with the files that apply.
_TEXTS = {
    "pynput": ("LGPL-3.0.txt", "GPL-3.0.txt"),
    "PySide6_Essentials": ("LGPL-3.0.txt", "GPL-3.0.txt"),
    "shiboken6": ("LGPL-3.0.txt", "GPL-3.0.txt"),
    "fontpkg": ("MIT-fontpkg.txt",),
    "obstore": ("MIT-obstore.txt",),
    "python-xlib": ("LGPL-2.1.txt",),
    "standardwebhooks": ("MIT-standardwebhooks.txt",),
}
_RULE = "=" * 100
#: The file beside the packages with the public key that verifies them.
KEY, TEST_KEY = "KEY.asc", "TEST-KEY.asc"
_SIGNING_KEY = "WORKDIARY_SIGNING_KEY"


def write_licences(
    program: str,
    python: Path,
    tree: Path,
    target: Path,
    packages: Path | None = None,
    more: Mapping[str, str] | None = None,
) -> Path:
    """Write the licences of the software in a program's folder: the packages of its environment,
    Python and other libraries of the system, PyInstaller's bootloader. Returns `target`. Raises
    BuildError if a package has no licence text.

    `packages` is a folder with packages in addition to the environment's, `more` has the texts of
    other software by its name.
    """
    head = (
        "Workdiary contains the following software of third parties. Qt (PySide6), psycopg,\n"
        "pynput and python-xlib are under the GNU Lesser General Public License: they are\n"
        "separate files in the program's folder, and may be replaced by modified versions.\n"
    )
    parts = [head]
    missing = []
    for each in _licences(program, python, packages):
        text = (
            "\n\n".join([each["LicenseText"], each["NoticeText"], *_own_texts(each["Name"])])
            .replace("UNKNOWN", "")
            .strip()
        )
        if not text:
            missing.append(each["Name"])
        parts.append(_entry(f"{each['Name']} {each['Version']}", each["License"], text))
    if missing:
        raise BuildError(f"no licence text of: {', '.join(missing)}")
    (bootloader,) = tools().glob("pyinstaller-*.dist-info/**/COPYING.txt")
    parts.append(_entry("PyInstaller's bootloader", "", bootloader.read_text("utf-8")))
    for name, text in sorted({**_system_licences(tree), **(more or {})}.items()):
        parts.append(_entry(name, "", text))
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("\n".join(parts), "utf-8")
    return target


def _licences(program: str, python: Path, packages: Path | None) -> list[dict[str, str]]:
    """The packages of an environment with their licence files."""
    output = run(
        [
            *(str(python), "-m", "piplicenses", "--format=json", "--from=mixed", "--with-system"),
            *("--with-license-file", "--with-notice-file", "--no-license-path"),
            *("--ignore-packages", "workdiary", *_tool_names(program)),
        ],
        env={**os.environ, "PYTHONPATH": _search_path(packages)},
    )
    # A package of the program that the build tools need too is listed twice.
    return list({each["Name"]: each for each in json.loads(output)}.values())


def _search_path(packages: Path | None) -> str:
    """PYTHONPATH with the build tools and the folder of packages."""
    return os.pathsep.join(str(each) for each in (tools(), packages) if each is not None)


def _tool_names(program: str) -> list[str]:
    """The packages that only the build tools need."""
    return sorted(_locked("packaging") - _locked(program))


def _locked(lock: str) -> set[str]:
    lines = (ROOT / "requirements" / f"{lock}.txt").read_text("utf-8").splitlines()
    return {line.partition("==")[0] for line in lines if line[:1].isalnum()}


def _own_texts(name: str) -> list[str]:
    return [(_LICENCES / file).read_text("utf-8") for file in _TEXTS.get(name, ())]


def _system_licences(tree: Path) -> dict[str, str]:
    """The copyright files of the Debian packages whose libraries are in the folder."""
    texts = {}
    for path in sorted(tree.glob("_internal/lib*.so*")):
        found = sorted(Path("/usr/lib").glob(f"*/{path.name}"))
        if path.is_symlink() or not found:
            continue
        package = _package_of(found[0].resolve())
        texts[package] = Path(f"/usr/share/doc/{package}/copyright").read_text("utf-8")
    return texts


def _package_of(file: Path) -> str:
    """The Debian package of a file. With a merged /usr, dpkg may list it without `/usr`."""
    try:
        output = run(["dpkg", "-S", str(file)])
    except BuildError:
        output = run(["dpkg", "-S", str(file).removeprefix("/usr")])
    return output.partition(":")[0]


def _entry(title: str, licence: str, text: str) -> str:
    head = f"{title}\n{licence}\n" if licence else f"{title}\n"
    return f"{_RULE}\n{head}{_RULE}\n\n{text}\n"


def write_sbom(
    python: Path, name: str, release: Release, out: Path, packages: Path | None = None
) -> Path:
    """Write the software bill of materials of an environment, as CycloneDX JSON. `packages` is a
    folder with packages in addition to the environment's.
    """
    target = out / f"{name}-{release.version}.cdx.json"
    # With the tools in PYTHONPATH, the bill would list them too.
    program = (
        f"import runpy, sys; sys.path[:0] = [{str(tools())!r}]; "
        "runpy.run_module('cyclonedx_py', run_name='__main__')"
    )
    run(
        [
            *(sys.executable, "-c", program, "environment", "--output-reproducible"),
            *("--pyproject", str(ROOT / "pyproject.toml"), "--mc-type", "application"),
            *("--output-file", str(target), str(python)),
        ],
        env={**release.environment(), "PYTHONPATH": str(packages or "")},
    )
    return target


def write_sums(files: Iterable[Path], out: Path) -> Path:
    """Write SHA256SUMS of files in `out`, and its detached signature beside it."""
    target = out / "SHA256SUMS"
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(out)}\n"
        for path in sorted(files)
    ]
    target.write_text("".join(lines), "ascii")
    sign(target, "--detach-sign", target.with_suffix(".asc"))
    return target


def signing_key() -> tuple[str, dict[str, str]]:
    """The key for gpg's --local-user, and the environment in which gpg finds it."""
    chosen = os.environ.get(_SIGNING_KEY, "")
    if chosen:
        return chosen, dict(os.environ)
    home = BUILD / "gnupg"
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    env = {**os.environ, "GNUPGHOME": str(home)}
    key = _first_fingerprint(env)
    if not key:
        words = ["--pinentry-mode", "loopback", "--passphrase", "", "--quick-generate-key"]
        run(["gpg", "--batch", *words, "Workdiary TEST key", "rsa3072", "sign", "never"], env=env)
        key = _first_fingerprint(env)
    return key, env


def _first_fingerprint(env: dict[str, str]) -> str:
    """The fingerprint of gpg's first key; "" without a key."""
    output = run(["gpg", "--batch", "--list-keys", "--with-colons"], env=env)
    found = (line.split(":")[9] for line in output.splitlines() if line.startswith("fpr"))
    return next(found, "")


def key_name() -> str:
    """The name of the public key's file."""
    return KEY if os.environ.get(_SIGNING_KEY, "") else TEST_KEY


def sign(file: Path, how: str, target: Path) -> None:
    """Sign a file; `how` is `--detach-sign` or `--clear-sign`."""
    key, env = signing_key()
    target.unlink(missing_ok=True)
    words = ["--batch", "--yes", "--armor", "--local-user", key, "--digest-algo", "SHA512"]
    run(["gpg", *words, "--output", str(target), how, str(file)], env=env)


def export_key(target: Path) -> None:
    """Write the public key that verifies the signatures, in ASCII armour."""
    key, env = signing_key()
    target.unlink(missing_ok=True)
    run(["gpg", "--batch", "--yes", "--armor", "--output", str(target), "--export", key], env=env)
