"""A simulated update server at the fetcher's interface: a repository that the release manager's
tools have created, and the answers of a hostile server.
"""

from __future__ import annotations

import io
import json
import lzma
import tarfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Metadata

from installers.updates.keys import ROLES, Signers
from installers.updates.repository import Repository
from system.updates.fetcher import TransferError
from system.updates.install import Installation
from system.updates.release import platform_name
from system.updates.source import UpdateSource

BASE = "https://updates.example/"
#: A packaged program: it answers `--selftest`, else it prints its version and arguments.
PROGRAM = """#!/bin/sh
here=$(dirname "$0")
if [ "$1" = --selftest ]; then
    printf '{"ok": true, "version": "%s"}' "$(cat "$here/version")" > "$3"
    exit 0
fi
echo "$(cat "$here/version") $*"
"""


def make_keys(roles: tuple[str, ...] = ROLES, each: int = 1) -> Signers:
    """New keys, by role."""
    made = {role: [CryptoSigner.generate_ed25519() for _ in range(each)] for role in roles}
    return {role: tuple(signers) for role, signers in made.items()}


def packed(files: Mapping[str, tuple[bytes, int]], *more: tarfile.TarInfo) -> bytes:
    """A tar.xz file. `files` has the content and the mode by name; `more` are entries without
    content.
    """
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as tar:
        for name, (content, mode) in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(content), mode
            tar.addfile(entry, io.BytesIO(content))
        for entry in more:
            tar.addfile(entry)
    return lzma.compress(data.getvalue())


def release_archive(version: str, program: str = PROGRAM) -> bytes:
    """The archive of a simulated program."""
    return packed(
        {
            "workdiary": (program.encode(), 0o755),
            "version": (version.encode(), 0o644),
            "_internal/library": (b"library of " + version.encode(), 0o644),
        }
    )


def make_installation(root: Path, version: str = "1.0.0") -> Installation:
    """An installation with one version, to which the pointer points."""
    made = Installation(root, version, Path("workdiary"))
    folder = made.folder_of(version)
    folder.mkdir(parents=True)
    made.program_of(version).write_text(PROGRAM)
    made.program_of(version).chmod(0o755)
    (folder / "version").write_text(version)
    made.pointer.switch(version)
    return made


class UncheckedRepository(Repository):
    """The tool of an attacker: it signs with any keys."""

    def _verify(self, role: str, made: Metadata[Any]) -> None:
        pass


@dataclass
class SimulatedRepository:
    """Serves the files in `folder`; `answers` replace some of them, by path, "*" for all."""

    folder: Path
    signers: Signers = field(default_factory=make_keys)
    thresholds: Mapping[str, int] = field(default_factory=dict)
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    answers: dict[str, Callable[[], Iterator[bytes]]] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    root: bytes = b""

    def __post_init__(self) -> None:
        self.root = self.tool().create(self.thresholds).read_bytes()

    @property
    def source(self) -> UpdateSource:
        return UpdateSource(f"{BASE}metadata/", f"{BASE}targets/", self.root)

    def tool(self, signers: Signers | None = None) -> Repository:
        """The release manager's tool, with these keys, which may be the wrong ones."""
        kind = Repository if signers is None else UncheckedRepository
        return kind(self.folder, signers or self.signers, lambda: self.now)

    def publish(
        self, version: str, channel: str = "stable", archive: bytes = b"", platform: str = ""
    ) -> None:
        """Publish a release."""
        file = self.folder.with_name("archive")
        file.write_bytes(archive or release_archive(version))
        self.tool().release(channel, platform or platform_name(), version, file)

    def path(self, pattern: str) -> Path:
        """The newest file that matches a pattern below the folder."""
        found = [*self.folder.glob(pattern)]
        return max(found, key=lambda path: (path.stat().st_mtime_ns, path.name))

    def newest(self, role: str) -> Path:
        """The newest metadata of a role."""
        if role == "timestamp":
            return self.folder / "metadata" / "timestamp.json"
        found = [*(self.folder / "metadata").glob(f"*.{role}.json")]
        return max(found, key=lambda path: int(path.name.split(".")[0]))

    def edit(self, role: str, change: Callable[[dict[str, Any]], object]) -> None:
        """Change the newest metadata of a role without signing it again."""
        path = self.newest(role)
        raw = json.loads(path.read_bytes())
        change(raw)
        path.write_bytes(json.dumps(raw, separators=(",", ":")).encode())

    def fetch(self, url: str) -> Iterator[bytes]:
        """See `Download`."""
        assert url.startswith(BASE)
        name = url.removeprefix(BASE)
        self.requests.append(name)
        answer = self.answers.get(name) or self.answers.get("*")
        if answer is not None:
            yield from answer()
            return
        try:
            data = (self.folder / name).read_bytes()
        except FileNotFoundError:
            raise TransferError("404", 404) from None
        for begin in range(0, len(data), 1000):
            yield data[begin : begin + 1000]


def endless() -> Iterator[bytes]:
    """A body that never ends."""
    while True:
        yield b" " * 65536


def sends(data: bytes) -> Callable[[], Iterator[bytes]]:
    """An answer with this body."""
    return lambda: iter([data])


def fails(reason: str, status: int = 0, before: bytes = b"") -> Callable[[], Iterator[bytes]]:
    """An answer that fails after the bytes `before`."""

    def answer() -> Iterator[bytes]:
        if before:
            yield before
        raise TransferError(reason, status)

    return answer
