"""Each setting of a policy reaches the code that applies it: enforced, and as a default."""

from __future__ import annotations

import json
import os
import threading
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest
from PySide6.QtCore import QLocale

from system.updates.source import Disabled, UpdateSource, usable_installation
from tests.tracker.machine import Machine
from tests.ui import scenes
from tests.ui.settings.policy.values import allowed_values
from tracker.masking.masker import Masker, UnavailableLocator
from tracker.selection.environment import Environment
from tracker.selection.input import select_input
from ui.client.capture import CaptureSettings
from ui.client.client import DesktopClient
from ui.client.options import active_marketplace
from ui.client.updates import UpdateResult, helper
from ui.flows.notification import NotificationFlow
from ui.flows.quiet.preview import PreviewFlow
from ui.flows.session import AppSession
from ui.presenters.pictures import CHOSEN
from ui.qt.translation import choose_language
from ui.settings import settings as settings_module
from ui.settings.policy import sources
from ui.settings.settings import TABLE, UPDATE_CHANNEL, Settings, load
from uploader.api.network.route import RouteChoice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from tests.ui.controllers import Make
    from ui.flows.settings.flow import SettingsFlow
    from ui.settings.setting import Setting


class Backend:
    """A capture backend that remembers its target."""

    target = ""

    def set_target(self, target: str) -> None:
        self.target = target


@dataclass
class Parts:
    """The parts of a program that apply the settings of a file."""

    settings: Settings
    folder: Path

    def __post_init__(self) -> None:
        self.backend = Backend()
        self.machine = Machine(terms={"review_s": 15})
        self.outbox = SimpleNamespace(limit_bytes=0)
        self.route: list[RouteChoice] = []
        locator = UnavailableLocator("none")
        self.masker = Masker(locator)
        client = SimpleNamespace(
            _pictures=CaptureSettings(cast("Any", self.backend), locator, self.masker),
            _outbox=self.outbox,
            _route=SimpleNamespace(change=self.route.append),
            engine=self.machine.engine,
        )
        DesktopClient.apply_settings(cast("Any", client), self.settings)

    def notifications(self) -> NotificationFlow:
        flow = NotificationFlow(
            AppSession(scenes.stopped()), None, lambda: False, lambda: datetime.now().astimezone()
        )
        flow.apply_settings(self.settings)
        return flow

    def updates(self) -> tuple[str, bool]:
        """The channel, and whether an installation that could update itself does not."""
        channel = self.settings.text(UPDATE_CHANNEL)
        found = usable_installation(channel, has_source=False, executable="/x/y", frozen=True)
        return channel, found is Disabled.SWITCHED_OFF

    def update_addresses(self) -> list[str]:
        """The addresses that the updates' helper uses."""
        used: list[str] = []

        def update(_: object, source: UpdateSource, *__: object) -> UpdateResult:
            used.extend((source.metadata, source.targets))
            return UpdateResult()

        built = UpdateSource("https://a.example/m/", "https://a.example/t/", b"{}")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(helper, "read_source", lambda _: built)
            patch.setattr(helper, "usable_installation", lambda *_, **__: None)
            patch.setattr(helper, "update", update)
            helper.work(self.folder, "check")
        return used

    def review_ms(self) -> int:
        self.machine.start()
        while not self.machine.has_picture():
            self.machine.run(1)
        return self.machine.picture().review_ms

    def preview(self) -> str | None:
        from PySide6.QtCore import QObject

        holder = QObject()
        holder.current = self.settings  # type: ignore[attr-defined]
        found = PreviewFlow(cast("SettingsFlow", holder), None).hidden("p")
        holder.deleteLater()
        return found


def choice(**values: str) -> RouteChoice:
    return RouteChoice(**cast("Any", values))


#: What each setting changes in the parts that apply it, for a value of the policy.
EFFECTS: dict[str, Callable[[Parts, Any], bool]] = {
    "language": lambda parts, value: (
        choose_language(parts.settings.text(settings_module.LANGUAGE)).language()
        == QLocale(value).language()
    ),
    "picture_in_toast": lambda parts, _: parts.preview() == CHOSEN,
    "remind_after_hours": lambda parts, value: parts.notifications()._long_hours == value,
    "remind_at": lambda parts, value: parts.notifications()._reminders == value,
    "count_input": lambda parts, _: all(
        backend.quality != "ok"
        for backend in select_input(
            Environment("linux", "x11"), counts=parts.settings.flag(settings_module.COUNT_INPUT)
        ).backends
    ),
    "pictures_show": lambda parts, value: parts.backend.target == value,
    "masked_applications": lambda parts, value: (
        parts.masker.rules("").applications >= {name.lower() for name in value}
    ),
    "masked_regions": lambda parts, _: len(parts.masker.rules("").regions) == 1,
    "minimum_review_s": lambda parts, value: parts.review_ms() == value * 1000,
    "disk_share_gb": lambda parts, value: parts.outbox.limit_bytes == value * 10**9,
    "marketplace": lambda parts, value: active_marketplace(parts.folder) == value,
    "network": lambda parts, value: parts.route == [choice(mode=value)],
    "proxy": lambda parts, value: parts.route == [choice(proxy=value)],
    "proxy_user": lambda parts, value: parts.route == [choice(user=value)],
    "proxy_script": lambda parts, value: parts.route == [choice(script=value)],
    "certificate_authority": lambda parts, value: parts.route == [choice(authority=value)],
    "update_channel": lambda parts, value: parts.updates() == (value, value == "off"),
    "update_server": lambda parts, value: (
        parts.update_addresses()
        == [
            f"{value}/metadata/",
            f"{value}/targets/",
        ]
    ),
}


@pytest.fixture(autouse=True)
def locale() -> Iterator[None]:
    before = QLocale()
    yield
    QLocale.setDefault(before)


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[object], None]:
    """Writes the policy of the administrator, who runs the tests."""
    path = tmp_path / "policy.json"
    if os.name != "nt":
        monkeypatch.setattr(sources, "_ADMINISTRATOR", os.getuid())
    monkeypatch.setattr(
        settings_module, "policy_sources", lambda _: (sources.PolicyFile(path, sources.parse_json),)
    )

    def write(content: object) -> None:
        path.write_text(json.dumps(content))
        path.chmod(0o644)

    return write


def test_each_setting_of_a_policy_has_an_effect() -> None:
    rows = {row.name for row in TABLE if row.policy is not None}
    # The system's entry is tested below, with a program.
    assert rows == {*EFFECTS, "start_at_login"}


@pytest.mark.parametrize("section", ["enforced", "defaults"])
@pytest.mark.parametrize("row", [r for r in TABLE if r.name in EFFECTS], ids=lambda row: row.name)
def test_a_value_of_the_policy_is_applied(
    row: Setting,
    section: str,
    write: Callable[[object], None],
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    for value in allowed_values(row):
        before = Parts(load(tmp_path / "settings.json"), tmp_path)
        assert not EFFECTS[row.name](before, value), "the value is the built-in one"
        write({section: {row.name: value}})
        parts = Parts(load(tmp_path / "settings.json"), tmp_path)
        assert EFFECTS[row.name](parts, value)
        write({})


@pytest.mark.expected_logs("policy:")
def test_an_unreadable_policy_restricts_all_parts(
    write: Callable[[object], None], tmp_path: Path, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    write([])
    parts = Parts(load(tmp_path / "settings.json"), tmp_path)
    assert parts.masker.rules("").unreadable
    assert EFFECTS["count_input"](parts, False)
    assert EFFECTS["pictures_show"](parts, "pointer")
    assert EFFECTS["picture_in_toast"](parts, False)
    assert "malformed" in caplog.text


class Item:
    """A login item that remembers how it was changed. A change ends before the next one."""

    def __init__(self, *, on: bool) -> None:
        self.on = on
        self.changes: list[bool] = []
        self.seen = threading.Event()

    def is_on(self) -> bool:
        self.seen.set()
        return self.on

    def set(self, on: bool) -> None:
        self.on = on
        self.changes.append(on)


@pytest.fixture
def item(monkeypatch: pytest.MonkeyPatch) -> Item:
    made = Item(on=False)
    monkeypatch.setattr("ui.client.login_item.select_login_item", lambda *_: made)
    return made


def test_start_at_login_is_enforced_at_each_start(
    make: Make, write: Callable[[object], None], item: Item, tmp_path: Path, qtbot: QtBot
) -> None:
    write({"enforced": {"start_at_login": True}})
    make(settings=load(tmp_path / "settings.json"))
    qtbot.waitUntil(lambda: item.changes == [True])
    # The user removed it in the system's settings.
    item.on = False
    program = make(settings=load(tmp_path / "settings.json"))
    qtbot.waitUntil(lambda: item.changes == [True, True])
    assert program.settings.current.values == {}, "it is not the person's choice"


def test_start_at_login_as_a_default_is_applied_once(
    make: Make, write: Callable[[object], None], item: Item, tmp_path: Path, qtbot: QtBot
) -> None:
    write({"defaults": {"start_at_login": True}})
    make(settings=load(tmp_path / "settings.json"))
    qtbot.waitUntil(lambda: item.changes == [True])
    item.on = False
    item.seen.clear()
    program = make(settings=load(tmp_path / "settings.json"))
    program.settings.show()
    qtbot.waitUntil(item.seen.is_set)
    page = program.windows.settings
    assert page is not None
    qtbot.waitUntil(page.computer.login_box.isEnabled)
    assert not page.computer.login_box.isChecked()
    assert item.changes == [True]


def test_without_a_policy_the_login_item_is_left_alone(
    make: Make, write: Callable[[object], None], item: Item, tmp_path: Path
) -> None:
    write({"enforced": {"language": "de"}})
    make(settings=load(tmp_path / "settings.json"))
    assert not item.seen.is_set()
