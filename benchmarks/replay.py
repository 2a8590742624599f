"""Sends prepared HTTP requests over connections that stay open and measures the answers.

The sender shares the machine with the server, so it does as little as possible: the requests are
complete bytes, and `httptools` parses the answers.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

import httptools

#: Seconds after which an answer counts as lost.
_LONGEST_S = 60.0


@dataclass(frozen=True)
class Replayed:
    """The seconds of the whole run and of each request, and the numbers of answers by status."""

    seconds: float
    each: list[float]
    statuses: dict[int, int]

    @property
    def rate(self) -> float:
        """Requests per second."""
        return len(self.each) / self.seconds

    def at(self, share: float) -> float:
        """The time within which this share of the requests was answered, in seconds."""
        return sorted(self.each)[min(len(self.each) - 1, int(len(self.each) * share))]


def replay(
    port: int | Sequence[int], lanes: Sequence[Sequence[bytes]], rate: float | None = None
) -> Replayed:
    """Send each lane's requests in order over a connection of its own to 127.0.0.1:`port`, or to
    several ports in turn; with `rate`, start that many requests a second in all lanes together.
    """
    ports = [port] if isinstance(port, int) else port
    return asyncio.run(_replay(ports, lanes, rate))


async def _replay(
    ports: Sequence[int], lanes: Sequence[Sequence[bytes]], rate: float | None
) -> Replayed:
    each: list[float] = []
    statuses: dict[int, int] = {}
    gap = 0.0 if rate is None else len(lanes) / rate
    begin = time.perf_counter()

    async def lane(number: int, requests: Sequence[bytes]) -> None:
        opened: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        try:
            for turn, request in enumerate(requests):
                due = begin + gap * (turn + number / len(lanes))
                if gap and (wait := due - time.perf_counter()) > 0:
                    await asyncio.sleep(wait)
                sent = time.perf_counter()
                if opened is None:
                    opened = await asyncio.open_connection("127.0.0.1", ports[number % len(ports)])
                opened[1].write(request)
                status, stays = await asyncio.wait_for(_answer(opened[0]), _LONGEST_S)
                each.append(time.perf_counter() - sent)
                statuses[status] = statuses.get(status, 0) + 1
                if not stays:
                    opened[1].close()
                    opened = None
        finally:
            if opened is not None:
                opened[1].close()

    await asyncio.gather(*(lane(number, requests) for number, requests in enumerate(lanes)))
    return Replayed(time.perf_counter() - begin, each, statuses)


class _Answer:
    """The events of one answer."""

    done = False

    def on_message_complete(self) -> None:
        self.done = True


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bool]:
    """Read one answer; returns its status, and whether the connection stays open."""
    answer = _Answer()
    parser = httptools.HttpResponseParser(answer)
    while not answer.done:
        data = await reader.read(65_536)
        if not data:
            raise ConnectionError("the server closed the connection")
        parser.feed_data(data)
    return int(parser.get_status_code()), bool(parser.should_keep_alive())
