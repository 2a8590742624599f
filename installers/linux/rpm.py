"""Builds the package for Fedora, RHEL and openSUSE. Needs rpm.

It is built on Debian and has never been installed by dnf. The names of its dependencies are
Fedora's and are not verified.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from installers.inventory import signing_key
from installers.linux.filesystem import FILES, lay_out_client
from installers.project import DESCRIPTION, LICENCE, NAME, SUMMARY, run, set_times

if TYPE_CHECKING:
    from installers.project import Release

#: Not verified on Fedora.
_REQUIRES = (
    "glibc >= 2.36",
    "libglvnd-egl",
    "libglvnd-glx",
    "glib2",
    "dbus-libs",
    "fontconfig",
    "freetype",
    "libX11",
    "libxcb",
    "libxkbcommon",
    "libxkbcommon-x11",
    "libwayland-client",
    "openssl-libs",
    "sqlite-libs",
    "libffi",
    "expat",
    "zlib",
    "dejavu-sans-fonts",
    "ca-certificates",
)


def client_rpm(tree: Path, licences: Path, release: Release, out: Path) -> Path:
    """Build the package of the tray program without a signature; returns its file in `out`."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        root = work / "files"
        lay_out_client(tree, root, "rpm", licences)
        set_times(root, release.epoch)
        spec = work / f"{NAME}.spec"
        spec.write_text(_spec(root, release), "utf-8")
        defines = {
            "_topdir": str(work / "rpmbuild"),
            "_buildhost": "localhost",
            "use_source_date_epoch_as_buildtime": "1",
            "clamp_mtime_to_source_date_epoch": "1",
            "_binary_payload": "w7.xzdio",
        }
        words = [word for name, value in defines.items() for word in ("-D", f"{name} {value}")]
        run(["rpmbuild", "-bb", "--target", "x86_64", *words, str(spec)], env=release.environment())
        (built,) = (work / "rpmbuild" / "RPMS").rglob("*.rpm")
        out.mkdir(parents=True, exist_ok=True)
        target = out / built.name
        shutil.copy(built, target)
    return target


def sign_rpm(package: Path) -> None:
    """Sign a package in place. The signature contains its time, so it differs in a second build."""
    key, env = signing_key()
    gpg = shutil.which("gpg") or "gpg"
    words = ["-D", f"_gpg_name {key}", "-D", f"__gpg {gpg}"]
    run(["rpmsign", *words, "--addsign", str(package)], env=env)


def _spec(root: Path, release: Release) -> str:
    functions = (FILES / "running_programs.sh").read_text("utf-8")
    requires = "".join(f"Requires: {each}\n" for each in _REQUIRES)
    description = "\n".join(DESCRIPTION)
    return f"""\
%global debug_package %{{nil}}
%global __os_install_post %{{nil}}
%global _build_id_links none
AutoReqProv: no
Name: {NAME}
Version: {release.debian}
Release: 1
Summary: {SUMMARY}
License: {LICENCE}
{requires}
%description
{description}

%install
cp -a {root}/. %{{buildroot}}/

%pre
{functions}
if [ "$1" -gt 1 ]; then begin_upgrade; fi

%post
{functions}
finish_upgrade

%preun
{functions}
if [ "$1" -eq 0 ]; then end_programs TERM; fi

%files
%defattr(-,root,root,-)
/usr/lib/{NAME}
/usr/bin/{NAME}
/usr/share/applications/{NAME}.desktop
/usr/share/metainfo/{NAME}.metainfo.xml
/usr/share/icons/hicolor/scalable/apps/{NAME}.svg
%doc /usr/share/man/man1/{NAME}.1.gz
%dir /usr/share/doc/{NAME}
%license /usr/share/doc/{NAME}/THIRD_PARTY_LICENSES
"""
