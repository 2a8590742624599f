"""A marketplace's published log in memory, and its monitor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from diary.formats.encoding import b64url_encode, digest
from diary.log import merkle
from diary.log.leaf import Leaf, LeafType
from diary.log.monitor import LogMonitor, PollResult, initial_state
from diary.log.monitor_state import MonitorState
from diary.log.policy import PolicyLog, write_policy
from diary.log.shard_keys import LogKey
from diary.log.signed_note import NoteVerifier
from diary.log.tiles import WIDTH, Tile, entry_bundle
from tests.diary.hash_tiles import hash_tile
from tests.diary.world import AUD, START, Log

SLOT_S = START
Change = Callable[[bytes], bytes]


@dataclass
class Site:
    """A marketplace's published log in memory, as the monitor's `Source`."""

    logs: list[Log] = field(default_factory=list)
    receipts: list[bytes] = field(default_factory=list)
    now_ms: int = SLOT_S * 1000 - 60_000
    #: Replacements of honest answers, by path.
    instead: dict[str, Change] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def open(self, name: str, seed: str = "") -> Log:
        log = Log(seed or f"log {name}", f"{AUD}/log/{name}")
        self.logs.append(log)
        return log

    def add(
        self, kind: LeafType = LeafType.REVIEW, obj: bytes | None = None, attrs: str = ""
    ) -> int:
        log = self.logs[-1]
        name = digest(obj if obj is not None else f"{log.origin} {len(log.leaves)}".encode())
        return log.append(Leaf(kind, name, self.now_ms, attrs), obj)

    def beacon(self, slot: int, val: bytes = b"") -> int:
        return self.add(LeafType.BEACON, b"beacon %d " % slot + val, str(slot))

    def succeed(self, name: str, **changes: object) -> Log:
        """Announce the next shard, open it."""
        old = self.logs[-1]
        new = Log(f"log {name}", f"{AUD}/log/{name}")
        for opening in (False, True):
            if opening:
                self.logs.append(new)
            size = len(old.leaves)
            key = LogKey(
                new.origin, new.signer.verifier.vkey, old.origin, size,
                b64url_encode(merkle.root(size, old.read)),
            )  # fmt: skip
            if opening:
                key = replace(key, **changes)  # type: ignore[arg-type]
            index = self.add(LeafType.KEY, key.data())
            self.receipts.append(self.logs[-1].receipt(index))
        return new

    def of(self, name: str) -> Log:
        return next(log for log in self.logs if log.origin.endswith(f"/{name}"))

    def _answer(self, address: str, data: bytes) -> bytes:
        self.asked.append(address)
        change = self.instead.get(address)
        return data if change is None else change(data)

    def policy(self) -> bytes:
        logs = [PolicyLog(log.signer.verifier) for log in self.logs]
        return self._answer("policy", write_policy(logs))

    def keys(self) -> Sequence[bytes]:
        self.asked.append("keys")
        return list(self.receipts)

    def checkpoint(self, name: str) -> bytes:
        return self._answer(f"{name}/checkpoint", self.of(name).checkpoint())

    def tile(self, name: str, tile: Tile) -> bytes:
        log = self.of(name)
        if tile.level is None:
            first = tile.number * WIDTH
            data = entry_bundle([e.data() for e in log.leaves[first : first + tile.width]])
        else:
            data = hash_tile(tile, log.read)
        return self._answer(f"{name}/{tile.path}", data)


def honest(leaves: int = 5) -> Site:
    site = Site()
    site.open("2026")
    site.beacon(SLOT_S)
    for _ in range(leaves):
        site.add()
    return site


def follower(site: Site, *given: NoteVerifier) -> LogMonitor:
    return LogMonitor(initial_state(site.policy(), given))


def visit(watcher: LogMonitor, site: Site) -> PollResult:
    found = PollResult()
    watcher.poll(site, found)
    return found


def codes(found: PollResult) -> set[tuple[str, str]]:
    return {(finding.subject, finding.code.value) for finding in found.findings}


def again(watcher: LogMonitor) -> LogMonitor:
    """The monitor of another run, from its stored state."""
    return LogMonitor(MonitorState.parse(watcher.state.data()))
