"""Each attack on updates is refused with its code, and the installation stays as it is."""

from __future__ import annotations

import json
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tuf.api.metadata import Metadata, Targets
from tuf.ngclient._internal import trusted_metadata_set

from system.updates.errors import REFUSED, UpdateError, UpdateProblem
from system.updates.install import Installation
from system.updates.release import MAX_ARCHIVE, platform_name
from system.updates.run import Clocks, Step, Update, run_update
from tests.system.updates.simulated_repository import (
    SimulatedRepository,
    endless,
    fails,
    make_installation,
    make_keys,
    sends,
)

P = UpdateProblem
TARGETS = "targets/stable/*/*.workdiary.tar.xz"


@dataclass
class Case:
    """A computer with 1.0.0 that has seen the signed release 1.1.0, and the repository."""

    repository: SimulatedRepository
    installation: Installation
    old: Path
    clock_step_s: float = 0.001

    def run(self, step: Step = "prepare", channel: str = "stable") -> Update:
        ticks = count(0.0, self.clock_step_s)
        return run_update(
            self.installation,
            self.repository.source,
            channel,
            step,
            self.repository.fetch,
            Clocks(lambda: 1_800_000_000.0, lambda: next(ticks)),
        )

    def answer(self, name: str, answer: Callable[[], Iterator[bytes]]) -> None:
        self.repository.answers[name] = answer

    def restore(self, role: str) -> bytes:
        """The metadata of a role from before the newest release."""
        found = [*self.old.glob("timestamp.json" if role == "timestamp" else f"*.{role}.json")]
        return max(found, key=lambda path: path.name).read_bytes()

    def target(self) -> Path:
        return self.repository.path(TARGETS)


def image(installation: Installation) -> dict[str, bytes]:
    """The content of the files that a start uses: the pointer and all versions."""
    versions = installation.root / "versions"
    files = [path for path in versions.rglob("*") if path.is_file()]
    found = {str(path.relative_to(versions)): path.read_bytes() for path in files}
    return {"pointer": installation.pointer.read().encode(), **found}


@pytest.fixture
def case(tmp_path: Path) -> Case:
    repository = SimulatedRepository(
        tmp_path / "repository", make_keys(each=2), {"root": 2, "stable": 2}
    )
    repository.publish("1.1.0")
    made = Case(repository, make_installation(tmp_path / "root"), tmp_path / "old")
    assert made.run("check") == Update("available", "1.1.0")
    shutil.copytree(repository.folder / "metadata", made.old)
    repository.publish("1.2.0")
    return made


def test_the_signed_release_is_prepared(case: Case) -> None:
    """The update that the other tests attack."""
    assert case.run() == Update("ready", "1.2.0")


# The files


def tamper_target(case: Case) -> None:
    data = bytearray(case.target().read_bytes())
    data[len(data) // 2] ^= 1
    case.target().write_bytes(data)


def shorten_target(case: Case) -> None:
    case.target().write_bytes(case.target().read_bytes()[:-1])


def lengthen_target(case: Case) -> None:
    case.target().write_bytes(case.target().read_bytes() + b"x")


def remove_target(case: Case) -> None:
    case.target().unlink()


def endless_target(case: Case) -> None:
    case.answer(str(case.target().relative_to(case.repository.folder)), endless)


def cut_target(case: Case) -> None:
    name = str(case.target().relative_to(case.repository.folder))
    case.answer(name, fails("connection lost", before=b"x" * 50))


def tamper_timestamp(case: Case) -> None:
    case.repository.edit("timestamp", lambda raw: raw["signed"].update(version=99))


def tamper_channel(case: Case) -> None:
    def change(raw: dict[str, Any]) -> None:
        (target,) = raw["signed"]["targets"].values()
        target["custom"]["version"] = "9.0.0"

    case.repository.edit("stable", change)


def tamper_snapshot(case: Case) -> None:
    case.repository.edit("snapshot", lambda raw: raw["signed"]["meta"].pop("stable.json"))


# Versions and times


def old_timestamp(case: Case) -> None:
    case.answer("metadata/timestamp.json", sends(case.restore("timestamp")))
    case.run("check")  # the same as before: no error
    del case.repository.answers["metadata/timestamp.json"]
    case.run("check")
    case.answer("metadata/timestamp.json", sends(case.restore("timestamp")))


def old_channel(case: Case) -> None:
    """An attacker with the stolen online keys serves the former release again."""
    case.run("check")
    newest = case.repository.newest("stable")
    newest.unlink()
    case.repository.tool().refresh()


def mixed_snapshot(case: Case) -> None:
    name = case.repository.newest("snapshot").name
    case.answer(f"metadata/{name}", sends(case.restore("snapshot")))


def mixed_channel(case: Case) -> None:
    name = case.repository.newest("stable").name
    case.answer(f"metadata/{name}", sends(case.restore("stable")))


def expired(*roles: str) -> Callable[[Case], None]:
    def publish(case: Case) -> None:
        case.repository.now -= timedelta(days=400)
        tool = case.repository.tool()
        if "root" in roles:
            tool.rotate({}, case.repository.signers)
        tool.refresh()

    return publish


# Keys


def other_keys(case: Case) -> None:
    shutil.rmtree(case.repository.folder)
    root = case.repository.root
    stranger = SimulatedRepository(case.repository.folder, make_keys())
    stranger.publish("9.0.0")
    assert stranger.root != root


def one_of_two_signatures(case: Case) -> None:
    signers = case.repository.signers
    few = {**signers, "stable": signers["stable"][:1]}
    archive = case.repository.folder.with_name("archive")
    case.repository.tool(few).release("stable", platform_name(), "1.3.0", archive)


def the_same_key_twice(case: Case) -> None:
    """The signature of one key under two key ids."""

    def change(raw: dict[str, Any]) -> None:
        first = raw["signatures"][0]
        raw["signatures"] = [first, {**first, "keyid": "0" * 64}]

    case.repository.edit("timestamp", change)
    case.repository.edit("timestamp", lambda raw: raw["signatures"][0].update(sig="00" * 64))


def other_channels_key(case: Case) -> None:
    signers = case.repository.signers
    thief = {**signers, "stable": signers["preview"]}
    archive = case.repository.folder.with_name("archive")
    case.repository.tool(thief).release("stable", platform_name(), "1.3.0", archive)


def root_of_new_keys_alone(case: Case) -> None:
    new = make_keys(each=2)
    case.repository.tool(new).rotate({}, new)


def root_of_one_old_key(case: Case) -> None:
    old, new = case.repository.signers, make_keys(each=2)
    case.repository.tool(new).rotate({}, {"root": old["root"][:1]})


def root_with_the_same_number(case: Case) -> None:
    case.answer("metadata/2.root.json", sends(case.repository.root))


# Answers


def answer(name: str, body: Callable[[], Iterator[bytes]]) -> Callable[[Case], None]:
    return lambda case: case.answer(name, body)


def swapped_roles(case: Case) -> None:
    data = case.repository.newest("snapshot").read_bytes()
    case.answer("metadata/timestamp.json", sends(data))


def huge_number(case: Case) -> None:
    case.repository.edit("timestamp", lambda raw: raw["signed"].update(version=10**400))


def slow(case: Case) -> None:
    """An archive that is sent too slowly: a byte every 20 s."""
    case.clock_step_s = 20.0
    name = str(case.target().relative_to(case.repository.folder))
    case.answer(name, lambda: iter([b"x"] * 300))


def slow_timestamp(case: Case) -> None:
    case.clock_step_s = 20.0
    case.answer("metadata/timestamp.json", lambda: iter([b" "] * 10_000))


TIMESTAMP = "metadata/timestamp.json"
NESTED = b'{"signed":' * 3000
ATTACKS: dict[str, tuple[Callable[[Case], None], UpdateProblem]] = {
    "tampered archive": (tamper_target, P.WRONG_CONTENT),
    "archive too short": (shorten_target, P.WRONG_CONTENT),
    "archive too long": (lengthen_target, P.TOO_LARGE),
    "missing archive": (remove_target, P.MISSING),
    "endless archive": (endless_target, P.TOO_LARGE),
    "connection lost in the archive": (cut_target, P.UNREACHABLE),
    "slow archive": (slow, P.TOO_SLOW),
    "tampered timestamp": (tamper_timestamp, P.WRONG_SIGNATURE),
    "tampered release": (tamper_channel, P.WRONG_CONTENT),
    "tampered snapshot": (tamper_snapshot, P.WRONG_CONTENT),
    "older timestamp": (old_timestamp, P.INCONSISTENT),
    "older release, with the online keys": (old_channel, P.INCONSISTENT),
    "new timestamp with old snapshot": (mixed_snapshot, P.WRONG_CONTENT),
    "new snapshot with old release": (mixed_channel, P.WRONG_CONTENT),
    "expired timestamp": (expired(), P.EXPIRED),
    "expired root": (expired("root"), P.EXPIRED),
    "a stranger's repository": (other_keys, P.WRONG_SIGNATURE),
    "one of two signatures": (one_of_two_signatures, P.WRONG_SIGNATURE),
    "a signature under another key's id": (the_same_key_twice, P.WRONG_SIGNATURE),
    "the key of another channel": (other_channels_key, P.WRONG_SIGNATURE),
    "a root that only new keys signed": (root_of_new_keys_alone, P.WRONG_SIGNATURE),
    "a root that one old key signed": (root_of_one_old_key, P.WRONG_SIGNATURE),
    "the old root under a new number": (root_with_the_same_number, P.INCONSISTENT),
    "no timestamp": (answer(TIMESTAMP, fails("404", 404)), P.MISSING),
    "forbidden timestamp": (answer(TIMESTAMP, fails("403", 403)), P.MISSING),
    "server error": (answer("*", fails("500", 500)), P.SERVER_ERROR),
    "no connection": (answer("*", fails("offline")), P.UNREACHABLE),
    "connection lost in the timestamp": (
        answer(TIMESTAMP, fails("connection lost", before=b'{"signed"')),
        P.UNREACHABLE,
    ),
    "endless timestamp": (answer(TIMESTAMP, endless), P.TOO_LARGE),
    "endless root": (answer("metadata/2.root.json", endless), P.TOO_LARGE),
    "large root": (answer("metadata/2.root.json", sends(b" " * 65_000)), P.TOO_LARGE),
    "huge timestamp": (answer(TIMESTAMP, sends(b"{}" + b" " * 20_000)), P.TOO_LARGE),
    "slow timestamp": (slow_timestamp, P.TOO_SLOW),
    "garbage": (answer(TIMESTAMP, sends(b"\x00\xff garbage")), P.MALFORMED),
    "an empty answer": (answer(TIMESTAMP, sends(b"")), P.MALFORMED),
    "a sign-in page": (answer(TIMESTAMP, sends(b"<html>sign in</html>")), P.MALFORMED),
    "JSON that is no metadata": (answer(TIMESTAMP, sends(b"[1, 2]")), P.MALFORMED),
    "nested JSON": (answer(TIMESTAMP, sends(NESTED[:16_000])), P.MALFORMED),
    "a number without bounds": (huge_number, P.WRONG_SIGNATURE),
    "snapshot as timestamp": (swapped_roles, P.MALFORMED),
    "garbage as root": (answer("metadata/2.root.json", sends(b"{}")), P.MALFORMED),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_refused_and_nothing_changes(case: Case, name: str) -> None:
    attack, code = ATTACKS[name]
    attack(case)
    before = image(case.installation)
    with pytest.raises(UpdateError) as caught:
        case.run()
    assert caught.value.code is code
    assert str(caught.value).startswith(code.sentence)
    assert image(case.installation) == before
    assert json.loads((case.installation.updates / "state.json").read_bytes())["ready"] == ""


@pytest.mark.parametrize("name", ATTACKS)
def test_after_an_attack_the_signed_release_is_found(case: Case, name: str) -> None:
    """No attack blocks later updates."""
    kept = case.repository.folder.with_name("kept")
    shutil.copytree(case.repository.folder, kept)
    attack, _ = ATTACKS[name]
    attack(case)
    with pytest.raises(UpdateError):
        case.run()
    case.clock_step_s = 0.001
    case.repository.answers.clear()
    case.repository.now = datetime.now(UTC)
    shutil.rmtree(case.repository.folder)
    shutil.copytree(kept, case.repository.folder)
    # Later numbers than those that stolen keys have signed.
    for _ in range(2):
        case.repository.tool().rotate({}, case.repository.signers)
    for number in range(1, 4):
        case.repository.publish(f"1.2.{number}")
    assert case.run() == Update("ready", "1.2.3")


def test_a_frozen_repository_is_noticed_when_its_timestamp_expires(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server does not change; only the client's clock advances."""

    def at(days: float) -> None:
        now = datetime.now(UTC) + timedelta(days=days)
        clock = SimpleNamespace(
            datetime=SimpleNamespace(now=lambda _: now), timezone=SimpleNamespace(utc=UTC)
        )
        monkeypatch.setattr(trusted_metadata_set, "datetime", clock)

    at(6.9)
    assert case.run("check") == Update("available", "1.2.0")
    at(7.1)
    with pytest.raises(UpdateError) as caught:
        case.run("check")
    assert caught.value.code is P.EXPIRED


def test_new_root_keys_that_the_old_ones_signed_are_trusted(case: Case) -> None:
    old = case.repository.signers
    for number in range(3):
        new = make_keys(("root", "targets", "snapshot", "timestamp"), each=2)
        new = {**new, "stable": old["stable"], "preview": old["preview"]}
        case.repository.tool(new).rotate({}, case.repository.signers)
        case.repository.signers = new
        case.repository.publish(f"2.{number}.0")
    assert case.run() == Update("ready", "2.2.0")


def test_new_keys_of_a_channel_are_trusted(case: Case) -> None:
    old = case.repository.signers
    case.repository.signers = {**old, **make_keys(("stable",), each=2)}
    case.repository.tool().replace_channel_keys("stable", 2)
    case.repository.publish("1.3.0")
    assert case.run() == Update("ready", "1.3.0")
    # The old keys no longer sign.
    archive = case.repository.folder.with_name("archive")
    case.repository.tool(old).release("stable", platform_name(), "1.4.0", archive)
    with pytest.raises(UpdateError) as caught:
        case.run()
    assert caught.value.code is P.WRONG_SIGNATURE


@pytest.mark.parametrize("running", ["1.2.0", "1.3.0", "2.0.0.dev0"])
def test_a_signed_release_that_is_not_newer_is_not_installed(case: Case, running: str) -> None:
    case.installation = make_installation(case.installation.root.with_name("other"), running)
    assert case.run() == Update("up_to_date")
    assert case.installation.versions() == [running]


def test_each_channel_and_platform_has_its_own_release(case: Case) -> None:
    case.repository.publish("2.0.0rc1", "preview")
    case.repository.publish("3.0.0", "stable", platform="other-cpu")
    assert case.run("check") == Update("available", "1.2.0")
    assert case.run("check", "preview") == Update("available", "2.0.0rc1")


def test_a_platform_without_a_release_is_up_to_date(tmp_path: Path, case: Case) -> None:
    empty = SimulatedRepository(tmp_path / "empty")
    case.repository = empty
    case.installation = make_installation(tmp_path / "other")
    assert case.run() == Update("up_to_date")


def sign_again(case: Case, change: Callable[[Targets], None]) -> None:
    """Change the signed release of the channel, with its keys."""
    path = case.repository.newest("stable")
    stable: Metadata[Targets] = Metadata.from_file(str(path))
    change(stable.signed)
    stable.signatures.clear()
    for signer in case.repository.signers["stable"]:
        stable.sign(signer, append=True)
    path.write_bytes(stable.to_bytes())
    case.repository.tool().refresh()


@pytest.mark.parametrize(
    "custom", [{}, {"version": 7}, {"version": "../../x"}, {"version": "01.2"}, [], None, "1.0"]
)
def test_a_signed_release_without_a_valid_version_is_refused(case: Case, custom: object) -> None:
    def change(stable: Targets) -> None:
        (target,) = stable.targets.values()
        target.unrecognized_fields["custom"] = custom

    sign_again(case, change)
    with pytest.raises(UpdateError) as caught:
        case.run()
    assert caught.value.code is P.MALFORMED


def test_a_signed_archive_that_is_too_large_is_not_downloaded(case: Case) -> None:
    def enlarge(stable: Targets) -> None:
        (target,) = stable.targets.values()
        target.length = MAX_ARCHIVE + 1

    sign_again(case, enlarge)
    with pytest.raises(UpdateError) as caught:
        case.run()
    assert caught.value.code is P.TOO_LARGE
    assert not any("workdiary.tar.xz" in name for name in case.repository.requests)


def test_an_unreadable_root_in_the_build_is_an_update_error(case: Case) -> None:
    case.repository.root = b"{}"
    with pytest.raises(UpdateError) as caught:
        case.run()
    assert caught.value.code is P.MALFORMED


def test_the_metadata_is_private(case: Case) -> None:
    case.run()
    folders = (case.installation.updates, case.installation.updates / "metadata")
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in folders] == [0o700, 0o700]


def test_each_problem_has_a_sentence_and_attacks_are_marked_as_refused() -> None:
    assert all(problem.sentence.endswith(".") for problem in UpdateProblem)
    network = {P.MISSING, P.UNREACHABLE, P.SERVER_ERROR, P.TOO_SLOW}
    assert {code for _, code in ATTACKS.values()} - network <= REFUSED
