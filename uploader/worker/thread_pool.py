"""A pool of daemon threads that map a function over items.

Not a ThreadPoolExecutor: the interpreter joins its threads at exit, so that an upload on a dead
connection would delay the program's end beyond two seconds. Interrupting a thread loses nothing: a
retry sends the same bytes.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable
from typing import TypeVar

from uploader.errors import UploaderError

T = TypeVar("T")


class DaemonThreadPool:
    """A pool of `size` daemon threads, started at the first use."""

    def __init__(self, size: int, name: str) -> None:
        self._size = size
        self._name = name
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []

    def map(
        self, items: Iterable[T], work: Callable[[T], None]
    ) -> list[tuple[T, UploaderError | None]]:
        """Call `work` on every item, several at once; returns when all are done.

        Returns each item with the UploaderError that its call raised; any other exception is
        raised here.
        """
        done: queue.SimpleQueue[tuple[T, BaseException | None]] = queue.SimpleQueue()
        count = 0
        for item in items:
            self._jobs.put(_job(item, work, done))
            count += 1
        while len(self._threads) < min(self._size, count):
            name = f"{self._name}-{len(self._threads)}"
            thread = threading.Thread(target=self._run, name=name, daemon=True)
            self._threads.append(thread)
            thread.start()
        results: list[tuple[T, UploaderError | None]] = []
        for _ in range(count):
            item, error = done.get()
            if error is not None and not isinstance(error, UploaderError):
                raise error
            results.append((item, error))
        return results

    def close(self) -> None:
        """Let the threads end after their current item; does not wait for them."""
        for _ in self._threads:
            self._jobs.put(None)
        self._threads = []

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()


def _job(
    item: T,
    work: Callable[[T], None],
    done: queue.SimpleQueue[tuple[T, BaseException | None]],
) -> Callable[[], None]:
    def job() -> None:
        try:
            work(item)
        except BaseException as error:  # noqa: BLE001 - raised in the caller's thread
            done.put((item, error))
        else:
            done.put((item, None))

    return job
