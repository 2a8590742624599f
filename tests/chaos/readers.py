"""Readers of the log and of pictures during the disturbances."""

from __future__ import annotations

import secrets
import threading
from collections import Counter
from collections.abc import Callable, Mapping

import httpx

from tests.chaos.events import Chaos
from tests.marketplace.shared_load import HUNG_S
from tests.marketplace.shared_processes import Served

#: The answers that a reader may get. Only a process that was killed, is ending, or is stopped does
#: not answer.
ALLOWED = {"200", "503 with Retry-After", "none"}


class Readers:
    """Read at all processes until the block ends, and count the answers: the log's checkpoint in
    one thread, pages and pictures in two others. `pictures` are the bytes by address.
    """

    def __init__(
        self, chaos: Chaos, cookie: str, pictures: Callable[[], Mapping[str, bytes]]
    ) -> None:
        self._chaos = chaos
        self._cookie = cookie
        self._pictures = pictures
        self._ended = threading.Event()
        self._gate = threading.Lock()
        self.log: Counter[str] = Counter()
        self.pages: Counter[str] = Counter()
        #: The longest time until an answer, in seconds.
        self.longest_s: dict[str, float] = {}
        self._threads = [
            threading.Thread(target=self._run, args=arguments)
            for arguments in (
                (self.log, self._checkpoint, 0.05),
                # Within the limits of a session.
                (self.pages, self._page, 0.5),
                (self.pages, self._picture, 0.5),
            )
        ]

    def __enter__(self) -> None:
        for thread in self._threads:
            thread.start()

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()

    def _run(self, counter: Counter[str], read: Callable[[Served], str], pause_s: float) -> None:
        while not self._ended.wait(pause_s):
            for served in self._chaos.serving():
                try:
                    found = read(served)
                except httpx.ReadTimeout:
                    found = "hung"
                except httpx.HTTPError:
                    found = "none"
                with self._gate:
                    counter[found] += 1

    def _checkpoint(self, served: Served) -> str:
        return self._named("log", served.get("/log/checkpoint", timeout_s=HUNG_S))

    def _page(self, served: Served) -> str:
        return self._named("page", served.get("/", timeout_s=HUNG_S, Cookie=self._cookie))

    def _picture(self, served: Served) -> str:
        known = self._pictures()
        if not known:
            return "200"
        path = secrets.choice(list(known))
        answer = served.get(path, timeout_s=HUNG_S, Cookie=self._cookie)
        if answer.status_code == 200 and answer.content != known[path]:
            return "other bytes"
        return self._named("picture", answer)

    def _named(self, what: str, answer: httpx.Response) -> str:
        took = answer.elapsed.total_seconds()
        self.longest_s[what] = max(self.longest_s.get(what, 0.0), took)
        waits = " with Retry-After" if "retry-after" in answer.headers else ""
        return f"{answer.status_code}{waits}"
