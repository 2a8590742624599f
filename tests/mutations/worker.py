"""A process that runs mutations, with its own Node process."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from multiprocessing.util import Finalize

from tests.mutations.engine import Javascript, javascript, remembering
from tests.mutations.trial import Tally, try_all


@dataclass
class Worker:
    """A process's state between batches; Node ends with its input."""

    stack: ExitStack = field(default_factory=ExitStack)
    other: Javascript | None = None


_WORKER = Worker()


def work(numbers: range) -> Tally:
    """Run the mutations of these numbers."""
    if _WORKER.other is None:
        _WORKER.stack.enter_context(remembering())
        Finalize(None, _WORKER.stack.close, exitpriority=10)
        _WORKER.other = _WORKER.stack.enter_context(javascript())
    return try_all(numbers, _WORKER.other)
