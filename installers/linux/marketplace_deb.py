"""Builds the .deb of the marketplace, with a hardened systemd service."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from installers.linux.deb import Compression, Package, build, library_dependencies
from installers.linux.filesystem import FILES, copy, copy_program, write, write_gzip

if TYPE_CHECKING:
    from installers.project import Release

NAME = "workdiary-marketplace"
_DATA = f"/var/lib/{NAME}"
_DESCRIPTION = (
    "The marketplace accepts signed work diaries, logs them in a transparency log,",
    "and shows days and ten-minute slots to the freelancer's client in a browser.",
    "The database is SQLite; pictures are files.",
)
#: The scripts call init-system-helpers, like those of debhelper, and work without systemd.
_UNIT = f"{NAME}.service"
_RELOAD = "systemctl --system daemon-reload >/dev/null || true"
_POSTINST = f"""#!/bin/sh
set -e

if [ "$1" = configure ]; then
    adduser --quiet --system --group --no-create-home --home {_DATA} {NAME}
    install -d -m 0700 -o {NAME} -g {NAME} {_DATA}
    deb-systemd-helper unmask {_UNIT} >/dev/null || true
    if deb-systemd-helper --quiet was-enabled {_UNIT}; then
        deb-systemd-helper enable {_UNIT} >/dev/null || true
    else
        deb-systemd-helper update-state {_UNIT} >/dev/null || true
    fi
    if [ -d /run/systemd/system ]; then
        {_RELOAD}
        deb-systemd-invoke start {_UNIT} >/dev/null || true
    fi
fi
"""
#: Stops the service before an upgrade too: the running program reads files that are replaced.
_PRERM = f"""#!/bin/sh
set -e

if [ -d /run/systemd/system ]; then
    deb-systemd-invoke stop {_UNIT} >/dev/null || true
fi
"""
_POSTRM = f"""#!/bin/sh
set -e

if [ "$1" = remove ]; then
    deb-systemd-helper mask {_UNIT} >/dev/null || true
fi
if [ "$1" = purge ]; then
    deb-systemd-helper purge {_UNIT} >/dev/null || true
    deb-systemd-helper unmask {_UNIT} >/dev/null || true
    rm -rf {_DATA}
    if command -v deluser >/dev/null; then
        deluser --quiet --system {NAME} || true
    fi
fi
if [ -d /run/systemd/system ]; then
    {_RELOAD}
fi
"""


def marketplace_deb(
    tree: Path, licences: Path, release: Release, out: Path, compression: Compression = "xz"
) -> Path:
    """Build the package; returns its file in `out`."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / NAME
        program = root / "usr" / "lib" / NAME
        copy_program(tree, program)
        link = root / "usr" / "bin" / NAME
        link.parent.mkdir(parents=True)
        link.symlink_to(f"../lib/{NAME}/{NAME}")
        copy(FILES / f"{NAME}.service", root / "lib" / "systemd" / "system" / f"{NAME}.service")
        copy(FILES / f"{NAME}.default", root / "etc" / "default" / NAME)
        share = root / "usr" / "share"
        write_gzip(share / "man" / "man1" / f"{NAME}.1.gz", (FILES / f"{NAME}.1").read_bytes())
        write(share / "doc" / NAME / "THIRD_PARTY_LICENSES", licences.read_bytes())
        package = Package(
            NAME,
            root,
            "amd64",
            # Python reads the time zones from the system.
            (*library_dependencies(program), "adduser", "tzdata"),
            "marketplace of work diaries",
            _DESCRIPTION,
            "net",
            scripts={"postinst": _POSTINST, "prerm": _PRERM, "postrm": _POSTRM},
            conffiles=(f"/etc/default/{NAME}",),
        )
        return build(package, release, out, compression)
