"""Asks the witnesses to cosign the newest checkpoint of each shard, in rounds.

All witnesses of a round are asked for the same checkpoint, so that their cosignatures can reach the
quorum together. Nothing waits for a round: receipts are issued without cosignatures, and later ones
have those of the newest checkpoint that reached the quorum.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

import httpx
from sqlalchemy import Connection, and_, delete, select
from sqlalchemy.exc import SQLAlchemyError

from diary.core.findings import DiaryError
from diary.formats.encoding import digest
from diary.log.checkpoint import open_cosigned
from diary.log.merkle import consistency_proof
from diary.log.witnessing.witnesses import Witness, WitnessPolicy
from marketplace.core import logging
from marketplace.core.clock import MarketplaceClock
from marketplace.core.metrics import WitnessMetrics
from marketplace.log import shards
from marketplace.log.cosigned import cosigned, drop_cosigned, store_cosigned
from marketplace.log.log import checkpoint
from marketplace.log.sequencer import nodes_of
from marketplace.log.shards import Shard
from marketplace.storage import schema
from marketplace.storage.database import Database, DatabaseError
from marketplace.witnesses.client import (
    StaleSizeError,
    WitnessError,
    add_checkpoint,
    open_client,
)

#: A witness that has failed is asked again after that many seconds.
PAUSE_S = 30
_log = logging.get("marketplace.witnesses")
_Key = tuple[int, str]


@dataclass(frozen=True)
class WitnessState:
    """A witness and one shard: the size that it has cosigned last as far as known, the time (Unix
    s) of its last cosignature, and the code and time of the failure since.
    """

    size: int = 0
    cosigned_s: int | None = None
    failure: str | None = None
    failing_since_s: int | None = None


@dataclass(frozen=True)
class _Target:
    """A checkpoint to cosign, and the witnesses to ask, each with its state and its proof."""

    shard: Shard
    size: int
    note: bytes
    asked: Sequence[tuple[Witness, WitnessState, Sequence[bytes]]]


class WitnessRounds:
    """The rounds of one marketplace. Only the event loop calls its methods."""

    def __init__(
        self,
        store: Database,
        clock: MarketplaceClock,
        policy: WitnessPolicy,
        metrics: WitnessMetrics,
    ) -> None:
        self._store = store
        self._clock = clock
        self._policy = policy
        self._metrics = metrics
        self._names = {each.name: digest(each.verifier.vkey.encode()) for each in policy.witnesses}
        #: The lines of each shard's newest target by the witness's name.
        self._lines: dict[int, tuple[int, dict[str, bytes]]] = {}
        self._paused: dict[_Key, int] = {}
        self.poll_s = 2.0
        self.timeout_s = 5.0

    async def run(self) -> None:
        """Ask periodically, until cancelled. Without witnesses it ends at once."""
        if not self._policy.witnesses:
            return
        async with open_client(self.timeout_s) as client:
            while True:
                try:
                    await self.run_once(client)
                except (DatabaseError, SQLAlchemyError) as error:
                    _log.error("round_failed", kind=type(error).__name__)
                await asyncio.sleep(self.poll_s)

    def start(self) -> None:
        """Remove what the present policy does not accept. Blocks."""

        def job(connection: Connection) -> None:
            for shard in shards.read(connection):
                stored = cosigned(connection, shard)
                if stored is not None and not self._reaches(shard, stored[1]):
                    drop_cosigned(connection, shard)
            table = schema.witness_state
            kept = list(self._names.values())
            connection.execute(delete(table).where(table.c.witness.not_in(kept)))

        self._store.write(job).result()

    def _reaches(self, shard: Shard, note: bytes) -> bool:
        """Whether a checkpoint has cosignatures, and enough of them."""
        try:
            _, cosigners = open_cosigned(note, [shard.verifier], self._policy)
        except DiaryError:
            return False
        return bool(cosigners) and self._policy.is_met(cosigners)

    async def run_once(self, client: httpx.AsyncClient) -> int:
        """Ask for the newest checkpoints; returns the number of new cosignatures."""
        count = 0
        for target in await asyncio.to_thread(self._targets):
            answers = await asyncio.gather(
                *(self._ask(client, target, *asked) for asked in target.asked)
            )
            states = dict(answers)
            count += sum(name in self._lines[target.shard.number][1] for name in states)
            await asyncio.to_thread(self._store_round, target, states)
        return count

    def _targets(self) -> list[_Target]:
        found = []
        with self._store.read() as connection:
            for shard in shards.read(connection):
                newest = checkpoint(connection, shard)
                if newest is not None:
                    target = self._target(connection, shard, *newest)
                    self._report(target, shard, connection)
                    if target.asked:
                        found.append(target)
        return found

    def _target(self, connection: Connection, shard: Shard, size: int, note: bytes) -> _Target:
        if self._lines.get(shard.number, (0, {}))[0] != size:
            self._lines[shard.number] = (size, {})
        held, now = self._lines[shard.number][1], self._clock.real_s()
        states = witness_states(connection, [shard])
        asked = []
        for witness in self._policy.witnesses:
            state = states.get((shard.number, self._names[witness.name]), WitnessState())
            paused = self._paused.get((shard.number, witness.name), 0) > now
            if witness.name not in held and not paused:
                proof = _proof(connection, shard, state.size, size)
                asked.append((witness, state, proof))
        return _Target(shard, size, note, asked)

    async def _ask(
        self,
        client: httpx.AsyncClient,
        target: _Target,
        witness: Witness,
        state: WitnessState,
        proof: Sequence[bytes],
    ) -> tuple[str, WitnessState]:
        """The state of a witness after a request."""
        now = self._clock.real_s()
        key = (target.shard.number, witness.name)
        try:
            # A witness that has cosigned more than this log has is asked for its size again.
            old = state.size if state.size <= target.size else 0
            line = await add_checkpoint(client, witness, target.note, old, proof, self.timeout_s)
        except StaleSizeError as error:
            # The next round bases its proof on this size.
            self._metrics.count(witness.name, error.code)
            if error.size <= target.size:
                return witness.name, replace(state, size=error.size)
            # A restored backup has lost leaves that the witness has seen.
            return witness.name, self._failed(key, state, "witness_ahead", error.size)
        except WitnessError as error:
            self._metrics.count(witness.name, error.code)
            return witness.name, self._failed(key, state, error.code, state.size)
        self._lines[target.shard.number][1][witness.name] = line
        self._metrics.count(witness.name, "cosigned")
        return witness.name, WitnessState(target.size, now)

    def _failed(self, key: _Key, state: WitnessState, code: str, size: int) -> WitnessState:
        now = self._clock.real_s()
        self._paused[key] = now + PAUSE_S
        if state.failure != code:
            _log.warning("witness_failed", shard=key[0], witness=key[1], reason=code)
        since = state.failing_since_s if state.failure is not None else now
        return replace(state, size=size, failure=code, failing_since_s=since)

    def _store_round(self, target: _Target, states: dict[str, WitnessState]) -> None:
        """Store the states, and the checkpoint if it has reached the quorum."""
        held = self._lines[target.shard.number][1]
        present = [each for each in self._policy.witnesses if each.name in held]
        met = self._policy.is_met([each.verifier for each in present])
        note = target.note + b"".join(held[each.name] for each in present)

        def job(connection: Connection) -> None:
            for name, state in states.items():
                self._store_state(connection, target.shard, name, state)
            if present and met:
                store_cosigned(connection, target.shard, target.size, note)

        self._store.write(job).result()

    def _store_state(
        self, connection: Connection, shard: Shard, name: str, state: WitnessState
    ) -> None:
        table = schema.witness_state
        mine = and_(table.c.shard == shard.number, table.c.witness == self._names[name])
        connection.execute(delete(table).where(mine))
        row: dict[str, object] = {
            "shard": shard.number,
            "witness": self._names[name],
            "size": state.size,
            "cosigned_s": state.cosigned_s,
            "failure": state.failure,
            "failing_since_s": state.failing_since_s,
        }
        schema.insert(connection, table, [row])

    def _report(self, target: _Target, shard: Shard, connection: Connection) -> None:
        """Set the metrics of the newest shard."""
        if shard.size is not None:
            return
        states = witness_states(connection, [shard])
        for witness in self._policy.witnesses:
            state = states.get((shard.number, self._names[witness.name]), WitnessState())
            lag = max(0, target.size - state.size)
            self._metrics.set(witness.name, lag, failing=state.failure is not None)


def witness_states(connection: Connection, of: Iterable[Shard]) -> dict[_Key, WitnessState]:
    """The states by the number of the shard and the digest of the witness's published key."""
    table = schema.witness_state
    numbers: Collection[int] = [shard.number for shard in of]
    rows = connection.execute(select(table).where(table.c.shard.in_(numbers)))
    return {
        (row.shard, row.witness): WitnessState(
            row.size, row.cosigned_s, row.failure, row.failing_since_s
        )
        for row in rows
    }


def _proof(connection: Connection, shard: Shard, old: int, new: int) -> Sequence[bytes]:
    """The consistency proof; empty from no leaves, and for sizes that are not older."""
    if not 0 < old < new:
        return ()
    wanted: set[tuple[int, int]] = set()

    def remember(level: int, pos: int) -> bytes:
        wanted.add((level, pos))
        return bytes(32)

    consistency_proof(old, new, remember)
    nodes = nodes_of(connection, shard, wanted)
    return tuple(consistency_proof(old, new, lambda lv, p: nodes.get((lv, p), bytes(32))))
