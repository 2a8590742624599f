"""Finds and downloads releases, with TUF's client (`tuf.ngclient`).

Rules kept: trust begins with the root in the program's build; the number and the length of files
are bounded; a release that is not newer than the running version is never offered, even if it is
signed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tuf.api import exceptions
from tuf.ngclient import TargetFile, Updater, UpdaterConfig

from system.files import private_dir
from system.updates.errors import UpdateError, UpdateProblem
from system.updates.fetcher import Download, TransportFetcher
from system.updates.install import ARCHIVE
from system.updates.release import MAX_ARCHIVE, is_newer, parse_version, target_name
from system.updates.source import UpdateSource

#: HTTP statuses of a missing file. The first one ends the search for newer roots, in each check.
_NOT_THERE = (403, 404)
#: The first row that matches applies: the classes inherit from each other.
_PROBLEMS: tuple[tuple[type[Exception], UpdateProblem], ...] = (
    (exceptions.DownloadLengthMismatchError, UpdateProblem.TOO_LARGE),
    (exceptions.SlowRetrievalError, UpdateProblem.TOO_SLOW),
    (exceptions.DownloadError, UpdateProblem.UNREACHABLE),
    (exceptions.ExpiredMetadataError, UpdateProblem.EXPIRED),
    (exceptions.BadVersionNumberError, UpdateProblem.INCONSISTENT),
    (exceptions.UnsignedMetadataError, UpdateProblem.WRONG_SIGNATURE),
    (exceptions.LengthOrHashMismatchError, UpdateProblem.WRONG_CONTENT),
    (exceptions.RepositoryError, UpdateProblem.MALFORMED),
    (OSError, UpdateProblem.DISK),
)
_LONGEST_DETAIL = 200


@dataclass(frozen=True)
class Release:
    """A signed release: its version and the signed facts about its archive."""

    version: str
    target: TargetFile


class UpdateClient:
    """Works in a private `folder`, which one process may use at a time.

    Every method raises UpdateError and nothing else.
    """

    def __init__(
        self, source: UpdateSource, folder: Path, download: Download, monotonic: Callable[[], float]
    ) -> None:
        self._archive = folder / ARCHIVE
        with _converted():
            self._updater = Updater(
                str(private_dir(folder / "metadata")),
                source.metadata,
                target_base_url=source.targets,
                fetcher=TransportFetcher(download, monotonic),
                config=UpdaterConfig(
                    max_root_rotations=64,
                    max_delegations=4,
                    root_max_length=64_000,
                    timestamp_max_length=16_384,
                    snapshot_max_length=64_000,
                    targets_max_length=256_000,
                ),
                bootstrap=source.root,
            )

    def find(self, channel: str, platform: str, running: str) -> Release | None:
        """The release of a channel for a platform, as in `linux-x86_64`; None unless it is newer
        than the `running` version.
        """
        with _converted():
            target = self._updater.get_targetinfo(target_name(channel, platform))
        if target is None:
            return None
        custom = target.custom
        version = custom.get("version") if isinstance(custom, dict) else None
        if parse_version(version) is None:
            raise UpdateError(UpdateProblem.MALFORMED, "the release has no version")
        if target.length > MAX_ARCHIVE:
            raise UpdateError(UpdateProblem.TOO_LARGE, f"an archive of {target.length} bytes")
        return Release(str(version), target) if is_newer(str(version), running) else None

    def fetch(self, release: Release) -> Path:
        """Download the archive of a release, unless it is there already; returns its path. Its
        length and hash are the signed ones.
        """
        path = str(self._archive)
        with _converted():
            if self._updater.find_cached_target(release.target, path) is None:
                self._updater.download_target(release.target, path)
        return self._archive

    def discard(self) -> None:
        """Remove the downloaded archive."""
        with _converted():
            self._archive.unlink(missing_ok=True)


@contextmanager
def _converted() -> Iterator[None]:
    """Raise the errors of TUF's client and of the disk as UpdateError."""
    try:
        yield
    except exceptions.DownloadHTTPError as error:
        missing = error.status_code in _NOT_THERE
        code = UpdateProblem.MISSING if missing else UpdateProblem.SERVER_ERROR
        raise UpdateError(code, str(error)[:_LONGEST_DETAIL]) from error
    except tuple(kind for kind, _ in _PROBLEMS) as error:
        code = next(code for kind, code in _PROBLEMS if isinstance(error, kind))
        detail = error.strerror or "" if isinstance(error, OSError) else str(error)
        raise UpdateError(code, detail[:_LONGEST_DETAIL]) from error
