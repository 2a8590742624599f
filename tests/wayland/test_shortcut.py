"""The portal for shortcuts: it grants, refuses and exits; others cannot press in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from jeepney import DBusAddress, Message, new_signal
from jeepney.io.blocking import open_dbus_connection

from tests.desktop_fixtures.waiting import wait_for
from tests.wayland.simulated_portal import Answer, SimulatedService
from ui.client.shortcut.portal import ID, SHORTCUTS, PortalShortcut
from ui.settings.shortcut import ShortcutKeys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.xdist_group("wayland")

SESSION = "/org/freedesktop/portal/desktop/session/1_5/workdiary"
GRANTED = {"shortcuts": ("a(sa{sv})", [(ID, {"trigger_description": ("s", "Ctrl+Alt+R")})])}


class ShortcutPortal(SimulatedService):
    """Answers a request for shortcuts."""

    def __init__(self, address: str, answer: Answer) -> None:
        self._answer = answer
        self.asked: list[Any] = []
        super().__init__(address)

    def called(self, member: str, call: Message) -> bool:
        """See `SimulatedService`."""
        if member == "CreateSession":
            self.request(call, lambda: (0, {"session_handle": ("s", SESSION)}))
            return True
        if member != "BindShortcuts":
            return super().called(member, call)
        self.asked = list(call.body[:3])
        self.request(call, lambda: self._answer)
        return True

    def press(self, session: str = SESSION, name: str = ID) -> None:
        """Report a press."""
        self._bus.send(activated(session, name))

    def close_session(self, path: str = SESSION) -> None:
        """End the shortcuts, as the desktop's settings can."""
        session = DBusAddress(path, interface="org.freedesktop.portal.Session")
        self._bus.send(new_signal(session, "Closed", "a{sv}", ({},)))


def activated(session: str, name: str) -> Message:
    path = DBusAddress("/org/freedesktop/portal/desktop", interface=SHORTCUTS)
    return new_signal(path, "Activated", "osta{sv}", (session, name, 0, {}))


class Client:
    """A shortcut whose presses are counted and whose reports are kept."""

    def __init__(self) -> None:
        self.presses = 0
        self.reports: list[tuple[str, str]] = []
        self.shortcut = PortalShortcut(
            ShortcutKeys.parse("Ctrl+Alt+R"), "Start or stop", self._press, self._report
        )
        self.shortcut.start()

    def _press(self) -> None:
        self.presses += 1

    def _report(self, problem: str, keys: str) -> None:
        self.reports.append((problem, keys))

    def expect(self, *reports: tuple[str, str]) -> None:
        wait_for(lambda: self.reports == list(reports), what=f"the reports {reports}")


@pytest.fixture
def play(address: str) -> Iterator[Callable[[Answer], ShortcutPortal]]:
    """Put a portal on the bus."""
    made: list[ShortcutPortal] = []

    def start(answer: Answer) -> ShortcutPortal:
        made.append(ShortcutPortal(address, answer))
        return made[-1]

    yield start
    for one in made:
        one.close()


def test_presses_count_from_the_portal_alone_and_for_our_shortcut(
    play: Callable[[Answer], ShortcutPortal], address: str
) -> None:
    portal, client = play((0, GRANTED)), Client()
    client.expect(("", "Ctrl+Alt+R"))
    wanted = {"description": ("s", "Start or stop"), "preferred_trigger": ("s", "CTRL+ALT+r")}
    assert portal.asked == [SESSION, [(ID, wanted)], ""]
    portal.press()
    wait_for(lambda: client.presses == 1, what="the press")
    with open_dbus_connection(address) as other:
        other.send(activated(SESSION, ID))
    portal.press(session=SESSION + "2")
    portal.press(name="another")
    portal.close_session(SESSION + "2")
    portal.press()
    wait_for(lambda: client.presses == 2, what="the second press")
    client.shortcut.stop()
    portal.press()
    assert client.reports == [("", "Ctrl+Alt+R")]
    assert client.presses == 2


@pytest.mark.expected_logs("the shortcut does not work")
@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ((1, {}), "denied"),
        ((0, {}), "denied"),
        ((0, {"shortcuts": ("a(sa{sv})", [("another", {})])}), "denied"),
        ((0, {"shortcuts": ("s", "all")}), "failed"),
        ((7, {}), "failed"),
    ],
)
def test_a_refusal_and_a_wrong_answer_are_reported(
    play: Callable[[Answer], ShortcutPortal], answer: Answer, problem: str
) -> None:
    play(answer)
    client = Client()
    client.expect((problem, ""))
    client.shortcut.stop()


@pytest.mark.expected_logs("the shortcut does not work")
@pytest.mark.parametrize("ends", [ShortcutPortal.close_session, ShortcutPortal.close])
def test_the_end_of_the_shortcut_is_reported(
    address: str, ends: Callable[[ShortcutPortal], None]
) -> None:
    portal, client = ShortcutPortal(address, (0, GRANTED)), Client()
    client.expect(("", "Ctrl+Alt+R"))
    ends(portal)
    client.expect(("", "Ctrl+Alt+R"), ("failed", ""))
    client.shortcut.stop()
    if ends is not ShortcutPortal.close:
        portal.close()


@pytest.mark.usefixtures("address")
@pytest.mark.expected_logs("the shortcut does not work")
def test_a_desktop_without_the_portal_is_reported() -> None:
    client = Client()
    client.expect(("no_portal", ""))
    client.shortcut.stop()
