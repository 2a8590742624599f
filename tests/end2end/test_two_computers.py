"""Two computers of one person.

Ana works for Acme on two contracts, on two computers. Time recorded on both at once is paid once.
With a weekly limit, each computer counts the other's time: it stops at the common limit, and the
pages, the computers and the verifier show the same total.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from diary.bundle.check import CheckOptions, check_bundle
from diary.bundle.zip_reader import Archive
from diary.cli.bundle_report import report_json
from diary.core.slots import week_of
from diary.objects.segment import SealedSegment
from marketplace.composition import lock, open_services
from marketplace.core.config import Config
from scripts.dev.processes import Links
from tests.desktop_fixtures.desktop import Desktop
from tests.desktop_fixtures.notifications import Notifications
from tests.desktop_fixtures.target import Target, random_code
from tests.desktop_fixtures.waiting import wait_for
from tests.end2end.running_system import (
    NAME,
    SPEED,
    Reviewer,
    RunningSystem,
    begin_early_in_a_day,
    chromium,
)
from tests.end2end.test_a_day_at_work import seconds
from uploader.store.outbox import Outbox
from uploader.store.state_folder import StateFolder

pytestmark = pytest.mark.xdist_group("end2end-2")

#: The position of the contract's field in the window, in pixels from its top left corner.
_CONTRACT = (150, 48)


class Laptop(RunningSystem):
    """Another computer of the same person: a separate desktop, keyring and state folder."""

    def __init__(self, folder: Path, desktop: Desktop, system: RunningSystem) -> None:
        self.system = system
        super().__init__(folder, desktop)

    def open_marketplace(self) -> Any:
        """The marketplace is that of the first computer; it makes new links for both."""
        note = self.folder / "links.json"
        data = self.system.folder / "market" / "data"
        command = [sys.executable, "-m", "marketplace", "invite", "--data-dir", str(data)]
        subprocess.run([*command, "--links", str(note)], check=True, timeout=120)
        made = Links(**json.loads(note.read_bytes()))
        # A new sign-in link of a person invalidates the older one; an enrolment code does not.
        self.system.links = replace(made, enrol_code=self.system.links.enrol_code)
        return made


def make_contracts(folder: Path, *agreed: dict[str, Any]) -> None:
    """A marketplace's data with a freelancer, a client and a contract for each set of terms."""
    data = folder / "market" / "data"
    begin_early_in_a_day(data, SPEED)
    config = Config(data, NAME, "http://127.0.0.1:1", speed=SPEED)
    with lock(config.data_dir), open_services(config) as deps:
        contracts = deps.contracts
        names = {
            "freelancer": contracts.add_account("freelancer", "Ana Ruiz"),
            "client": contracts.add_account("client", "Acme"),
        }
        for number, terms in enumerate(agreed):
            contracts.add_contract(f"Contract {number}", **names, shots=0, **terms)


@pytest.fixture
def systems(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[list[RunningSystem]]:
    """Two computers at one marketplace; `request.param` are the terms of its contracts."""
    make_contracts(tmp_path / "client", *request.param)
    failed_before = request.session.testsfailed
    with Desktop() as first, Desktop(accessibility=True) as second:
        made: list[RunningSystem] = []
        try:
            made.append(RunningSystem(tmp_path / "client", first))
            (tmp_path / "laptop").mkdir()
            made.append(Laptop(tmp_path / "laptop", second, made[0]))
            yield made
        finally:
            if request.session.testsfailed > failed_before:
                for each in made:
                    request.node.add_report_section("teardown", "evidence", each.evidence())
            for each in reversed(made):
                each.close()


def figure(system: RunningSystem, ctr: str) -> dict[str, Any]:
    """The credited time of a contract that a running client last received."""
    (path,) = system._state("contracts.json")
    listed = json.loads(path.read_bytes())["contracts"]
    found: dict[str, Any] = next(each["figure"] for each in listed if each["ctr"] == ctr)
    return found


def wait_figure(system: RunningSystem, ctr: str, week_s: int) -> None:
    """Wait until a client has received this much time in the week."""
    wait_for(
        lambda: figure(system, ctr)["week_s"] == week_s, timeout=300, every=0.2,
        what=f"{week_s} s in the week of {ctr}",
    )  # fmt: skip


def totals(system: RunningSystem, ctr: str, now_s: int) -> tuple[int, int]:
    """Day and week as counted by the desktop, from the folder of a client that has ended."""
    folder = StateFolder(system.folder / "client", NAME)
    with Outbox(folder, lambda: now_s * 1000) as outbox:
        return outbox.totals(now_s, ctr)


def pages(client: Reviewer, ctr: str) -> dict[str, int]:
    """A contract's totals on the home page, in its week, and on its last day."""
    page = client.page
    page.goto(f"{client.site}/")
    today = page.locator(f"#ctr-{ctr} .today span").get_attribute("title") or ""
    page.goto(f"{client.site}/contracts/{ctr}/weeks/current")
    week = page.locator(".ledger .sum strong").first.get_attribute("title") or ""
    client.open_day(ctr)
    week_of_day = page.locator(".total", has=page.get_by_text("this week", exact=True))
    return {
        "home today": seconds(today),
        "week": seconds(week),
        "day": seconds(client.total("payable")),
        "day week": seconds(week_of_day.locator("dd").get_attribute("title") or ""),
    }


def verified(client: Reviewer, ctr: str, week: int) -> dict[str, Any]:
    """The totals of the contract's week from the verifier's check of the bundle."""
    import datetime as dt

    year, number, _ = dt.datetime.fromtimestamp(week, dt.UTC).isocalendar()
    answer = client.page.request.get(f"{client.site}/v1/bundles/{ctr}/{year}-W{number:02}")
    assert answer.ok
    opened = check_bundle(Archive(io.BytesIO(answer.body())), CheckOptions())
    report = report_json(opened)
    assert report["result"] == "valid", report["findings"]
    (found,) = report["weeks"]
    return dict(found)


def spans(sealed: list[SealedSegment]) -> set[int]:
    """The seconds that segments cover."""
    return {at for each in sealed for at in range(each.segment.t0, each.segment.t1)}


@pytest.mark.parametrize("systems", [[{}, {}]], indirect=True)
def test_two_contracts_of_one_client_recorded_at_once_are_paid_once(
    systems: list[RunningSystem],
) -> None:
    system, laptop = systems
    targets = []
    for computer in systems:
        computer.open_client()
        targets.append(Target(computer.desktop, random_code()))
    system.gui.start_recording("Checkout")
    window = laptop.gui.open_window()
    laptop.gui.wait_ready(window)
    laptop.desktop.focus(window)
    rect = laptop.desktop.x.window(window.id).rect
    laptop.gui._click(rect.x + _CONTRACT[0], rect.y + _CONTRACT[1])
    laptop.desktop.xdotool("key", "Down", "Return")
    laptop.gui.start_recording("Address form")

    def at_once() -> bool:
        for target in targets:
            target.focus()
            target.type("work ")
        return all(computer.sealed() for computer in systems)

    wait_for(at_once, timeout=240, every=0.5, what="a slot on both computers")
    for computer in systems:
        computer.wait_mid_slot()
        computer.stop_recording()
        computer.wait_all_sent()
    recorded = [computer.sealed() for computer in systems]
    ctrs = [{each.segment.ctr for each in sealed} for sealed in recorded]
    assert [len(found) for found in ctrs] == [1, 1]
    (first,), (second,) = ctrs
    assert first != second
    covered, shared = (
        spans(recorded[0]) | spans(recorded[1]),
        spans(recorded[0]) & spans(recorded[1]),
    )
    assert shared, "something was recorded on both at once"
    with chromium() as browser:
        client = Reviewer(browser, system.links.client)
        shown = [pages(client, ctr) for ctr in (first, second)]
        assert sum(each["week"] for each in shown) == len(covered)
        for each in shown:
            assert len(set(each.values())) == 1
        overlap = []
        for ctr in (first, second):
            client.open_day(ctr)
            text = client.page.locator("main").inner_text()
            overlap.append("Overlaps earlier time" in text)
        assert any(overlap)
    for ctr, each in zip((first, second), shown, strict=True):
        for computer in systems:
            wait_figure(computer, ctr, each["week"])
    now_s = system.demo_ms() // 1000
    for computer in systems:
        assert computer.client is not None
        computer.client.stop()
        for ctr, each in zip((first, second), shown, strict=True):
            assert totals(computer, ctr, now_s) == (each["home today"], each["week"])


LIMIT_S = 1_300


@pytest.mark.parametrize("systems", [[{"limit_s": LIMIT_S, "limit_rule": "stop"}]], indirect=True)
def test_the_limit_of_a_contract_counts_both_computers(systems: list[RunningSystem]) -> None:
    system, laptop = systems
    system.open_client()
    target = Target(system.desktop, random_code())
    system.gui.start_recording("Checkout")

    def at_work() -> list[SealedSegment]:
        target.focus()
        target.type("work ")
        return system.sealed()

    wait_for(at_work, timeout=240, every=0.5, what="a slot")
    system.wait_mid_slot()
    system.stop_recording()
    system.wait_all_sent()
    (ctr,) = {each.segment.ctr for each in system.sealed()}
    worked = len(spans(system.sealed()))
    assert worked < LIMIT_S

    laptop.open_client()
    wait_for(lambda: laptop._state("contracts.json"), timeout=120, what="the contracts")
    wait_figure(laptop, ctr, worked)
    target = Target(laptop.desktop, random_code())
    laptop.gui.start_recording("Address form")
    laptop.gui.hide_window()

    def ended() -> bool:
        target.focus()
        target.type("work ")
        return any(each.segment.end == "limit" for each in laptop.sealed())

    wait_for(ended, timeout=240, every=0.5, what="the end at the limit")
    with Notifications(laptop.desktop) as daemon:
        reason = "Recording stopped: weekly limit reached"
        wait_for(lambda: reason in daemon.texts(), what="the notification")
        daemon.press("Open")
    wait_for(laptop.gui.window, what="the client's window")
    laptop.wait_all_sent()
    assert worked + len(spans(laptop.sealed())) == LIMIT_S

    with chromium() as browser:
        client = Reviewer(browser, system.links.client)
        shown = pages(client, ctr)
        week = verified(client, ctr, week_of(system.sealed()[0].segment.t0))
    assert shown == {
        "home today": LIMIT_S,
        "week": LIMIT_S,
        "day": LIMIT_S,
        "day week": LIMIT_S,
    }
    assert (week["payable"], week["over_limit"], week["overlap"]) == (LIMIT_S, 0, 0)
    now_s = system.demo_ms() // 1000
    for computer in systems:
        wait_figure(computer, ctr, LIMIT_S)
        assert computer.client is not None
        computer.client.stop()
        assert totals(computer, ctr, now_s) == (LIMIT_S, LIMIT_S)
