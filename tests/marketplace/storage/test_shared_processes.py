"""Several processes of one marketplace over one PostgreSQL database (ADR 0036)."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import psycopg
import pytest

from diary.objects.segment import parse
from marketplace.core.config import ConfigError
from marketplace.storage.engines.postgresql import PostgresqlDatabase
from marketplace.storage.engines.shared_postgresql import (
    WRITING,
)
from tests.desktop_fixtures.waiting import wait_for
from tests.marketplace.postgresql_server import PostgresqlServer, postgresql_server
from tests.marketplace.shared_load import Load, check_log
from tests.marketplace.shared_processes import (
    PATIENCE_S,
    Served,
    SharedMarketplace,
    next_segment,
    send_by,
    shared_marketplace,
)

COMPUTERS = 14


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresqlServer]:
    with postgresql_server(fsync="on", full_page_writes="on") as running:
        yield running


@pytest.fixture(scope="module")
def market(
    server: PostgresqlServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SharedMarketplace]:
    folder = tmp_path_factory.mktemp("shared") / "data"
    with shared_marketplace(folder, server, COMPUTERS) as made:
        yield made


@pytest.fixture
def pair(market: SharedMarketplace) -> tuple[Served, Served]:
    """Two processes, the leader first. Earlier tests may have ended some."""
    alive = [each for each in market.processes if each.alive]
    begun = [market.begin() for _ in range(2 - len(alive))]
    for each in begun:
        market.wait_until_served(each)

    def ordered() -> tuple[Served, Served] | None:
        first, second = sorted([*alive, *begun], key=lambda each: each.role() != "leader")
        return (first, second) if (first.role(), second.role()) == ("leader", "follower") else None

    return wait_for(ordered, timeout=PATIENCE_S, what="one leader")


# Two processes


def test_computers_upload_through_both_processes_and_get_one_log(
    market: SharedMarketplace, pair: tuple[Served, Served]
) -> None:
    with Load(market, lambda: pair, range(4)) as load:
        load.wait_for(40)
    check_log(market, load.receipts)
    market.wait_until_checked()

    def found() -> set[tuple[str, str, str]]:
        return {each for each in market.findings() if each[0] in load.receipts}

    before = found()
    assert before, "the segments are older than the terms, which the checks found"
    with market.opened() as services:
        services.checks.recheck(sorted(load.receipts))
    assert found() == before, "a check of an older state was stored last"


def test_a_proof_is_used_once_in_all_processes(
    market: SharedMarketplace, pair: tuple[Served, Served]
) -> None:
    device = market.device(10, pair[0])
    signed = {
        "Authorization": f"DPoP {device.token}",
        "DPoP": device.proof("GET", "/v1/me", device.token),
    }
    assert device.http.get("/v1/me", headers=signed).status_code == 200
    for served in (pair[1], pair[0]):
        send_by(device, served)
        replayed = device.http.get("/v1/me", headers=signed)
        assert (replayed.status_code, replayed.json()["code"]) == (401, "dpop_invalid")
    assertion, proof = device.assertion(), device.proof("POST", "/oauth/token")
    assert device.ask_token(assertion, proof).status_code == 200
    send_by(device, pair[1])
    assert device.ask_token(assertion).json()["code"] == "invalid_client"
    assert device.ask_token(proof=proof).json()["code"] == "invalid_dpop_proof"
    assert device.call("GET", "/v1/me").status_code == 200


def test_a_device_that_one_process_revokes_is_refused_by_the_other_at_once(
    market: SharedMarketplace, pair: tuple[Served, Served]
) -> None:
    device = market.device(COMPUTERS - 1, pair[0])
    other = market.device(COMPUTERS - 1, pair[1])
    for each in (device, other):
        assert each.call("GET", "/v1/me").status_code == 200
    done = market.run("stop-device", device.key.kid)
    assert done.returncode == 0, done.stderr
    for each in (device, other):
        refused = each.call("GET", "/v1/me")
        assert (refused.status_code, refused.json()["code"]) == (401, "device_revoked")


def test_a_process_that_serves_alone_is_refused_beside_them(
    market: SharedMarketplace, pair: tuple[Served, Served]
) -> None:
    refused = market.run("serve", "--port", "0")
    assert refused.returncode == 2
    assert "Another marketplace is running" in refused.stderr
    with pytest.raises(ConfigError, match="Another marketplace serves"):
        PostgresqlDatabase(market.server.settings(market.database))
    assert pair[0].role() == "leader"


# Failures


def test_the_lease_is_handed_over_by_a_process_that_is_told_to_end(
    market: SharedMarketplace, pair: tuple[Served, Served]
) -> None:
    leader, follower = pair
    with Load(market, lambda: pair, range(4, 6)) as load:
        load.wait_for(4)
        leader.signal(signal.SIGTERM)
        assert leader.process.wait(PATIENCE_S) == 0
        load.wait_for(4)
        follower.wait_until_leader()
    check_log(market, load.receipts)


def test_a_killed_leader_is_followed_and_every_receipt_stays_valid(
    market: SharedMarketplace, pair: tuple[Served, Served]
) -> None:
    leader, follower = pair
    with Load(market, lambda: pair, range(6, 10)) as load:
        load.wait_for(8)
        leader.kill()
        load.wait_for(8)
        assert follower.get("/log/checkpoint").status_code == 200
        follower.wait_until_leader()
        load.wait_for(8)
    check_log(market, load.receipts)


def test_a_process_that_was_stopped_while_it_wrote_cannot_commit_any_more(
    market: SharedMarketplace, pair: tuple[Served, Served]
) -> None:
    frozen, other = pair
    market.wait_until_checked()  # then the other process writes nothing of its own
    device = market.device(11, frozen)
    ctr = market.computers[11].ctr
    terms = device.contract(ctr)[1]
    device.send(next_segment(device, ctr, terms))
    data = next_segment(device, ctr, terms)
    device.http.timeout = httpx.Timeout(PATIENCE_S)
    with (
        market.server.connect(market.database) as holder,
        market.server.connect(market.database) as watch,
        ThreadPoolExecutor(1) as pool,
    ):
        holder.execute("SELECT pg_advisory_lock(%s)", (WRITING,))
        sent = pool.submit(device.put_segment, data)
        pid = wait_for(
            lambda: _waiting(watch), timeout=PATIENCE_S, what="the write to wait for its turn"
        )
        frozen.signal(signal.SIGSTOP)
        # The stopped process gets its turn, and the server waits for its next statement.
        holder.execute("SELECT pg_advisory_unlock(%s)", (WRITING,))
        wait_for(
            lambda: _holder(watch) == pid or not _is_connected(watch, pid),
            timeout=PATIENCE_S,
            what="the turn of the stopped process",
        )
        behind, of_behind = market.device(12, other), market.computers[12].ctr
        written = next_segment(behind, of_behind, behind.contract(of_behind)[1])
        wait_for(
            lambda: behind.put_segment(written).status_code in (200, 201),
            timeout=PATIENCE_S,
            what="the write of the other process",
        )
        assert not _is_connected(watch, pid), "the server has not ended the stopped process's write"
        other.wait_until_leader()
        frozen.signal(signal.SIGCONT)
        first = sent.result(PATIENCE_S)
        assert first.status_code == 503, first.text
    assert device.put_segment(data).status_code == 201
    wait_for(
        lambda: frozen.role() == "follower", timeout=PATIENCE_S, what="the other leader to be seen"
    )
    receipt = device.put_segment(data).json()["receipt"].encode()
    check_log(market, {parse(data).hash: receipt})


def _waiting(connection: psycopg.Connection) -> int | None:
    """The server process that waits for the lock of write transactions."""
    row = connection.execute(
        "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND objid = %s",
        (WRITING & 0xFFFFFFFF,),
    ).fetchone()
    return None if row is None else int(row[0])


def _holder(connection: psycopg.Connection) -> int | None:
    row = connection.execute(
        "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND objid = %s",
        (WRITING & 0xFFFFFFFF,),
    ).fetchone()
    return None if row is None else int(row[0])


def _is_connected(connection: psycopg.Connection, pid: int) -> bool:
    query = "SELECT 1 FROM pg_stat_activity WHERE pid = %s"
    return connection.execute(query, (pid,)).fetchone() is not None
