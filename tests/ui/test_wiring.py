"""The client, put together for real: a real marketplace, a real keyring, real files."""

from __future__ import annotations

import gc
import os
import sys
import threading
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scripts.dev.stage import Links, Marketplace
from tests.rig.waiting import wait_for
from tests.uploader.secret_service import SecretService
from ui.client import Post, Reports, code_of
from ui.options import Options
from ui.presenters.consent import agree
from ui.presenters.scene import Phase
from ui.standing import standing
from ui.wiring import DeskClient, open_client
from uploader.credentials import find_keyring

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.status import Status
    from uploader.credentials import SecretStore

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="the Secret Service is what Linux desktops have"
)

SPEED = 60


@dataclass
class Heard:
    """What the client reported."""

    phases: list[Phase] = field(default_factory=list)
    statuses: list[Status] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)

    @property
    def reports(self) -> Reports:
        return Reports(self.phases.append, self.statuses.append, self.posts.append)

    def wait_state(self, state: str) -> Status:
        wait_for(lambda: self.statuses and self.statuses[-1].state == state, what=state)
        return self.statuses[-1]

    def wait_contract(self) -> str:
        wait_for(lambda: self.posts and self.posts[-1].contracts, what="a contract")
        return self.posts[-1].contracts[0].ctr

    def wait_sent(self) -> None:
        wait_for(
            lambda: self.posts[-1].upload.waiting == 0 and not self.posts[-1].upload.offline,
            what="everything to be sent",
        )


class Place:
    """A marketplace, a keyring and a base folder."""

    def __init__(self, folder: Path, keyring: SecretService) -> None:
        self.folder = folder
        self.keyring = keyring
        self.base = folder / "client"
        self.code_file = folder / "code"
        self._clients: list[DeskClient] = []
        self.market = Marketplace(folder / "market", dict(os.environ), speed=SPEED)
        self.links: Links = self.market.links()
        self.code_file.write_text(self.links.enrol_code)

    def open(self, heard: Heard, marketplace: str | None = None) -> DeskClient:
        options = Options(self.base, marketplace or self.links.marketplace, self.code_file)
        self._clients.append(open_client(options, heard.reports))
        return self._clients[-1]

    def close(self) -> None:
        for client in self._clients:
            client.close(1.8)
        self.market.stop()


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    home = tmp_path / "home"
    home.mkdir()
    keyring = SecretService(home)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", keyring.address)
    made = Place(tmp_path, keyring)
    yield made
    made.close()
    keyring.close()
    with warnings.catch_warnings():
        # keyring's backend leaves a connection open where a call failed.
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


def test_the_first_start_joins_records_and_sends(place: Place) -> None:
    heard = Heard()
    client = place.open(heard)
    assert not place.code_file.exists()
    assert Phase.SIGNING_IN in heard.phases
    assert client.demo
    assert client.aud == "demo.workdiary.localhost"
    ctr = heard.wait_contract()
    client.engine.choose(ctr)
    client.engine.start(ctr, "The whole way")
    heard.wait_state("recording")
    wait_for(lambda: heard.statuses[-1].session_s >= 60, what="a minute")
    client.engine.stop()
    heard.wait_state("stopped")
    wait_for(lambda: client.memos(ctr) == ("The whole way",), what="the segment")
    heard.wait_sent()
    client.close(1.8)
    [market] = standing(place.base)["marketplaces"]
    assert market["joined"]
    assert market["waiting"] == 0
    assert market["sealed_s"] >= 60
    [chain] = market["contracts"]
    assert (chain["ctr"], chain["unreadable"], chain["refused"]) == (ctr, 0, 0)
    assert chain["head"]["seq"] == chain["segments"] - 1


def test_a_second_start_needs_no_network_and_no_code(place: Place) -> None:
    heard = Heard()
    client = place.open(heard)
    ctr = heard.wait_contract()
    terms = heard.posts[-1].contracts[0].terms
    client.keep_agreement(agree(terms, client.now_ms(), None))
    client.remember_contract(ctr)
    client.close(1.8)
    place.market.stop()
    again = Heard()
    client = place.open(again)
    assert again.wait_contract() == ctr
    assert Phase.SIGNING_IN not in again.phases
    assert client.last_contract() == ctr
    agreement = client.agreement()
    assert agreement is not None
    assert agreement.covers(terms)
    client.engine.start(ctr, "Offline")
    again.wait_state("recording")
    wait_for(lambda: again.statuses[-1].session_s >= 60, what="a minute")
    client.close(1.8)
    [market] = standing(place.base)["marketplaces"]
    assert market["waiting"] >= 1


def test_the_same_marketplace_at_another_address_is_known_by_its_key(place: Place) -> None:
    heard = Heard()
    place.open(heard).close(1.8)
    other = place.links.marketplace.replace("127.0.0.1", "localhost")
    client = place.open(heard, other)
    client.close(1.8)
    [market] = standing(place.base)["marketplaces"]
    assert market["url"] == other


def test_two_clients_cannot_share_a_folder(place: Place) -> None:
    place.open(Heard())
    with pytest.raises(OSError, match="already runs") as failure:
        place.open(Heard())
    assert code_of(failure.value) == "already_running"


def test_without_a_code_the_first_start_says_that_it_has_not_joined(place: Place) -> None:
    place.code_file.unlink()
    with pytest.raises(Exception, match="has not joined") as failure:
        place.open(Heard())
    assert code_of(failure.value) == "not_enrolled"


def test_what_failed_once_can_be_tried_again(place: Place) -> None:
    code = place.code_file.read_text()
    place.code_file.write_text("not-the-code")
    with pytest.raises(Exception, match="unknown, used or too old") as failure:
        place.open(Heard())
    assert code_of(failure.value) == "code_invalid"
    assert place.code_file.exists()
    place.code_file.write_text(code)
    place.open(Heard())
    assert not place.code_file.exists()


def test_an_unreachable_marketplace_is_needed_the_first_time(place: Place) -> None:
    with pytest.raises(Exception, match="cannot be reached") as failure:
        place.open(Heard(), "http://127.0.0.1:9")
    assert code_of(failure.value) == "offline"


def test_a_keyring_that_cannot_be_unlocked_is_told(place: Place) -> None:
    place.open(Heard()).close(1.8)
    place.keyring.lock()
    # There is nobody who could show the keyring's dialog here.
    with pytest.raises(Exception, match="keyring") as failure:
        place.open(Heard())
    assert code_of(failure.value) in {"keyring_locked", "keyring_failed"}


class Unanswered:
    """A keyring whose dialog is open until `answer` is set."""

    def __init__(self, store: SecretStore) -> None:
        self._store = store
        self.answer = threading.Event()

    def get_password(self, service: str, username: str) -> str | None:
        assert self.answer.wait(60)
        return self._store.get_password(service, username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self._store.set_password(service, username, password)

    def delete_password(self, service: str, username: str) -> None:
        self._store.delete_password(service, username)


def test_a_keyring_that_waits_for_its_person_is_waited_for_and_said(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.open(Heard()).close(1.8)
    slow = Unanswered(find_keyring())
    monkeypatch.setattr("uploader.credentials.find_keyring", lambda: slow)
    later = Heard()
    opened: list[DeskClient] = []
    opening = threading.Thread(target=lambda: opened.append(place.open(later)))
    opening.start()
    wait_for(lambda: Phase.KEYRING in later.phases, what="the program to say that it waits")
    assert not opened
    slow.answer.set()
    opening.join(60)
    assert len(opened) == 1
    assert later.phases[-1] is not Phase.KEYRING


def test_left_over_pictures_are_destroyed_and_journaled_ones_stay(place: Place) -> None:
    heard = Heard()
    place.open(heard).close(1.8)
    [folder] = [path.parent for path in place.base.glob("*/marketplace.json")]
    stray = folder / "blobs" / ("A" * 43)
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"left over by a crash")
    place.open(heard)
    assert not stray.exists()
