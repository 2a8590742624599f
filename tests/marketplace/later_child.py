"""A marketplace process on an existing folder whose clock is ahead.

python -m tests.marketplace.later_child FOLDER MILLISECONDS
"""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

from marketplace.app import create_app
from marketplace.composition import lock, open_services, read_marketplace_name
from marketplace.core.clock import system_ms
from marketplace.core.config import Config
from marketplace.http.uvicorn_server import listen, serve


def main() -> int:
    """Serve until SIGTERM; prints the address once requests are answered."""
    folder, ahead_ms = Path(sys.argv[1]), int(sys.argv[2])
    with contextlib.ExitStack() as stack:
        stack.enter_context(lock(folder))
        known = read_marketplace_name(folder)
        assert known is not None
        bound = stack.enter_context(listen(folder, 0))
        url = f"http://127.0.0.1:{bound.getsockname()[1]}"
        config = Config(folder, known[0], url, known[1])
        deps = stack.enter_context(open_services(config, lambda: system_ms() + ahead_ms))
        ready = f"marketplace: {url}\n".encode()

        def tell() -> None:
            os.write(1, ready)

        serve(create_app(config, deps), deps, bound, tell)
    return 0


if __name__ == "__main__":
    sys.exit(main())
