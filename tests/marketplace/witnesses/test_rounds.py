"""The marketplace asks witnesses, and survives whatever they answer."""

from __future__ import annotations

import argparse
import asyncio
import http.server
import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from diary.bundle.check import CheckOptions, check_bundle
from diary.bundle.zip_reader import Archive
from diary.cli.bundle_report import report_json
from diary.core.findings import Code, DiaryError
from diary.formats.ed25519 import SigningKey
from diary.formats.encoding import digest
from diary.log.checkpoint import open_checkpoint
from diary.log.leaf import LeafType
from diary.log.policy import parse_policy
from diary.log.receipt import open_receipt
from diary.log.witnessing.cosignature import CosignatureSigner
from diary.log.witnessing.witnesses import NO_WITNESSES, Witness, WitnessGroup, WitnessPolicy
from marketplace.cli import serve_options
from marketplace.core.config import Config, ConfigError
from marketplace.core.metrics import WitnessMetrics
from marketplace.log import shards
from marketplace.maintenance.doctor import examine
from marketplace.storage.witness_settings import (
    WitnessSettingsError,
    read_witnesses,
    store_witnesses,
)
from marketplace.witnesses.client import open_client
from marketplace.witnesses.rounds import PAUSE_S, WitnessRounds, WitnessState, witness_states
from tests.desktop_fixtures.waiting import wait_for
from tests.diary.cli.running_witness import RunningWitness, running_witness
from tests.marketplace.engines import engines
from tests.marketplace.live_marketplace import START, LiveMarketplace, MovedClock, live_marketplace
from tests.marketplace.published import add, get, present
from tests.marketplace.simulated_device import SimulatedDevice, worked

SIGNER = CosignatureSigner("witness.example/hostile", SigningKey.from_seed(b"h" * 32))
FAILED = "witness_failed"


def witness_of(market: LiveMarketplace, folder: Path, number: int) -> Any:
    """A real witness of all present shards."""
    vkeys = [shard.vkey for shard in present(market)]
    return running_witness(
        folder / f"w{number}", vkeys, lambda: market.clock.ms / 1000, f"witness.example/w{number}"
    )


def one_of(*witnesses: Witness, threshold: int = 1) -> WitnessPolicy:
    names = tuple(each.name for each in witnesses)
    return WitnessPolicy(witnesses, (WitnessGroup("g", threshold, names),), "g")


def named(name: str, witness: RunningWitness) -> Witness:
    return Witness(name, witness.signer.verifier, witness.url)


class Asker:
    """Rounds with their own metrics, which the test starts."""

    def __init__(self, market: LiveMarketplace, policy: WitnessPolicy) -> None:
        self.market = market
        self.policy = policy
        self.registry = CollectorRegistry()
        metrics = WitnessMetrics(self.registry)
        self.rounds = WitnessRounds(market.deps.store, market.deps.clock, policy, metrics)
        self.rounds.start()

    def round(self) -> int:
        async def once() -> int:
            async with open_client(self.rounds.timeout_s) as client:
                return await self.rounds.run_once(client)

        return asyncio.run(once())

    def later(self) -> int:
        """A round after the pause of a witness that failed."""
        self.market.clock.ms += (PAUSE_S + 1) * 1000
        return self.round()

    def state(self, name: str) -> WitnessState:
        """The state for the newest shard."""
        verifier = next(each.verifier for each in self.policy.witnesses if each.name == name)
        with self.market.deps.store.read() as connection:
            shard = shards.newest(connection)
            found = witness_states(connection, [shard])
        return found[shard.number, digest(verifier.vkey.encode())]

    def metric(self, name: str, **labels: str) -> float | None:
        return self.registry.get_sample_value(f"workdiary_witness_{name}", labels)


def cosigned(market: LiveMarketplace) -> bytes | None:
    answer = get(market, "/log/cosigned")
    if answer.status_code == 404:
        assert answer.json()["code"] == "not_cosigned"
        return None
    return answer.content


@dataclass
class Hostile:
    """A witness that answers with `status` and `body` to each request."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    requests: list[bytes] = field(default_factory=list)
    url: str = ""
    signer: CosignatureSigner = SIGNER
    held: threading.Event | None = None

    @property
    def witness(self) -> Witness:
        return Witness("H", self.signer.verifier, self.url)


@contextmanager
def hostile(**given: Any) -> Iterator[Hostile]:
    made = Hostile(**given)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            made.requests.append(self.rfile.read(int(self.headers["content-length"])))
            if made.held is not None:
                made.held.wait(30)
            self.send_response(made.status)
            for name, value in made.headers.items():
                self.send_header(name, value)
            self.end_headers()
            with suppress(OSError):
                self.wfile.write(made.body)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        made.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield made
        finally:
            if made.held is not None:
                made.held.set()
            server.shutdown()
            thread.join()


def test_cosignatures_reach_checkpoints_and_later_receipts(
    marketplace: LiveMarketplace, tmp_path: Path
) -> None:
    add(marketplace, "first")
    with witness_of(marketplace, tmp_path, 1) as one, witness_of(marketplace, tmp_path, 2) as two:
        policy = one_of(named("A", one), named("B", two), threshold=2)
        asker = Asker(marketplace, policy)
        assert cosigned(marketplace) is None
        assert asker.round() == 2
        (shard,) = present(marketplace)
        verifiers = [shard.verifier]
        note = get(marketplace, "/log/checkpoint").content
        assert open_checkpoint(note, verifiers, policy).size == 2
        assert (cosigned(marketplace), asker.round()) == (note, 0)
        proof = get(marketplace, f"/log/proof/{digest(b'first')}").content
        name = digest(b"first")
        kind = LeafType.REVIEW
        open_receipt(proof, verifiers, type=kind, object_digest=name, witnesses=policy)
        # A leaf after the cosigned checkpoint has a receipt below the quorum, until the next round.
        add(marketplace, "second")
        name = digest(b"second")
        proof = get(marketplace, f"/log/proof/{name}").content
        with pytest.raises(DiaryError) as raised:
            open_receipt(proof, verifiers, type=kind, object_digest=name, witnesses=policy)
        assert raised.value.code is Code.E_QUORUM
        open_receipt(proof, verifiers, type=kind, object_digest=name)
        assert cosigned(marketplace) == note
        assert asker.metric("lag", witness="A") == 0
        assert asker.round() == 2
        proof = get(marketplace, f"/log/proof/{name}").content
        open_receipt(proof, verifiers, type=kind, object_digest=name, witnesses=policy)
        assert asker.metric("requests_total", witness="A", result="cosigned") == 2


@pytest.mark.expected_logs(FAILED)
def test_one_of_two_suffices_while_the_other_is_away(
    marketplace: LiveMarketplace, tmp_path: Path
) -> None:
    with witness_of(marketplace, tmp_path, 1) as one, witness_of(marketplace, tmp_path, 2) as two:
        policy = one_of(named("A", one), named("B", two))
    with running_witness(
        tmp_path / "w1",
        [shard.vkey for shard in present(marketplace)],
        lambda: marketplace.clock.ms / 1000,
        "witness.example/w1",
    ) as one:
        policy = one_of(named("A", one), policy.witnesses[1])
        asker = Asker(marketplace, policy)
        assert asker.round() == 1
        assert cosigned(marketplace) is not None
        assert asker.state("B").failure == "connection"
        asker.round()
        assert asker.metric("failing", witness="B") == 1
        assert asker.metric("failing", witness="A") == 0


def test_a_stale_size_is_learned_from_the_answer(
    marketplace: LiveMarketplace, tmp_path: Path
) -> None:
    """As after a restored backup of the marketplace, or another sender to the witness."""
    with witness_of(marketplace, tmp_path, 1) as one:
        policy = one_of(named("A", one))
        Asker(marketplace, policy).round()
        add(marketplace, "more")
        asker = Asker(marketplace, one_of(Witness("other", *_key_and_url(one))))
        marketplace.deps.store.write(_forget).result()
        assert asker.round() == 0
        assert (asker.state("other").size, asker.state("other").failure) == (1, None)
        assert asker.round() == 1


def _key_and_url(one: RunningWitness) -> tuple[Any, str]:
    return one.signer.verifier, one.url


def _forget(connection: Any) -> None:
    from sqlalchemy import delete

    from marketplace.storage import schema

    connection.execute(delete(schema.witness_state))


@pytest.mark.expected_logs(FAILED)
def test_a_new_shard_needs_a_witness_that_knows_it(
    marketplace: LiveMarketplace, tmp_path: Path
) -> None:
    with witness_of(marketplace, tmp_path, 1) as one:
        asker = Asker(marketplace, one_of(named("A", one)))
        asker.round()
        marketplace.deps.log.rotate()
        # The final checkpoint of the old shard, but not the new origin.
        assert asker.round() == 1
        assert asker.state("A").failure == "log_unknown"
        assert get(marketplace, "/log/2026/cosigned").status_code == 200
        assert get(marketplace, "/log/2026-2/cosigned").status_code == 404
    with witness_of(marketplace, tmp_path, 1) as one:
        asker = Asker(marketplace, one_of(named("A", one)))
        assert asker.round() == 2
        assert get(marketplace, "/log/2026-2/cosigned").status_code == 200


@pytest.mark.expected_logs(FAILED)
@pytest.mark.parametrize(
    ("status", "body", "failure"),
    [
        (200, b"", "bad_cosignature"),
        (200, b"garbage", "bad_answer"),
        (200, b"garbage\n", "bad_answer"),
        (200, b"\xff\n", "bad_answer"),
        (200, b"x" * 100_000, "bad_answer"),
        (400, b"", "bad_request"),
        (403, b"", "signature_refused"),
        (404, b"", "log_unknown"),
        (409, b"", "bad_answer"),
        (409, b"-1\n", "bad_answer"),
        (409, b"99999999999999999\n", "bad_answer"),
        (409, b"7000\n", "witness_ahead"),
        (422, b"", "history_refused"),
        (302, b"", "bad_answer"),
        (500, b"", "bad_answer"),
    ],
)
def test_every_answer_is_survived(
    marketplace: LiveMarketplace, status: int, body: bytes, failure: str
) -> None:
    with hostile(status=status, body=body, headers={"Location": "http://127.0.0.1:9/"}) as bad:
        asker = Asker(marketplace, one_of(bad.witness))
        assert asker.round() == 0
        state = asker.state("H")
        assert (state.failure, state.failing_since_s) == (failure, marketplace.deps.clock.real_s())
        assert cosigned(marketplace) is None
        # It is not asked again at once.
        asker.round()
        assert len(bad.requests) == 1
        asker.later()
        assert len(bad.requests) == 2
        assert asker.state("H").failing_since_s == state.failing_since_s
        add(marketplace, "uploads go on")


@pytest.mark.expected_logs(FAILED)
@pytest.mark.parametrize("kind", ["another text", "another key", "no time"])
def test_only_valid_cosignatures_are_taken(marketplace: LiveMarketplace, kind: str) -> None:
    text = get(marketplace, "/log/checkpoint").text.partition("\n\n")[0] + "\n"
    stranger = CosignatureSigner(SIGNER.name, SigningKey.from_seed(b"x" * 32))
    body = {
        "another text": SIGNER.sign(text.replace("\n1\n", "\n2\n"), 9),
        "another key": stranger.sign(text, 9),
        "no time": SIGNER.sign(text, 0),
    }[kind]
    with hostile(body=body) as bad:
        asker = Asker(marketplace, one_of(bad.witness))
        asker.round()
        assert asker.state("H").failure == "bad_cosignature"
        assert cosigned(marketplace) is None


def test_one_line_of_a_witness_is_taken(marketplace: LiveMarketplace) -> None:
    text = get(marketplace, "/log/checkpoint").text.partition("\n\n")[0] + "\n"
    stranger = CosignatureSigner(SIGNER.name, SigningKey.from_seed(b"x" * 32)).sign(text, 9)
    good = SIGNER.sign(text, 9)
    with hostile(body=stranger + good + good) as other:
        assert Asker(marketplace, one_of(other.witness)).round() == 1
        note = cosigned(marketplace)
        assert note is not None
        assert note.partition(b"\n\n")[2].count(b"\n") == 2
        assert note.endswith(good)


@pytest.mark.expected_logs(FAILED)
def test_a_witness_that_hangs_delays_neither_uploads_nor_others(
    marketplace: LiveMarketplace, tmp_path: Path
) -> None:
    with hostile(held=threading.Event()) as bad, witness_of(marketplace, tmp_path, 1) as one:
        asker = Asker(marketplace, one_of(bad.witness, named("A", one)))
        asker.rounds.timeout_s = 0.5
        assert asker.round() == 1
        assert asker.state("H").failure == "timeout"
        assert cosigned(marketplace) is not None


def test_another_policy_drops_what_it_does_not_accept(
    marketplace: LiveMarketplace, tmp_path: Path
) -> None:
    with witness_of(marketplace, tmp_path, 1) as one, witness_of(marketplace, tmp_path, 2) as two:
        first, second = named("A", one), named("B", two)
        Asker(marketplace, one_of(first)).round()
        Asker(marketplace, one_of(first, second))
        assert cosigned(marketplace) is not None
        Asker(marketplace, one_of(first, second, threshold=2))
        assert cosigned(marketplace) is None
        Asker(marketplace, WitnessPolicy((first,), (), None)).round()
        assert cosigned(marketplace) is not None
        Asker(marketplace, NO_WITNESSES)
        assert cosigned(marketplace) is None


def test_the_marketplace_publishes_its_witnesses_and_asks_them(tmp_path: Path) -> None:
    clock = MovedClock()
    with live_marketplace(tmp_path / "data", clock=clock) as market:
        vkeys = [shard.vkey for shard in present(market)]
    with running_witness(tmp_path / "w1", vkeys, lambda: clock.ms / 1000) as one:
        policy = one_of(named("A", one))
        with live_marketplace(tmp_path / "data", clock=clock, witnesses=policy) as market:
            published = parse_policy(get(market, "/log/policy").content)
            assert published.witnesses == policy
            add(market, "a leaf")
            wait_for(
                lambda: cosigned(market) == get(market, "/log/checkpoint").content,
                what="the witness's cosignature",
            )
            note = cosigned(market)
            assert note is not None
            open_checkpoint(note, published.verifiers, published.witnesses)
            text = market.deps.metrics.text().decode()
            assert 'workdiary_witness_requests_total{result="cosigned",witness="A"}' in text


@pytest.mark.expected_logs(FAILED)
@pytest.mark.parametrize("reachable", [True, False])
def test_a_bundle_has_the_checkpoint_that_reached_the_quorum(
    tmp_path: Path, reachable: bool
) -> None:
    clock = MovedClock()
    with live_marketplace(tmp_path / "data", clock=clock) as market:
        vkeys = [shard.vkey for shard in present(market)]
    with running_witness(tmp_path / "w1", vkeys, lambda: clock.ms / 1000) as one:
        gone = Witness("B", SIGNER.verifier, "http://127.0.0.1:9")
        policy = one_of(named("A", one), gone) if reachable else one_of(gone)
        with live_marketplace(tmp_path / "data", clock=clock, witnesses=policy) as market:
            contract = market.contract()
            device = SimulatedDevice(market.url, market.deps.clock.real_s)
            device.enrol(market.code(contract.freelancer))
            device.sign_in()
            for data in worked(market, device, contract.ctr, START):
                device.send(data)
            newest = get(market, "/log/checkpoint").content.partition(b"\n\n")[0]
            if reachable:
                wait_for(
                    lambda: (cosigned(market) or b"").startswith(newest), what="the cosignature"
                )
            answer = device.call("GET", f"/v1/bundles/{contract.ctr}/2026-W47")
            device.http.close()
    checked = check_bundle(Archive(io.BytesIO(answer.content)), CheckOptions())
    codes = [finding.code for finding in checked.findings]
    assert codes == ([] if reachable else [Code.E_QUORUM])
    # Its own policy has these witnesses, so the check from outside has the same result.
    outside = CheckOptions(keys=checked.keys, witnesses=policy)
    again = check_bundle(Archive(io.BytesIO(answer.content)), outside)
    assert again.findings == checked.findings
    # It costs no pay.
    assert report_json(again)["totals"]["payable"] == 600


def test_doctor_names_a_witness_that_lags(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    file = tmp_path / "policy"
    file.write_text(
        f"witness A {SIGNER.verifier.vkey} http://127.0.0.1:9\nquorum A\n", encoding="utf-8"
    )
    with live_marketplace(folder) as market:
        text = get(market, "/log/checkpoint").text.partition("\n\n")[0] + "\n"
        line = doctor_line(folder)
        assert line == ("ok", "No witnesses cosign the log.")
        store_witnesses(folder, file)
        assert doctor_line(folder)[0] == "attention"
        with hostile(body=SIGNER.sign(text, 9)) as good:
            Asker(market, one_of(good.witness)).round()
        assert doctor_line(folder) == ("ok", "Witnesses of the log: 1.")
    for wrong in (b"", b"quorum A\n", b"log x\nquorum none\n", b"\xff" * 70_000):
        (folder / "witnesses").write_bytes(wrong)
        assert doctor_line(folder)[0] == "failed"


def doctor_line(folder: Path) -> tuple[str, str]:
    *_, line, _ = examine(folder, postgresql=engines.database(folder))
    return line.state, line.text


@pytest.mark.parametrize(
    "url",
    [
        "",
        " http://witness.example",
        " http://127.0.0.1.example",
        " http://127.0.0.1@x",
        " ftp://x",
        " https:x",
    ],
)
def test_a_witness_is_asked_over_an_encrypted_connection(tmp_path: Path, url: str) -> None:
    file = tmp_path / "policy"
    text = f"witness A {SIGNER.verifier.vkey}{url}\nquorum A\n"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(WitnessSettingsError):
        read_witnesses(file)


def test_the_witnesses_are_stored_for_later_starts(tmp_path: Path) -> None:
    file = tmp_path / "policy"
    for url in ("https://w.example/a", "http://127.0.0.1:8470", "http://[::1]:1/x"):
        text = f"witness A {SIGNER.verifier.vkey} {url}\nquorum A\n"
        file.write_text(text, encoding="utf-8")
        assert read_witnesses(file) == one_named(url)
    parser = argparse.ArgumentParser()
    parser.add_argument("--data-dir", type=Path)
    serve_options.add_to(parser)
    given = parser.parse_args(["--data-dir", str(tmp_path), "--witnesses", str(file)])
    config = Config(tmp_path, "example", "http://127.0.0.1", **serve_options.settings(given))
    assert config.witnesses == one_named("http://[::1]:1/x")
    serve_options.remember(given, config, "http://127.0.0.1")
    later = parser.parse_args(["--data-dir", str(tmp_path)])
    assert serve_options.settings(later)["witnesses"] == config.witnesses
    (tmp_path / "witnesses").write_bytes(b"x")
    with pytest.raises(ConfigError):
        serve_options.settings(later)


def one_named(url: str) -> WitnessPolicy:
    return WitnessPolicy((Witness("A", SIGNER.verifier, url),), (), "A")
