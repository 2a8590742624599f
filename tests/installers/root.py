"""A minimal Debian of one suite in a folder, in which commands run as on a separate machine.

The root gets this machine's settings for apt. Commands share the network, the processes and /tmp of
this machine, so that programs in the root can use the tests' desktops.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.desktop_fixtures.waiting import wait_for
from tests.repository.tree import ROOT

_ENTER = ROOT / "scripts" / "dev" / "enter_root.sh"
_BINDS = ("/tmp",)
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_PROXIES = ("http_proxy", "https_proxy", "no_proxy")


class DebianRoot:
    """A root of `suite` in the new folder `path`. `close` removes it."""

    def __init__(self, suite: str, path: Path, packages: Sequence[str] = ()) -> None:
        self.suite = suite
        self.path = path
        with tempfile.TemporaryDirectory() as work:
            sources = _sources(suite, Path(work))
            options = Path(work) / "apt.conf"
            options.write_text(_apt_options(), "utf-8")
            include = ",".join(("ca-certificates", *packages))
            command = ["mmdebstrap", "--quiet", "--variant=apt", f"--include={include}"]
            command += [f"--aptopt={options}", suite, str(path), *map(str, sources)]
            subprocess.run(command, check=True)
        # Packages must not start services: there is no init system.
        policy = path / "usr" / "sbin" / "policy-rc.d"
        policy.write_text("#!/bin/sh\nexit 101\n")
        policy.chmod(0o755)
        shutil.copy("/etc/resolv.conf", path / "etc" / "resolv.conf")
        authorities = path / "usr" / "local" / "share" / "ca-certificates"
        authorities.mkdir(parents=True, exist_ok=True)
        for file in Path("/usr/local/share/ca-certificates").glob("*.crt"):
            shutil.copy(file, authorities)
        # A process that keeps the mounts for all commands, until its input ends.
        binds = [word for folder in _BINDS for word in ("--bind", folder)]
        enter = ["sh", str(_ENTER), *binds, str(path), "cat"]
        self._holder = subprocess.Popen(
            ["unshare", "--mount", "--propagation", "private", *enter],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
        )
        inside = Path(f"/proc/{self._holder.pid}/root")
        wait_for(lambda: inside.resolve() == path.resolve(), what="the mounts of the root")
        self.run(["update-ca-certificates"])

    def close(self) -> None:
        """End the mounts and remove the folder."""
        self._holder.communicate()
        shutil.rmtree(self.path)

    def command(self, argv: Sequence[str], env: Mapping[str, str] | None = None) -> list[str]:
        """The command that runs `argv` in the root, without a process in between."""
        inside = {"PATH": _PATH, "HOME": "/root", "LANG": "C.UTF-8"}
        inside |= {name: os.environ[name] for name in _PROXIES if name in os.environ}
        inside |= dict(env or {})
        return [
            *("nsenter", f"--target={self._holder.pid}", "--mount", "--root", "--wd"),
            *("env", "-i", *(f"{name}={value}" for name, value in inside.items())),
            *argv,
        ]

    def run(
        self, argv: Sequence[str], env: Mapping[str, str] | None = None, *, status: int = 0
    ) -> str:
        """Run a command that must end with `status`; returns its output, both streams together."""
        done = subprocess.run(
            self.command(argv, env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            encoding="utf-8",
            errors="replace",
        )
        assert done.returncode == status, f"{argv}: {done.returncode}\n{done.stdout}"
        return done.stdout

    def apt(self, *words: str, status: int = 0) -> str:
        """Run apt-get without questions."""
        env = {"DEBIAN_FRONTEND": "noninteractive"}
        return self.run(["apt-get", "-q", "-y", *words], env, status=status)

    def files(self) -> set[str]:
        """All files and folders of the root, except homes, caches, logs and apt's lists."""
        left_out = (
            "/home",
            "/root",
            "/tmp",
            "/var/cache",
            "/var/log",
            "/var/lib/apt",
            "/proc",
            "/sys",
        )
        found = set()
        for folder, names, files in os.walk(self.path):
            inside = folder.removeprefix(str(self.path)) or "/"
            names[:] = [
                each for each in names if f"{inside}/{each}".replace("//", "/") not in left_out
            ]
            found |= {f"{inside}/{each}".replace("//", "/") for each in (*names, *files)}
        return found


def _sources(suite: str, work: Path) -> list[Path]:
    """Copies of this machine's apt sources for Debian 12, changed to the suite."""
    found = []
    folder = Path("/etc/apt/sources.list.d")
    for file in (Path("/etc/apt/sources.list"), *sorted(folder.glob("*"))):
        text = file.read_text("utf-8") if file.is_file() else ""
        if re.search(r"^(?:deb|Suites:).*\bbookworm(?: |-updates|-security|$)", text, re.MULTILINE):
            changed = work / file.name
            changed.write_text(re.sub(r"\bbookworm\b", suite, text), "utf-8")
            found.append(changed)
    assert found, "this machine has no list of Debian 12"
    return found


def _apt_options() -> str:
    done = subprocess.run(["apt-config", "dump"], check=True, stdout=subprocess.PIPE, text=True)
    wanted = re.compile(r"Acquire::(?:http|https|Retries|Check-)")
    return "".join(f"{line}\n" for line in done.stdout.splitlines() if wanted.match(line))
