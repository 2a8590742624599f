"""The roll-out of docs/it-guide.md: two users of a computer, a policy, an upgrade, the removal."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.desktop_fixtures.desktop import Desktop
from tests.desktop_fixtures.waiting import wait_for
from tests.installers.conftest import use_repository
from tests.repository.tree import ROOT

if TYPE_CHECKING:
    from tests.installers.conftest import Versions
    from tests.installers.root import DebianRoot

USERS = {"alice": 2001, "bob": 2002}
GUIDE = ROOT / "docs" / "it-guide.md"
pytestmark = pytest.mark.skipif(os.getuid() != 0, reason="needs root, to act as other users")


def policy_of_the_guide() -> str:
    """The example of a policy in the guide, with an address."""
    text = GUIDE.read_text("utf-8")
    (example,) = re.findall(r"```json\n(\{\n  \"organisation\".*?)```", text, re.DOTALL)
    policy = json.loads(example)
    policy["enforced"]["marketplace"] = "https://work.example.org"
    return json.dumps(policy)


def as_user(user: str, argv: list[str]) -> list[str]:
    return ["setpriv", f"--reuid={user}", f"--regid={USERS[user]}", "--init-groups", *argv]


def environment(user: str, desktop: Desktop | None = None) -> dict[str, str]:
    display = {"DISPLAY": desktop.env["DISPLAY"]} if desktop else {}
    # Else libdbus starts a bus of its own.
    display["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=/nonexistent/bus"
    return {"HOME": f"/home/{user}", "USER": user, "LANG": "C.UTF-8", **display}


def test_it_is_rolled_out_to_two_users_with_a_policy_upgraded_and_removed(
    root: DebianRoot, newer_repository: Path, versions: Versions
) -> None:
    root.apt("update")
    root.apt("install", "--no-install-recommends", "workdiary", "passwd")
    for user, number in USERS.items():
        root.run(["useradd", "--create-home", f"--uid={number}", user])
    policy = root.path / "etc" / "workdiary" / "policy.json"
    policy.parent.mkdir(mode=0o755)
    policy.write_text(policy_of_the_guide(), "utf-8")
    policy.chmod(0o644)

    # Each user sees the locked settings.
    for user in USERS:
        found = root.run(as_user(user, ["workdiary", "policy", "--json"]), environment(user))
        report = json.loads(found)
        assert report["errors"] == []
        settings = {each["name"]: each for each in report["settings"]}
        assert settings["count_input"]["value"] is False
        assert settings["count_input"]["source"] == "enforced"
        assert settings["language"]["source"] == "default"
        assert settings["marketplace"]["value"] == "https://work.example.org"
        other = ["workdiary", "run", "--marketplace", "https://other.example"]
        output = root.run(as_user(user, other), environment(user), status=1)
        assert "https://work.example.org" in output

    with Desktop() as desktop:
        processes = {}
        for user in USERS:
            command = root.command(as_user(user, ["workdiary"]), environment(user, desktop))
            processes[user] = desktop.popen(command, log=user)
        # Neither user has joined, and the address does not exist: the main window shows that.
        wait_for(lambda: len(desktop.windows("Workdiary")) == len(USERS), what="both windows")
        use_repository(root, newer_repository)
        root.apt("update")
        root.apt("install", "--no-install-recommends", "--only-upgrade", "workdiary")
        wait_for(lambda: len(desktop.windows("Workdiary")) == len(USERS), what="both windows")
        assert [process.poll() for process in processes.values()] == [None, None]
        version = root.run(as_user("alice", ["workdiary", "--version"]), environment("alice"))
        assert version.strip() == f"workdiary {versions.newer.version}"
        root.apt("purge", "workdiary")
        wait_for(
            lambda: all(process.poll() is not None for process in processes.values()),
            what="the end of both programs",
        )
    assert not policy.exists()
    for user in USERS:
        # The users' own files stay.
        assert (root.path / "home" / user / ".local/state/workdiary/settings.json").parent.exists()
        shutil.rmtree(root.path / "home" / user)
