"""Fair order of requests: a limited number at once, in total and per address, the others in turn.

Without it, a client with a thousand concurrent requests would delay every other client.
"""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict, deque


class _Queue:
    """The waiting requests of one address."""

    def __init__(self) -> None:
        self._usual: deque[asyncio.Future[None]] = deque()
        self._pipelined: deque[asyncio.Future[None]] = deque()

    def __len__(self) -> int:
        return len(self._usual) + len(self._pipelined)

    def add(self, turn: asyncio.Future[None], *, pipelined: bool) -> None:
        (self._pipelined if pipelined else self._usual).append(turn)

    def next(self) -> asyncio.Future[None]:
        return (self._usual or self._pipelined).popleft()


class FairQueue:
    """Processes `total` requests at once, and `each` of one address.

    Waiting requests are served address by address, and in order of arrival within an address;
    `pipelined` requests (RFC 9112 section 9.3.2), sent before the response to an earlier one on the
    same connection, come last. Used in one event loop only.
    """

    def __init__(self, total: int = 32, each: int = 16) -> None:
        self._total = total
        self._each = each
        self._running: Counter[str] = Counter()
        self._waiting: OrderedDict[str, _Queue] = OrderedDict()

    async def take(self, address: str, *, pipelined: bool = False) -> None:
        """Wait for a turn. Call `give` once after it."""
        if address not in self._waiting and self._free(address):
            self._running[address] += 1
            return
        turn = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(address, _Queue()).add(turn, pipelined=pipelined)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.give(address)
            raise

    def give(self, address: str) -> None:
        """Return a turn and start the next requests."""
        self._running[address] -= 1
        if not self._running[address]:
            del self._running[address]
        for _ in range(len(self._waiting)):
            other, turns = self._waiting.popitem(last=False)
            while turns and self._free(other):
                turn = turns.next()
                if not turn.done():
                    self._running[other] += 1
                    turn.set_result(None)
                    break
            if turns:
                self._waiting[other] = turns
            if self._running.total() >= self._total:
                break

    def _free(self, address: str) -> bool:
        return self._running[address] < self._each and self._running.total() < self._total
