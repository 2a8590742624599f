"""The client reports what it records, and nothing while it is stopped."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import select

from marketplace.records.heartbeats import recording_since
from marketplace.storage import schema
from tests.desktop_fixtures.waiting import wait_for
from tests.marketplace.live_marketplace import START
from tests.uploader.client_under_test import ClientUnderTest
from tests.uploader.proxy import FaultProxy, reset_at_once
from uploader.worker.heartbeat import LONGEST_S, SHORTEST_S, Heartbeat

AtWork = tuple[ClientUnderTest, FaultProxy]


def recorded(client: ClientUnderTest) -> int | None:
    deps = client.marketplace.deps
    with deps.store.read() as connection:
        columns = schema.contract.c
        chosen = select(columns.ctr).where(columns.ctr == client.contract.ctr)
        found = recording_since(connection, chosen, deps.clock.real_s())
    return found.get(client.contract.ctr)


def heartbeat(client: ClientUnderTest, *, known: bool = True) -> Heartbeat:
    return Heartbeat(client.client, may_send=lambda: known, random=random.Random(5).random)


def test_while_recording_a_report_is_sent_about_once_a_minute(at_work: AtWork) -> None:
    client, _ = at_work
    beats = heartbeat(client)
    beats.recording(client.contract.ctr, START - 660)
    pauses = [beats.beat() for _ in range(3)]
    assert all(pause is not None and SHORTEST_S <= pause <= LONGEST_S for pause in pauses)
    assert len(set(pauses)) == 3
    assert recorded(client) == START - 660


def test_nothing_is_sent_while_stopped(at_work: AtWork) -> None:
    client, proxy = at_work
    beats = heartbeat(client)
    before = len(proxy.requests)
    assert beats.beat() is None
    beats.recording(client.contract.ctr, START)
    beats.recording(None)
    assert beats.beat() is None
    assert len(proxy.requests) == before
    assert recorded(client) is None


def test_nothing_is_sent_before_the_handshake(at_work: AtWork) -> None:
    client, proxy = at_work
    beats = heartbeat(client, known=False)
    beats.recording(client.contract.ctr, START)
    before = len(proxy.requests)
    assert beats.beat() is not None
    assert len(proxy.requests) == before


def test_a_report_that_fails_is_not_repeated_at_once(at_work: AtWork) -> None:
    client, proxy = at_work
    beats = heartbeat(client)
    beats.recording(client.contract.ctr, START)
    proxy.always = reset_at_once
    pause = beats.beat()
    assert pause is not None
    assert pause >= SHORTEST_S
    assert recorded(client) is None


@pytest.mark.parametrize("again", [False, True])
def test_the_thread_reports_a_change_at_once(at_work: AtWork, *, again: bool) -> None:
    client, _ = at_work
    beats = heartbeat(client)
    beats.start()
    try:
        beats.recording(client.contract.ctr, START - 660)
        wait_for(lambda: recorded(client) == START - 660, what="the first report")
        if again:
            beats.recording(client.contract.ctr, START - 630)
            wait_for(lambda: recorded(client) == START - 630, what="the report of the change")
    finally:
        beats.stop()
