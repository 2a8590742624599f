"""Builds the packages for Debian and Ubuntu. Needs dpkg-dev.

A package depends on the system libraries that dpkg-shlibdeps finds in the programs, and on those
that the program loads by name.
"""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from installers.linux.filesystem import FILES, changelog, lay_out_client, write, write_gzip
from installers.project import DESCRIPTION, MAINTAINER, NAME, SUMMARY, BuildError, run, set_times

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from installers.project import Release

#: gzip is faster and serves the tests.
Compression = Literal["xz", "gzip"]
#: Libraries that mss and Qt load by name, fonts, and the certificates that TLS trusts.
_CLIENT_DEPENDS = (
    "libx11-6",
    "libxcb-randr0",
    "libxcb-render0",
    "libxcb-shm0",
    "libxcb-xfixes0",
    "fontconfig-config",
    "fonts-dejavu-core | fonts-noto-core | fonts-liberation2 | fonts-liberation",
    "ca-certificates",
)
_CLIENT_RECOMMENDS = ("gnome-keyring | kwalletmanager", "dbus-user-session", "xdg-utils")
#: For the ScreenCast portal of Wayland desktops.
_CLIENT_SUGGESTS = (
    "gstreamer1.0-tools",
    "gstreamer1.0-pipewire",
    "gstreamer1.0-plugins-base",
    "gstreamer1.0-plugins-good",
)
_OVERRIDES = (
    # PyInstaller's folder contains Python, Qt and other libraries on purpose.
    "embedded-library",
    "shared-library-lacks-prerequisites",
    "hardening-no-fortify-functions",
    "custom-library-search-path",
    "unstripped-binary-or-object",
    "hardening-no-pie",
)


@dataclass(frozen=True)
class Package:
    """A .deb to build from the files in `root`. `scripts` are the maintainer scripts by name,
    `conffiles` absolute paths on the installed system.
    """

    name: str
    root: Path
    architecture: str
    depends: Sequence[str]
    summary: str
    description: Sequence[str]
    section: str
    recommends: Sequence[str] = ()
    suggests: Sequence[str] = ()
    scripts: Mapping[str, str] = field(default_factory=dict)
    conffiles: Sequence[str] = ()


def client_deb(
    tree: Path, licences: Path, release: Release, out: Path, compression: Compression = "xz"
) -> Path:
    """Build the package of the tray program; returns its file in `out`."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / NAME
        lay_out_client(tree, root, "deb", licences)
        package = Package(
            NAME,
            root,
            "amd64",
            list(
                dict.fromkeys(
                    (*library_dependencies(root / "usr" / "lib" / NAME), *_CLIENT_DEPENDS)
                )
            ),
            SUMMARY,
            DESCRIPTION,
            "misc",
            _CLIENT_RECOMMENDS,
            _CLIENT_SUGGESTS,
            client_scripts(),
        )
        return build(package, release, out, compression)


def client_scripts() -> dict[str, str]:
    """The maintainer scripts: a running program seals before its files are replaced, and starts
    again afterwards.
    """
    functions = (FILES / "running_programs.sh").read_text("utf-8")
    begin = f"#!/bin/sh\nset -e\n\n{functions}\n"
    return {
        "prerm": f"{begin}"
        "case $1 in\n    upgrade) begin_upgrade ;;\n    remove) end_programs TERM ;;\nesac\n",
        "postinst": f"{begin}finish_upgrade\n",
        "postrm": "#!/bin/sh\nset -e\n\n"
        "rm -rf /run/workdiary\n"
        'if [ "$1" = purge ]; then\n    rm -rf /etc/workdiary\nfi\n',
    }


def library_dependencies(folder: Path) -> list[str]:
    """The packages that contain the system libraries needed by the files in a folder, in the form
    of Depends. Raises BuildError if there are none.
    """
    elf = [path for path in sorted(folder.rglob("*")) if _is_elf(path)]
    inside = sorted({path.parent for path in elf})
    with tempfile.TemporaryDirectory() as work:
        control = Path(work) / "debian" / "control"
        write(control, f"Source: {NAME}\n\nPackage: {NAME}\nArchitecture: any\n")
        output = run(
            [
                *("dpkg-shlibdeps", "-O", "--warnings=0", "--ignore-missing-info"),
                *(f"-l{each}" for each in inside),
                *(f"-e{each}" for each in elf),
            ],
            cwd=Path(work),
        )
    found = output.strip().removeprefix("shlibs:Depends=")
    if not found:
        raise BuildError("dpkg-shlibdeps found no dependencies")
    return found.split(", ")


def build(package: Package, release: Release, out: Path, compression: Compression = "xz") -> Path:
    """Add the package's documents and control files, and build it with dpkg-deb; returns its file
    in `out`.
    """
    root, name = package.root, package.name
    documents = root / "usr" / "share" / "doc" / name
    write(documents / "copyright", (FILES / "copyright").read_text("utf-8"))
    write_gzip(documents / "changelog.gz", changelog(release, name, MAINTAINER))
    overrides = "".join(f"{name}: {tag}\n" for tag in _OVERRIDES)
    write(root / "usr" / "share" / "lintian" / "overrides" / name, overrides)
    for path in (root, *root.rglob("*")):
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)
    size = sum(path.lstat().st_size for path in root.rglob("*") if not path.is_dir())
    control = root / "DEBIAN"
    sums = _md5sums(root)
    write(control / "control", _control(package, release, size))
    write(control / "md5sums", sums)
    if package.conffiles:
        write(control / "conffiles", "".join(f"{path}\n" for path in package.conffiles))
    for script, text in package.scripts.items():
        write(control / script, text, 0o755)
    set_times(root, release.epoch)
    out.mkdir(parents=True, exist_ok=True)
    target = out / f"{name}_{release.debian}_{package.architecture}.deb"
    command = ["dpkg-deb", "--root-owner-group", f"-Z{compression}", "--build"]
    command += [str(root), str(target)]
    run(command, env=release.environment())
    return target


def _control(package: Package, release: Release, size: int) -> str:
    lines = {
        "Package": package.name,
        "Version": release.debian,
        "Architecture": package.architecture,
        "Maintainer": MAINTAINER,
        "Installed-Size": str(-(-size // 1024)),
        "Depends": ", ".join(package.depends),
        "Recommends": ", ".join(package.recommends),
        "Suggests": ", ".join(package.suggests),
        "Section": package.section,
        "Priority": "optional",
        "Description": "\n ".join((package.summary, *package.description)),
    }
    return "".join(f"{name}: {value}\n" for name, value in lines.items() if value)


def _md5sums(root: Path) -> str:
    """The checksums that `dpkg --verify` compares. The format has no stronger digest than MD5."""
    files = [path for path in sorted(root.rglob("*")) if path.is_file() and not path.is_symlink()]
    return "".join(
        f"{hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()}  "
        f"{path.relative_to(root)}\n"
        for path in files
    )


def _is_elf(path: Path) -> bool:
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"
