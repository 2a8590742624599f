"""The assembled client with a real marketplace, a real keyring and real files."""

from __future__ import annotations

import contextlib
import gc
import os
import shutil
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from diary.objects.enrolment import parse_enrolment
from diary.objects.segment import parse
from diary.verification.evidence import SLOT_MS
from scripts.dev.processes import MarketplaceProcess
from tests.desktop_fixtures.appwindow import Application
from tests.desktop_fixtures.waiting import wait_for
from tests.desktop_fixtures.x11 import Rect
from tests.tracker.machine import Screen
from tests.uploader.secret_service import SecretService
from tracker.input.backends.unavailable import UnavailableInput
from tracker.model.status import Status
from tracker.selection.capture import PORTAL_PICTURE, SCREENCAST_TOKEN, ReselectingBackend
from tracker.selection.input import InputSelection
from ui.cli.main import main
from ui.cli.status import state_folder_status
from ui.client import open_client, rotate_key
from ui.client.client import DesktopClient
from ui.client.interface import ClientCallbacks, LoadedPicture, SyncReport, code_of
from ui.client.options import Options
from ui.client.uploads import upload_pending
from ui.presenters.app_state import StartupPhase
from ui.presenters.consent import agree
from ui.settings.settings import (
    COUNT_INPUT,
    MASKED_APPLICATIONS,
    NETWORK,
    PROXY,
    SCREENS,
    SETTINGS,
    Settings,
    save,
)
from uploader.account.keyring import find_keyring
from uploader.account.keyring_helper import HelperKeyring
from uploader.account.local_data import unsent
from uploader.errors import Problem, StoreError
from uploader.store.outbox import Outbox

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.desktop_fixtures.desktop import Desktop
    from tracker.selection.environment import Environment

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has the Secret Service")

SPEED = 60
# Nothing listens on this port.
NOWHERE = "http://127.0.0.1:9"


@dataclass
class Heard:
    """The client's reports."""

    phases: list[StartupPhase] = field(default_factory=list)
    statuses: list[Status] = field(default_factory=list)
    posts: list[SyncReport] = field(default_factory=list)
    applications: list[tuple[str, ...]] = field(default_factory=list)
    pictures: list[LoadedPicture] = field(default_factory=list)

    @property
    def reports(self) -> ClientCallbacks:
        return ClientCallbacks(
            self.phases.append,
            self.statuses.append,
            self.posts.append,
            applications=self.applications.append,
            picture=self.pictures.append,
        )

    def wait_state(self, state: str) -> Status:
        wait_for(lambda: self.statuses and self.statuses[-1].state == state, what=state)
        return self.statuses[-1]

    def wait_contract(self) -> str:
        wait_for(lambda: self.posts and self.posts[-1].contracts, what="a contract")
        return self.posts[-1].contracts[0].ctr


@dataclass(frozen=True)
class Joined:
    """A computer that has joined a real marketplace: created once, used in copies."""

    url: str
    base: Path
    home: Path
    heard: Heard
    failure: BaseException
    market: Path


@pytest.fixture(scope="module")
def keyring(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SecretService, Path]]:
    home = tmp_path_factory.mktemp("home")
    service = SecretService(home)
    yield service, home
    service.close()
    drop_connections()


def drop_connections() -> None:
    """keyring's backend leaves a connection open where a call failed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture(autouse=True)
def on_the_bus(
    keyring: tuple[SecretService, Path], monkeypatch: pytest.MonkeyPatch
) -> SecretService:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", keyring[0].address)
    return keyring[0]


@pytest.fixture(scope="module")
def joined(
    keyring: tuple[SecretService, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Joined]:
    folder = tmp_path_factory.mktemp("joined")
    market = MarketplaceProcess(folder / "market", dict(os.environ), speed=SPEED)
    try:
        links = market.links()
        heard, code = Heard(), folder / "code"
        options = Options(folder / "client", links.marketplace, code)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("DBUS_SESSION_BUS_ADDRESS", keyring[0].address)
            code.write_text("not-the-code")
            with pytest.raises(Exception, match="unknown, used or expired") as failure:
                open_client(options, Heard().reports)
            assert code.exists()
            code.write_text(links.enrol_code)
            client = open_client(options, heard.reports)
            heard.wait_contract()
            client.close(1.8)
        data = folder / "market" / "data"
        yield Joined(links.marketplace, options.base, keyring[1], heard, failure.value, data)
    finally:
        market.stop()


@pytest.fixture
def again(joined: Joined, tmp_path: Path) -> Iterator[Callable[..., tuple[DesktopClient, Heard]]]:
    """Opens a copy of the joined computer's folder; `url` is its stored marketplace."""
    clients: list[DesktopClient] = []
    base = tmp_path / "client"
    shutil.copytree(joined.base, base)

    def open_it(
        url: str = joined.url, *, pinned: str = joined.url, heard: Heard | None = None
    ) -> tuple[DesktopClient, Heard]:
        [pin] = base.glob("*/marketplace.json")
        pin.write_text(pin.read_text().replace(joined.url, pinned))
        ears = heard or Heard()
        clients.append(open_client(Options(base, url), ears.reports))
        return clients[-1], ears

    yield open_it
    for client in clients:
        client.close(1.8)


Again = Callable[..., tuple[DesktopClient, Heard]]


def test_a_wrong_code_is_reported_and_can_be_put_right(joined: Joined) -> None:
    assert code_of(joined.failure) == "code_invalid"
    assert joined.heard.posts[-1].contracts[0].title == "Acme shop rebuild"


def test_joining_is_shown_and_uses_the_code_up(joined: Joined) -> None:
    assert StartupPhase.SIGNING_IN in joined.heard.phases
    assert not (joined.base.parent / "code").exists()
    [market] = state_folder_status(joined.base)["marketplaces"]
    assert market["joined"]


def test_recorded_work_is_sealed_and_sent(again: Again, tmp_path: Path) -> None:
    client, heard = again()
    assert StartupPhase.SIGNING_IN not in heard.phases
    assert (client.demo, client.aud) == (True, "demo.workdiary.localhost")
    ctr = heard.wait_contract()
    client.engine.choose(ctr)
    client.engine.start(ctr, "The whole way")
    heard.wait_state("recording")
    wait_for(lambda: heard.statuses[-1].session_s >= 60, what="a minute")
    client.engine.stop()
    heard.wait_state("stopped")
    base = tmp_path / "client"
    root = base / "demo.workdiary.localhost"
    wait_for(lambda: not list(root.glob("journal/stretch.*")), timeout=60, what="the segment")
    wait_for(lambda: heard.posts[-1].memos.get(ctr) == ("The whole way",), what="its memo")
    wait_for(
        lambda: not state_folder_status(base)["marketplaces"][0]["waiting"], what="the receipts"
    )
    client.close(1.8)
    [market] = state_folder_status(base)["marketplaces"]
    assert market["sealed_s"] >= 60
    [chain] = market["contracts"]
    assert (chain["ctr"], chain["unreadable"], chain["refused"]) == (ctr, 0, 0)
    assert chain["head"]["seq"] == chain["segments"] - 1


def test_pictures_keep_to_the_settings_from_the_start_and_to_each_change(
    again: Again, tmp_path: Path, clean_desktop: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_SESSION_TYPE", raising=False)
    settings = Settings().changed(SCREENS, "pointer").changed(MASKED_APPLICATIONS, ("Vault",))
    save(tmp_path / "client" / "settings.json", settings)
    client, heard = again(NOWHERE, pinned=NOWHERE)
    pictures = client._pictures
    with Application(clean_desktop, "Vault") as vault:
        vault.window("#e01b84", Rect(100, 100, 300, 200))
        wait_for(clean_desktop.windows, what="the window")

        def take() -> tuple[str, int]:
            frame, masks = pictures.masker.take(lambda: pictures.backend.grab(lambda: 0))
            return frame.screen, len(masks)

        assert take() == ("1", 1)
        client.apply_settings(Settings())
        assert take() == ("all", 0)
        client.request_applications()
        wait_for(lambda: heard.applications == [("Vault",)], what="the application's name")


def test_requests_go_by_the_settings_from_the_start_and_by_each_change(
    again: Again, tmp_path: Path
) -> None:
    url = "https://market.example"
    manual = Settings().changed(NETWORK, "manual")
    save(tmp_path / "client" / "settings.json", manual.changed(PROXY, "http://first.example:1"))
    client, _ = again()
    assert client._route.address_of(url) == "http://first.example:1"
    client.apply_settings(manual.changed(PROXY, "http://second.example:2"))
    assert client._route.address_of(url) == "http://second.example:2"


def test_a_picture_is_read_from_the_state_folder_and_reported(again: Again) -> None:
    client, heard = again(NOWHERE, pinned=NOWHERE)
    heard.wait_contract()
    kept = client._outbox.put_blob(b"a picture")
    client.request_picture(kept)
    client.request_picture("A" * 43)
    wait_for(lambda: len(heard.pictures) == 2, what="two answers")
    assert heard.pictures == [LoadedPicture(kept, b"a picture"), LoadedPicture("A" * 43, b"")]
    client.close(1.8)


def test_a_second_start_needs_no_network_and_no_code(again: Again, tmp_path: Path) -> None:
    client, heard = again(NOWHERE, pinned=NOWHERE)
    ctr = heard.wait_contract()
    client.engine.start(ctr, "Offline")
    heard.wait_state("recording")
    wait_for(lambda: heard.statuses[-1].session_s >= 60, what="a minute")
    client.close(1.8)
    [market] = state_folder_status(tmp_path / "client")["marketplaces"]
    assert market["waiting"] >= 1


def test_agreement_and_contract_are_remembered(again: Again) -> None:
    client, heard = again(NOWHERE, pinned=NOWHERE)
    ctr = heard.wait_contract()
    terms = heard.posts[-1].contracts[0].terms
    assert client.agreement() is None
    client.save_agreement(agree(terms, client.now_ms(), None))
    client.remember_contract(ctr)
    client.close(1.8)
    client, _ = again(NOWHERE)
    agreement = client.agreement()
    assert agreement is not None
    assert agreement.covers(terms)
    assert client.last_contract() == ctr


def test_who_switches_counting_off_is_not_counted_at_the_next_start(
    again: Again, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []

    def choose(environment: Environment, *, counts: bool) -> InputSelection:
        asked.append(counts)
        return InputSelection((UnavailableInput("unavailable", "simulated"),), "simulated")

    monkeypatch.setattr("tracker.selection.input.select_input", choose)
    client, heard = again(NOWHERE, pinned=NOWHERE)
    ctr = heard.wait_contract()
    for counts in (True, False):
        save(tmp_path / "client" / SETTINGS, Settings().changed(COUNT_INPUT, counts))
        client.engine.start(ctr, "Counted or not")
        heard.wait_state("recording")
        client.engine.stop()
        heard.wait_state("stopped")
    assert asked == [True, False]


def test_the_same_marketplace_at_another_address_is_known_by_its_key(
    again: Again, joined: Joined, tmp_path: Path
) -> None:
    again(joined.url, pinned=joined.url.replace("127.0.0.1", "localhost"))
    [market] = state_folder_status(tmp_path / "client")["marketplaces"]
    assert market["url"] == joined.url


def test_two_clients_cannot_share_a_folder(again: Again) -> None:
    again(NOWHERE, pinned=NOWHERE)
    with pytest.raises(OSError, match="is already running") as failure:
        again(NOWHERE)
    assert code_of(failure.value) == "already_running"


def test_without_a_code_the_first_start_reports_that_it_has_not_joined(
    joined: Joined, tmp_path: Path
) -> None:
    with pytest.raises(Exception, match="has not joined") as failure:
        open_client(Options(tmp_path / "new", joined.url), Heard().reports)
    assert code_of(failure.value) == "not_enrolled"


def test_an_unreachable_marketplace_is_needed_the_first_time(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="cannot be reached") as failure:
        open_client(Options(tmp_path / "new", NOWHERE), Heard().reports)
    assert code_of(failure.value) == "offline"


def test_a_keyring_that_cannot_be_unlocked_is_reported(
    again: Again, joined: Joined, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    shutil.copytree(joined.home / "data", home / "data")
    service = SecretService(home)
    try:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", service.address)
        service.lock()
        # No agent is running that could show the keyring's dialog.
        with pytest.raises(Exception, match="keyring") as failure:
            again(NOWHERE, pinned=NOWHERE)
        code = code_of(failure.value)
        del failure
    finally:
        service.close()
        drop_connections()
    assert code in {"keyring_locked", "keyring_failed"}


# A helper whose keyring's dialog stays open until a byte arrives in the pipe at argv[1].
UNANSWERED = """
import os, sys
from uploader.account.keyring_helper import serve
from uploader.account.keyring_helper import HelperKeyring
from uploader.account.keyring import find_keyring

class Unanswered:
    def __init__(self):
        self._store = find_keyring()
    def get_password(self, service, username):
        if not os.path.exists(sys.argv[1] + ".answered"):
            open(sys.argv[1]).read()
        return self._store.get_password(service, username)

serve(Unanswered, sys.stdin.buffer, os.dup(1))
"""


def test_a_keyring_that_waits_for_its_person_is_waited_for_and_shown(
    again: Again, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    dialog = tmp_path / "dialog"
    os.mkfifo(dialog)
    argv = [sys.executable, "-c", UNANSWERED, str(dialog)]
    monkeypatch.setattr("uploader.account.keyring_helper.command", lambda: argv)
    heard, opened = Heard(), threading.Event()

    def open_it() -> None:
        again(NOWHERE, pinned=NOWHERE, heard=heard)
        opened.set()

    opening = threading.Thread(target=open_it)
    opening.start()
    wait_for(lambda: StartupPhase.KEYRING in heard.phases, what="the phase KEYRING")
    assert not opened.is_set()
    Path(f"{dialog}.answered").touch()
    dialog.write_text("the password")
    opening.join(60)
    assert opened.is_set()
    assert heard.phases[-1] is not StartupPhase.KEYRING


def test_the_keyring_is_asked_by_a_helper_that_is_gone_when_the_client_is_open(
    again: Again, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[HelperKeyring] = []

    class Noted(HelperKeyring):
        def __init__(self) -> None:
            super().__init__()
            made.append(self)

    monkeypatch.setattr("uploader.account.keyring_helper.HelperKeyring", Noted)
    again(NOWHERE, pinned=NOWHERE)
    [keyring] = made
    assert keyring.name == "SecretService"
    assert keyring._process is None


def test_left_over_pictures_are_destroyed(again: Again, tmp_path: Path) -> None:
    [pin] = (tmp_path / "client").glob("*/marketplace.json")
    stray = pin.parent / "blobs" / ("A" * 43)
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"left over by a crash")
    again(NOWHERE, pinned=NOWHERE)
    assert not stray.exists()


# Removal of the keys


def _wait_early_in_slot(client: DesktopClient) -> None:
    """Wait until most of the slot, which lasts ten seconds, is left: its end would seal what a test
    is about to record.
    """
    wait_for(lambda: client.now_ms() % SLOT_MS < SLOT_MS // 3, timeout=60, what="a new slot")


def _record(client: DesktopClient, heard: Heard, memo: str) -> None:
    ctr = heard.wait_contract()
    _wait_early_in_slot(client)
    client.engine.start(ctr, memo)
    heard.wait_state("recording")
    wait_for(lambda: heard.statuses[-1].session_s >= 60, what="a minute")


def test_the_own_diary_is_shown_changed_and_deleted(again: Again) -> None:
    from ui.presenters.diary import RowAction
    from uploader.store.local_diary import LocalDay

    days: list[LocalDay] = []
    heard = Heard()
    notices: list[str] = []
    reports = heard.reports

    class Ears(Heard):
        @property
        def reports(self) -> ClientCallbacks:
            return ClientCallbacks(
                reports.phase, reports.status, reports.sync, days.append, notices.append
            )

    # Without the marketplace, which other copies of this computer may have used before: this one
    # would then be treated as restored, and sign its segments again meanwhile.
    client, _ = again(NOWHERE, pinned=NOWHERE, heard=Ears())
    _record(client, heard, "First words")
    client.engine.stop()
    heard.wait_state("stopped")
    client.request_day()
    wait_for(lambda: days and days[-1].entries, what="a row")
    entry = days[-1].entries[-1]
    assert (entry.memo, entry.gives_back) == ("First words", False)
    client.change_memo(entry.hash, "Other words")
    wait_for(lambda: days[-1].entries[-1].memo == "Other words", what="another memo")
    client.delete(entry.hash, RowAction.DELETE_TIME)
    wait_for(lambda: days[-1].entries[-1].gives_back, what="the time to be given back")
    client.delete(entry.hash, RowAction.DELETE_TIME)
    wait_for(lambda: notices, what="a word that nothing is left")
    assert notices == ["nothing_left"]


def test_a_sign_out_that_the_recorder_delays_changes_nothing_and_frees_the_folder(
    joined: Joined, again: Again, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ui.app import _open
    from ui.single_instance import Instance

    client, heard = again()
    _record(client, heard, "Held up")
    disk, commit = threading.Event(), Outbox.commit

    def hangs(outbox: Outbox, *args: Any) -> None:
        disk.wait()
        commit(outbox, *args)

    monkeypatch.setattr(Outbox, "commit", hangs)
    instance = Instance(tmp_path / "client")
    try:
        assert client.sign_out(0.5) == "still_saving"
        options = Options(tmp_path / "client", joined.url)
        with pytest.raises(StoreError) as caught:
            _open(options, instance, Heard().reports)
        assert caught.value.code is Problem.STILL_SAVING
    finally:
        disk.set()
        instance.close()

    def reopened() -> tuple[DesktopClient, Heard] | None:
        with contextlib.suppress(StoreError):
            return again()
        return None

    client, heard = wait_for(reopened, what="the folder to be free")
    root = tmp_path / "client" / "demo.workdiary.localhost"
    sealed = [parse(path.read_bytes()).memo for path in root.glob("segments/*/*.sdjwt")]
    assert "Held up" in sealed
    # It is still signed in, and records.
    assert not list(root.glob("retires/*"))
    _record(client, heard, "After it")
    client.close(10)


@pytest.mark.parametrize("error", [OSError(5, "Input/output error"), RuntimeError("x")])
def test_a_sign_out_that_fails_frees_the_folder(
    again: Again, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    client, _ = again()

    def fails(*_: object, **__: object) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr("uploader.account.sign_out.sign_retirement", fails)
        with pytest.raises(type(error)):
            client.sign_out(5)
    client, heard = again()
    _record(client, heard, "Signed in as before")
    client.close(10)


def test_leaving_seals_and_uploads_and_frees_the_folder(again: Again, tmp_path: Path) -> None:
    client, heard = again()
    _record(client, heard, "Before another marketplace")
    client.leave(30)
    root = tmp_path / "client" / "demo.workdiary.localhost"
    sealed = list(root.glob("segments/*/*.sdjwt"))
    assert "Before another marketplace" in {parse(path.read_bytes()).memo for path in sealed}
    assert len(list(root.glob("segments/*/*.tlog-proof"))) == len(sealed)
    again()[0].close(5)


def test_leaving_without_a_network_keeps_the_work(
    again: Again, joined: Joined, tmp_path: Path
) -> None:
    client, heard = again(NOWHERE, pinned=NOWHERE)
    _record(client, heard, "In the train")
    client.leave(30)
    root = tmp_path / "client" / "demo.workdiary.localhost"
    waiting = unsent(root)
    assert waiting.segments >= 1
    assert waiting.unsealed == 0
    # Later, while another marketplace is open.
    [pin] = root.glob("marketplace.json")
    pin.write_text(pin.read_text().replace(NOWHERE, joined.url))
    upload_pending(Options(tmp_path / "client", joined.url), 30)
    assert unsent(root).is_empty
    again()[0].close(5)


def test_nothing_is_uploaded_for_a_folder_that_a_client_has_or_that_is_not_signed_in(
    again: Again, joined: Joined, tmp_path: Path
) -> None:
    client, _ = again()
    options = Options(tmp_path / "client", joined.url)
    with pytest.raises(StoreError) as raised:
        upload_pending(options, 5)
    assert raised.value.code is Problem.ALREADY_RUNNING
    client.close(5)
    root = tmp_path / "client" / "demo.workdiary.localhost"
    (root / "enrolment.tlog-proof").unlink()
    before = sorted(path.name for path in root.rglob("*.tlog-proof"))
    upload_pending(options, 5)
    assert sorted(path.name for path in root.rglob("*.tlog-proof")) == before


@dataclass
class Held(Heard):
    """Holds the review of each picture once it begins."""

    client: DesktopClient | None = None

    @property
    def reports(self) -> ClientCallbacks:
        return replace(super().reports, status=self.on_status)

    def on_status(self, status: Status) -> None:
        self.statuses.append(status)
        picture = status.picture
        if picture is not None and picture.review_until_ms is not None and self.client is not None:
            self.client.engine.hold_picture(picture.id, True)

    def under_review(self) -> bool:
        """Whether a picture is held. It is some seconds old: one of the last second is not in the
        segment that a Stop ends.
        """
        status = self.statuses[-1] if self.statuses else Status()
        picture = status.picture
        if picture is None or picture.state != "review" or picture.review_until_ms:
            return False
        return (status.since_ms or 0) + status.session_s * 1000 > picture.taken_ms + 5_000


def test_nothing_is_signed_out_while_a_picture_is_under_review(
    again: Again, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its segment could not be sealed, and would not be paid, once the keys are destroyed."""
    screen = Screen()
    monkeypatch.setattr(ReselectingBackend, "session", lambda _: contextlib.nullcontext(screen))
    heard = Held()
    heard.client, _ = again(heard=heard)
    client = heard.client
    ctr = heard.wait_contract()
    _wait_early_in_slot(client)
    client.engine.start(ctr, "With a picture")
    wait_for(heard.under_review, timeout=60, what="a picture under review")
    assert client.sign_out(0.5) == "still_saving"
    root = tmp_path / "client" / "demo.workdiary.localhost"
    assert not list(root.glob("retires/*"))
    # Two if the recording has passed the end of a slot.
    assert list(root.glob("journal/stretch.*"))
    # It is still signed in. The review begins again, and ends by itself. A recording that continues
    # after an upgrade meanwhile has this memo.
    client, later = again()
    assert later.posts[0].memos[ctr][0] == "With a picture"
    assert client.settle(60)
    assert "With a picture" in memos(root)
    assert not list(root.glob("journal/stretch.*"))


def memos(root: Path) -> list[str | None]:
    return [parse(path.read_bytes()).memo for path in root.glob("segments/*/*.sdjwt")]


def test_signing_out_seals_sends_and_destroys_the_keys(again: Again, tmp_path: Path) -> None:
    """Late in the file: afterwards the marketplace accepts nothing from this device."""
    client, heard = again()
    _record(client, heard, "The last words")
    root = tmp_path / "client" / "demo.workdiary.localhost"
    lent = [root / name for name in (PORTAL_PICTURE, SCREENCAST_TOKEN)]
    for file in lent:
        file.write_text("{}")
    # The other tests' copies of this computer use the same keys.
    service, ring = "Workdiary demo.workdiary.localhost", find_keyring()
    kid = parse_enrolment((root / "enrolment.jws").read_bytes()).kid
    items = [f"{kid} {name}" for name in ("signing-key", "sign-in-key", "moment-seed")]
    kept = {item: ring.get_password(service, item) for item in items}
    assert None not in kept.values()
    try:
        assert client.sign_out(30) == "signed_out"
        assert not any(file.exists() for file in lent)
        assert [ring.get_password(service, item) for item in items] == [None] * 3
        with pytest.raises(Exception, match="not joined the marketplace yet"):
            again()
    finally:
        for item, value in kept.items():
            ring.set_password(service, item, value or "")
    sealed = list(root.glob("segments/*/*.sdjwt"))
    assert len(sealed) >= 1
    assert len(list(root.glob("segments/*/*.tlog-proof"))) == len(sealed)
    assert len(list(root.glob("retires/*.tlog-proof"))) == 1
    assert [path.stem for path in root.glob("former/*.jws")] == [kid]


def test_no_key_is_replaced_while_it_has_to_seal(
    joined: Joined, again: Again, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    again()[0].close(5)
    monkeypatch.setattr(DesktopClient, "settle", lambda *_: False)
    code = tmp_path / "code"
    code.write_text("a-code")
    with pytest.raises(StoreError) as raised:
        rotate_key(Options(tmp_path / "client", joined.url, code))
    assert raised.value.code is Problem.STILL_SAVING
    assert code.read_text() == "a-code"
    # It has freed the folder and is still signed in.
    client, heard = again()
    _record(client, heard, "With the same key")


def test_a_new_key_continues_with_the_diary(joined: Joined, again: Again, tmp_path: Path) -> None:
    client, heard = again()
    _record(client, heard, "With the old key")
    client.close(10)
    root = tmp_path / "client" / "demo.workdiary.localhost"
    old = parse_enrolment((root / "enrolment.jws").read_bytes())
    ring, service = find_keyring(), "Workdiary demo.workdiary.localhost"
    items = [f"{old.kid} {name}" for name in ("signing-key", "sign-in-key", "moment-seed")]
    kept = {item: ring.get_password(service, item) for item in items}
    code = tmp_path / "code"
    invited = ["invite", "--data-dir", str(joined.market), "--enrol-file", str(code)]
    subprocess.run([sys.executable, "-m", "marketplace", *invited], check=True, timeout=60)
    try:
        rotate_key(Options(tmp_path / "client", joined.url, code))
        assert [ring.get_password(service, item) for item in items] == [None] * 3
    finally:
        for item, value in kept.items():
            ring.set_password(service, item, value or "")
    new = parse_enrolment((root / "enrolment.jws").read_bytes())
    assert new.replaces == old.kid
    client, heard = again()
    _record(client, heard, "With the new key")
    client.engine.stop()

    def all_are_receipted() -> bool:
        kinds = [list(root.glob(f"{kind}/*.tlog-proof")) for kind in ("vouches", "retires")]
        segments = list(root.glob("segments/*/*.sdjwt"))
        receipts = list(root.glob("segments/*/*.tlog-proof"))
        signers = {parse(path.read_bytes()).kid for path in segments}
        notices = all(kinds) and len(receipts) == len(segments)
        return notices and signers == {old.kid, new.kid}

    wait_for(all_are_receipted, timeout=60, what="all receipts")


def test_a_computer_joins_by_its_command_once(
    joined: Joined, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, base = tmp_path / "code", tmp_path / "joins"
    argv = ["join", "--base-dir", str(base), "--marketplace", joined.url]
    argv += ["--enrol-file", str(code)]
    assert main(argv) == 1
    assert "code" in capsys.readouterr().err
    code.write_text("not-a-code")
    assert main(argv) == 1
    assert "is unknown, used or expired" in capsys.readouterr().err
    assert code.exists()
    invited = ["invite", "--data-dir", str(joined.market), "--enrol-file", str(code)]
    code.unlink()
    subprocess.run([sys.executable, "-m", "marketplace", *invited], check=True, timeout=60)
    assert main(argv) == 0
    assert capsys.readouterr().out == "This computer has joined the marketplace.\n"
    assert not code.exists()
    receipts = list(base.glob("*/enrolment.tlog-proof"))
    assert len(receipts) == 1
    before = receipts[0].read_bytes()
    # A script that runs again: its code was deleted.
    assert main(argv) == 0
    assert "already joined" in capsys.readouterr().out
    code.write_text("unused")
    assert main(argv) == 0
    assert "has already joined" in capsys.readouterr().out
    assert receipts[0].read_bytes() == before
    assert code.read_text() == "unused"


@pytest.mark.parametrize("command", ["join", "sign-out", "rotate-key"])
def test_the_commands_about_keys_report_failures(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = tmp_path / "code"
    code.write_text("a-code")
    argv = [command, "--base-dir", str(tmp_path / "client"), "--marketplace", NOWHERE]
    argv += ["--enrol-file", str(code)] if command != "sign-out" else []
    assert main(argv) == 1
    assert "The marketplace cannot be reached" in capsys.readouterr().err
    assert code.exists()
