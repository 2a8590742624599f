"""The keyring in a helper process: for real, and with simulated helpers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.desktop_fixtures.waiting import wait_for
from ui.cli.main import HELPERS
from uploader.account import keyring_helper
from uploader.account.device_keys import DeviceKeys, DeviceKeyStore
from uploader.account.keyring import find_keyring
from uploader.account.keyring_helper import HelperKeyring, command
from uploader.errors import KeysError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.uploader.secret_service import SecretService

AUD = "m.example"


@pytest.fixture
def keyring() -> Iterator[HelperKeyring]:
    made = HelperKeyring()
    yield made
    made.close()


def process_of(keyring: HelperKeyring) -> subprocess.Popen[bytes]:
    assert keyring._process is not None
    return keyring._process


def problem_of(call: Callable[[], object]) -> tuple[Problem, str]:
    with pytest.raises(KeysError) as caught:
        call()
    return caught.value.code, caught.value.detail


def test_what_the_helper_keeps_is_in_the_systems_keyring(
    service: SecretService, keyring: HelperKeyring
) -> None:
    keyring.find()
    assert keyring.name == "SecretService"
    keys = DeviceKeys.generate()
    DeviceKeyStore(keyring).save(AUD, keys)
    assert DeviceKeyStore(find_keyring()).load(AUD, keys.kid).seed == keys.seed
    assert DeviceKeyStore(keyring).load(AUD, keys.kid).auth.secret == keys.auth.secret
    DeviceKeyStore(keyring).forget(AUD, keys.kid)
    code, _ = problem_of(lambda: DeviceKeyStore(find_keyring()).load(AUD, keys.kid))
    assert code is Problem.KEYS_MISSING


def test_text_of_any_kind_round_trips(service: SecretService, keyring: HelperKeyring) -> None:
    for text in ('"\\\n', "überhaupt 🔑", " ", "x" * 100_000):
        keyring.set_password("Workdiary", "a name, überhaupt", text)
        assert keyring.get_password("Workdiary", "a name, überhaupt") == text


def test_the_helper_ends_with_close_and_starts_again_with_a_call(
    service: SecretService, keyring: HelperKeyring
) -> None:
    keyring.set_password("Workdiary", "name", "secret")
    first = process_of(keyring)
    keyring.close()
    assert first.returncode == 0
    assert keyring.get_password("Workdiary", "name") == "secret"
    assert process_of(keyring) is not first


def test_no_secret_is_on_a_command_line_or_in_an_environment(
    service: SecretService, keyring: HelperKeyring
) -> None:
    keyring.set_password("Workdiary", "name", "a-secret-that-is-looked-for")
    folder = Path(f"/proc/{process_of(keyring).pid}")
    assert b"keyring_helper" in (folder / "cmdline").read_bytes()
    for name in ("cmdline", "environ"):
        assert b"a-secret" not in (folder / name).read_bytes()
    assert not any("a-secret" in value for value in os.environ.values())


def test_a_locked_keyring_and_one_that_is_not_there_keep_their_codes(
    service: SecretService, keyring: HelperKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyring.set_password("Workdiary", "name", "secret")
    service.lock()
    # No agent is running that could show the keyring's dialog.
    code, _ = problem_of(lambda: keyring.get_password("Workdiary", "name"))
    assert code is Problem.KEYRING_LOCKED
    service.close()
    code, _ = problem_of(lambda: keyring.get_password("Workdiary", "name"))
    assert code in {Problem.KEYRING_FAILED, Problem.KEYRING_LOCKED}
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
    keyring.close()
    for call in (keyring.find, lambda: keyring.get_password("Workdiary", "name")):
        assert problem_of(call) == (Problem.KEYRING_ABSENT, "")
    assert keyring._process is None


def test_a_helper_that_dies_is_reported_and_the_next_one_answers(
    service: SecretService, keyring: HelperKeyring
) -> None:
    keyring.find()
    process_of(keyring).kill()
    process_of(keyring).wait()
    code, _ = problem_of(lambda: keyring.get_password("Workdiary", "name"))
    assert code is Problem.KEYRING_FAILED
    keyring.close()
    assert keyring.get_password("Workdiary", "name") is None


# A keyring that never answers, in an otherwise real helper

UNANSWERED = """
import os, pathlib, sys, threading
from uploader.account.keyring_helper import serve

class Unanswered:
    def get_password(self, service, username):
        pathlib.Path(sys.argv[1]).write_text(f"{os.getpid()}.")
        threading.Event().wait()

serve(Unanswered, sys.stdin.buffer, os.dup(1))
"""


def asked(note: Path) -> bool:
    """Whether the call has reached the keyring, whose helper writes its process id there."""
    return note.exists() and note.read_text().endswith(".")


def test_without_a_keyring_and_for_an_unknown_call_the_helper_prints_nothing_else() -> None:
    """The program's log is for its user, and an exiting helper must not write to it."""
    env = {**os.environ, "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"}
    for calls, said in (
        ("", [["problem", "keyring_absent", ""]]),
        ('["unlock"]\n', [["problem", "keyring_absent", ""], ["problem", "keyring_failed"]]),
    ):
        started = subprocess.Popen(
            command(),
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        with started:
            assert started.stdin is not None
            assert started.stdout is not None
            assert started.stderr is not None
            started.stdin.write(calls)
            started.stdin.flush()
            answers = [json.loads(started.stdout.readline()) for _ in said]
            assert [one[: len(two)] for one, two in zip(answers, said, strict=True)] == said
            started.stdin.close()
            assert started.wait(60) == 0
            assert started.stderr.read() == ""


def test_closing_ends_a_call_that_waits_for_a_person(tmp_path: Path) -> None:
    note = tmp_path / "note"
    keyring = HelperKeyring([sys.executable, "-c", UNANSWERED, str(note)])
    problems: list[Problem] = []
    calling = threading.Thread(
        target=lambda: problems.append(problem_of(lambda: keyring.get_password("a", "b"))[0])
    )
    calling.start()
    wait_for(lambda: asked(note), timeout=60, what="the keyring to be asked")
    process = process_of(keyring)
    keyring.close()
    calling.join(60)
    assert process.returncode == 0
    assert problems == [Problem.KEYRING_FAILED]


def test_the_helper_ends_with_the_program_even_while_it_waits(tmp_path: Path) -> None:
    note = tmp_path / "note"
    program = (
        "import sys\n"
        "from uploader.account.keyring_helper import HelperKeyring\n"
        "HelperKeyring([sys.executable, '-c', *sys.argv[1:]]).get_password('a', 'b')\n"
    )
    started = subprocess.Popen([sys.executable, "-c", program, UNANSWERED, str(note)])

    def gone() -> bool:
        try:
            stat = Path(f"/proc/{note.read_text()[:-1]}/stat").read_text("ascii")
            return stat.rpartition(")")[2].split()[0] == "Z"
        except FileNotFoundError:
            return True

    try:
        wait_for(lambda: asked(note), timeout=60, what="the keyring to be asked")
        assert not gone()
    finally:
        started.kill()
        started.wait()
    wait_for(gone, what="the helper to end")


# Simulated helpers


def simulated(script: str) -> HelperKeyring:
    return HelperKeyring([sys.executable, "-c", f"import os, sys\n{script}"])


@pytest.mark.parametrize(
    ("said", "detail"),
    [
        ("", "ended without a response"),
        ("nonsense\\n", "sent no valid response"),
        ('["problem", "no such code", ""]\\n', "sent no valid response"),
        ('["problem"]\\n', "sent no valid response"),
        ("7\\n", "sent no valid response"),
    ],
)
def test_an_invalid_answer_of_the_helper_is_refused(said: str, detail: str) -> None:
    keyring = simulated(f"os.write(1, b'{said}')")
    assert problem_of(keyring.find) == (Problem.KEYRING_FAILED, f"the helper {detail}")


def test_the_code_and_the_detail_of_a_problem_come_through() -> None:
    said = json.dumps(["problem", "keyring_failed", "DBusErrorResponse"])
    keyring = simulated(f"os.write(1, {said.encode()!r} + b'\\n')\nsys.stdin.read()")
    assert problem_of(keyring.find) == (Problem.KEYRING_FAILED, "DBusErrorResponse")


def test_a_missing_program_is_reported() -> None:
    code, detail = problem_of(HelperKeyring(["/no/such/program"]).find)
    assert (code, detail) == (Problem.KEYRING_FAILED, "no helper can be started")


def test_a_packaged_program_is_its_own_helper(
    service: SecretService, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyring = HelperKeyring([sys.executable, "-m", "ui.cli.main", keyring_helper.OPTION])
    keyring.find()
    assert keyring.name == "SecretService"
    keyring.close()
    assert HELPERS[keyring_helper.OPTION] == "uploader.account.keyring_helper"
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert command() == [sys.executable, keyring_helper.OPTION]


def test_the_program_s_side_needs_no_keyring_library() -> None:
    script = (
        "import sys, uploader.account.keyring_helper, uploader.account.device_keys\n"
        "print(sorted({'keyring', 'secretstorage'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
