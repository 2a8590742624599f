"""Writes a TUF repository as a folder of files, for any static web server.

    metadata/  N.root.json, N.targets.json, N.stable.json, N.preview.json, N.snapshot.json,
               timestamp.json
    targets/   CHANNEL/PLATFORM/SHA256.workdiary.tar.xz

Rules kept: published metadata never changes, a higher version follows it; `timestamp.json` is
written last, so that an interrupted run publishes no release. The root has the keys and threshold
of each top-level role; `targets` has those of the channels, and delegates `CHANNEL/*/*` to each.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

from securesystemslib.exceptions import StorageError
from securesystemslib.signer import CryptoSigner, Key
from tuf.api.exceptions import UnsignedMetadataError
from tuf.api.metadata import (
    DelegatedRole,
    Delegations,
    Metadata,
    MetaFile,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)
from tuf.api.serialization import DeserializationError

from installers.updates.keys import KeysError, Signers, of_role
from system.files import write_private
from system.updates.release import (
    CHANNELS,
    MAX_ARCHIVE,
    is_newer,
    parse_version,
    target_name,
)

TOP = ("root", "targets", "snapshot", "timestamp")
#: Days until the metadata of a role expires.
EXPIRY_DAYS: Mapping[str, int] = {
    "root": 365,
    "targets": 365,
    "stable": 120,
    "preview": 120,
    "snapshot": 14,
    "timestamp": 7,
}


class Repository:
    """The repository in `folder`, signed by `signers`. `now` returns the time (UTC, aware).

    Every method raises KeysError if a key is missing or the repository cannot be read.
    """

    def __init__(self, folder: Path, signers: Signers, now: Callable[[], datetime]) -> None:
        self._metadata = folder / "metadata"
        self._targets = folder / "targets"
        self._signers = signers
        self._now = now

    def create(self, thresholds: Mapping[str, int]) -> Path:
        """Create the repository; returns the root, which the builds of the program contain.

        `thresholds` has the number of signatures that a role needs, by default 1. Raises KeysError,
        also if the folder has a repository.
        """
        if any(self._metadata.glob("*.json")):
            raise KeysError("The folder has a repository already.")
        for channel in CHANNELS:
            _check_number(channel, of_role(self._signers, channel), thresholds.get(channel, 1))
        self._metadata.mkdir(parents=True, exist_ok=True)
        root = Root()
        for role in TOP:
            _set_keys(root, role, of_role(self._signers, role), thresholds.get(role, 1))
        self._sign(root, "root", of_role(self._signers, "root"))
        roles: dict[str, DelegatedRole] = {}
        keys: dict[str, Key] = {}
        for channel in CHANNELS:
            own = {s.public_key.keyid: s.public_key for s in of_role(self._signers, channel)}
            keys.update(own)
            paths = [f"{channel}/*/*"]
            roles[channel] = DelegatedRole(
                channel, [*own], thresholds.get(channel, 1), terminating=True, paths=paths
            )
        targets = Targets(delegations=Delegations(keys, roles))
        self._sign(targets, "targets", of_role(self._signers, "targets"))
        for channel in CHANNELS:
            self._sign(Targets(), channel, of_role(self._signers, channel))
        self._publish(Snapshot(), Timestamp())
        return self._metadata / "1.root.json"

    def release(self, channel: str, platform: str, version: str, archive: Path) -> None:
        """Publish an archive as the release of a channel for a platform, as in `linux-x86_64`.

        Raises KeysError, also for a version that is not later than the published one. After an
        interruption the same release can be published again.
        """
        if channel not in CHANNELS or parse_version(version) is None:
            raise KeysError("The channel or the version is not valid.")
        if archive.stat().st_size > MAX_ARCHIVE:
            raise KeysError(f"The archive is larger than {MAX_ARCHIVE} bytes; no program takes it.")
        targets = cast("Targets", self._newest(channel).signed)
        name = target_name(channel, platform)
        target = TargetFile.from_file(name, str(archive), ["sha256"])
        target.unrecognized_fields["custom"] = {"version": version}
        before = targets.targets.get(name)
        again = before is not None and before == target
        if before and not again and not is_newer(version, str(before.custom["version"])):
            raise KeysError(f"{before.custom['version']} is published; {version} is not later.")
        file = self._targets / name
        file = file.with_name(f"{target.hashes['sha256']}.{file.name}")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(archive.read_bytes())
        if not again:
            targets.targets[name] = target
            self._sign(targets, channel, of_role(self._signers, channel))
        self.refresh()

    def refresh(self) -> None:
        """Sign snapshot and timestamp again. Do this before they expire."""
        snapshot = cast("Snapshot", self._newest("snapshot").signed)
        timestamp = cast("Timestamp", self._newest("timestamp").signed)
        self._publish(snapshot, timestamp)

    def rotate(self, thresholds: Mapping[str, int], old: Signers) -> Path:
        """Publish a new root with the present keys of all top-level roles, and sign these roles
        again; returns the root. `old` has the keys of the replaced root, which must sign the new
        one too. `thresholds` has the thresholds that change.
        """
        root = cast("Root", self._newest("root").signed)
        for role in TOP:
            threshold = thresholds.get(role, root.roles[role].threshold)
            _set_keys(root, role, of_role(self._signers, role), threshold)
        by_key = {
            signer.public_key.keyid: signer
            for signer in (*of_role(self._signers, "root"), *of_role(old, "root"))
        }
        self._sign(root, "root", tuple(by_key.values()))
        targets = self._newest("targets").signed
        self._sign(targets, "targets", of_role(self._signers, "targets"))
        self.refresh()
        return self._metadata / f"{root.version}.root.json"

    def replace_channel_keys(self, channel: str, threshold: int | None = None) -> None:
        """Delegate a channel to its present keys, and sign it with them. Without a `threshold` the
        channel keeps its own.
        """
        targets = cast("Targets", self._newest("targets").signed)
        if targets.delegations is None or targets.delegations.roles is None:
            raise KeysError("The repository has no channels.")
        role = targets.delegations.roles[channel]
        signers = of_role(self._signers, channel)
        role.threshold = role.threshold if threshold is None else threshold
        _check_number(channel, signers, role.threshold)
        for keyid in [*role.keyids]:
            targets.revoke_key(keyid, channel)
        for signer in signers:
            targets.add_key(signer.public_key, channel)
        self._sign(targets, "targets", of_role(self._signers, "targets"))
        self._sign(self._newest(channel).signed, channel, signers)
        self.refresh()

    def _publish(self, snapshot: Snapshot, timestamp: Timestamp) -> None:
        for role in ("targets", *CHANNELS):
            version = self._newest(role).signed.version
            data = self._file(role, version).read_bytes()
            snapshot.meta[f"{role}.json"] = MetaFile.from_data(version, data, ["sha256"])
        path = self._sign(snapshot, "snapshot", of_role(self._signers, "snapshot"))
        timestamp.snapshot_meta = MetaFile.from_data(
            snapshot.version, path.read_bytes(), ["sha256"]
        )
        self._sign(timestamp, "timestamp", of_role(self._signers, "timestamp"))

    def _sign(self, signed: Any, role: str, signers: tuple[CryptoSigner, ...]) -> Path:
        """Write the next version of a role, signed by all `signers`; returns its file."""
        signed.version = self._number(role) + 1
        signed.expires = (self._now() + timedelta(days=EXPIRY_DAYS[role])).replace(microsecond=0)
        made = Metadata(signed)
        for signer in signers:
            made.sign(signer, append=True)
        self._verify(role, made)
        path = self._file(role, signed.version)
        write_private(path, made.to_bytes())
        path.chmod(0o644)
        return path

    def _verify(self, role: str, made: Metadata[Any]) -> None:
        """Raise KeysError for metadata that programs would refuse: a key of the folder is not one
        of the role, or keys are missing.
        """
        delegators = [made] if role == "root" else []
        if role != "root" or made.signed.version > 1:
            delegators.append(self._newest("targets" if role in CHANNELS else "root"))
        try:
            for each in delegators:
                each.signed.verify_delegate(role, made.signed_bytes, made.signatures)
        except UnsignedMetadataError as error:
            raise KeysError(f"The keys in the folder cannot sign: {error}.") from None

    def _file(self, role: str, version: int) -> Path:
        name = f"{role}.json" if role == "timestamp" else f"{version}.{role}.json"
        return self._metadata / name

    def _number(self, role: str) -> int:
        """The newest version of a role; 0 before there is one."""
        if role == "timestamp":
            path = self._file(role, 0)
            return _read(path).signed.version if path.exists() else 0
        found = self._metadata.glob(f"*.{role}.json")
        return max((int(path.name.split(".")[0]) for path in found), default=0)

    def _newest(self, role: str) -> Metadata[Any]:
        return _read(self._file(role, self._number(role)))


def _read(path: Path) -> Metadata[Any]:
    try:
        return Metadata.from_file(str(path))
    except (StorageError, DeserializationError) as error:
        raise KeysError(f"{path.name} cannot be read; is this a repository?") from error


def _set_keys(root: Root, role: str, signers: tuple[CryptoSigner, ...], threshold: int) -> None:
    for keyid in [*root.roles[role].keyids]:
        root.revoke_key(keyid, role)
    for signer in signers:
        root.add_key(signer.public_key, role)
    root.roles[role].threshold = threshold
    _check_number(role, signers, threshold)


def _check_number(role: str, signers: tuple[CryptoSigner, ...], threshold: int) -> None:
    """Raise KeysError if the role has fewer different keys than its threshold."""
    number = len({signer.public_key.keyid for signer in signers})
    if number < threshold:
        raise KeysError(f"{role} needs {threshold} keys; there are {number}.")
