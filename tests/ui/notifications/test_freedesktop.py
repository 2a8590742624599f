"""Notifications of a real daemon (xfce4-notifyd), read and pressed through accessibility."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from importlib.resources import files
from pathlib import Path

import pytest

from tests.desktop_fixtures.bus import NOTIFICATIONS
from tests.desktop_fixtures.desktop import Desktop
from tests.desktop_fixtures.notifications import Notifications
from tests.desktop_fixtures.services import MOCK, Services
from tests.desktop_fixtures.waiting import wait_for
from ui.notifications.freedesktop import FreedesktopNotifier
from ui.notifications.texts import OPEN, Button, Notification

LIMIT = Notification(
    "limit",
    "Recording stopped: weekly limit reached",
    'Acme <b>shop</b> & "co", 30:00 of 30:00.',
    (Button("visit", "Open diary"),),
    urgent=True,
    stays=True,
)


@dataclass
class Answers:
    """A `Receiver` that records its calls."""

    pressed: list[tuple[str, str]] = field(default_factory=list)
    missed: list[Notification] = field(default_factory=list)

    def answered(self, key: str, action: str) -> None:
        self.pressed.append((key, action))

    def not_shown(self, notification: Notification) -> None:
        self.missed.append(notification)


@dataclass
class Screenful:
    """A desktop, what its daemon shows, and a notifier."""

    desktop: Desktop
    daemon: Notifications
    notifier: FreedesktopNotifier
    answers: Answers


@pytest.fixture
def shown() -> Iterator[Screenful]:
    with Desktop(keyring="none", accessibility=True) as desktop:
        answers = Answers()
        notifier = FreedesktopNotifier(
            desktop.env["DBUS_SESSION_BUS_ADDRESS"],
            lambda _: 0.05,
            "Open",
            str(files("assets").joinpath("icons", "app.svg")),
        )
        notifier.start(answers)
        with Notifications(desktop) as daemon:
            yield Screenful(desktop, daemon, notifier, answers)
        notifier.stop()


def test_a_notification_shows_plain_texts_and_reports_its_buttons(shown: Screenful) -> None:
    shown.notifier.show(LIMIT)
    wait_for(lambda: {LIMIT.title, LIMIT.body} <= shown.daemon.texts(), what="the notification")
    shown.daemon.press("Open diary")
    wait_for(lambda: shown.answers.pressed == [("limit", "visit")], what="the answer")
    wait_for(lambda: LIMIT.title not in shown.daemon.texts(), what="the notification to close")
    shown.notifier.show(LIMIT)
    wait_for(lambda: LIMIT.title in shown.daemon.texts(), what="the notification, again")
    shown.daemon.press("Open")
    wait_for(lambda: shown.answers.pressed[1:] == [("limit", OPEN)], what="the second answer")
    assert shown.answers.missed == []


def test_a_newer_notification_replaces_that_of_its_key(shown: Screenful) -> None:
    shown.notifier.show(LIMIT)
    wait_for(lambda: LIMIT.title in shown.daemon.texts(), what="the notification")
    shown.notifier.show(replace(LIMIT, title="Weekly limit reached"))
    shown.notifier.show(replace(LIMIT, key="other", title="Another"))
    wait_for(lambda: {"Weekly limit reached", "Another"} <= shown.daemon.texts(), what="both")
    assert LIMIT.title not in shown.daemon.texts()
    shown.notifier.withdraw("limit")
    shown.notifier.withdraw("unknown")
    wait_for(lambda: "Weekly limit reached" not in shown.daemon.texts(), what="one to be withdrawn")
    assert "Another" in shown.daemon.texts()


def test_the_end_of_the_program_withdraws_all(shown: Screenful) -> None:
    shown.notifier.show(LIMIT)
    wait_for(lambda: LIMIT.title in shown.daemon.texts(), what="the notification")
    shown.notifier.stop()
    wait_for(lambda: LIMIT.title not in shown.daemon.texts(), what="no notification")


def test_persistent_notifications_are_shown_again_by_a_new_daemon(shown: Screenful) -> None:
    shown.notifier.show(LIMIT)
    shown.notifier.show(replace(LIMIT, key="passing", title="Passing", stays=False))
    wait_for(lambda: {LIMIT.title, "Passing"} <= shown.daemon.texts(), what="the notifications")
    shown.desktop.restart_notifications()
    wait_for(lambda: LIMIT.title in shown.daemon.texts(), what="the notification, again")
    assert "Passing" not in shown.daemon.texts()


def test_the_bus_starts_the_daemon() -> None:
    with Desktop(keyring="none", notifications=False, accessibility=True) as desktop:
        assert not desktop.bus.owned(NOTIFICATIONS)
        notifier = FreedesktopNotifier(
            desktop.env["DBUS_SESSION_BUS_ADDRESS"], lambda _: 0.05, "Open", ""
        )
        answers = Answers()
        notifier.start(answers)
        notifier.show(LIMIT)
        wait_for(lambda: desktop.bus.owned(NOTIFICATIONS), what="the daemon")
        notifier.stop()
        assert answers.missed == []


def test_without_a_daemon_each_notification_is_handed_back(tmp_path: Path) -> None:
    """The bus has no DISPLAY, so the daemon that it starts ends at once."""
    with Services(tmp_path) as services:
        answers = Answers()
        notifier = FreedesktopNotifier(services.address, lambda _: 0.05, "Open", "")
        notifier.start(answers)
        notifier.show(LIMIT)
        wait_for(lambda: answers.missed == [LIMIT], what="the notification, handed back")
        notifier.stop()


@pytest.mark.parametrize(
    ("capabilities", "number"),
    [("ret = ['actions']", "ret = 'one'"), ("ret = []", "raise Exception('refused')")],
)
def test_a_faulty_daemon_breaks_nothing(tmp_path: Path, capabilities: str, number: str) -> None:
    with Services(tmp_path) as services:
        services.play(NOTIFICATIONS, NOTIFICATIONS, "/org/freedesktop/Notifications", NOTIFICATIONS)
        kind = "s" if "one" in number else "u"
        for method, signature, reply, code in (
            ("GetCapabilities", "", "as", capabilities),
            ("Notify", "susssasa{sv}i", kind, number),
        ):
            services.ask(
                NOTIFICATIONS,
                "/org/freedesktop/Notifications",
                MOCK,
                "AddMethod",
                "sssss",
                NOTIFICATIONS,
                method,
                signature,
                reply,
                code,
            )
        answers = Answers()
        notifier = FreedesktopNotifier(services.address, lambda _: 0.05, "Open", "")
        notifier.start(answers)
        notifier.show(LIMIT)
        wait_for(lambda: answers.missed == [LIMIT], what="the notification, handed back")
        notifier.show(replace(LIMIT, key="next"))
        wait_for(lambda: len(answers.missed) == 2, what="the next one, handed back")
        notifier.stop()


def test_without_a_bus_each_notification_is_handed_back() -> None:
    answers = Answers()
    notifier = FreedesktopNotifier("", lambda _: 0.01, "Open", "")
    notifier.start(answers)
    notifier.show(LIMIT)
    wait_for(lambda: answers.missed == [LIMIT], what="the notification, handed back")
    notifier.stop()
