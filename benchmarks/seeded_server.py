"""A marketplace process on a generated folder, at the time of its last day.

`python -m benchmarks.seeded_server FOLDER PORT BACK` serves it with a clock that is BACK seconds
late.
"""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.ingest_requests import NAME
from marketplace.app import create_app
from marketplace.composition import lock, open_services
from marketplace.core.clock import system_ms
from marketplace.core.config import Config
from marketplace.http import uvicorn_server


def main() -> None:
    """Serve until it is terminated."""
    folder, port, back = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    bound = uvicorn_server.listen(folder, port)
    config = Config(folder, NAME, f"http://127.0.0.1:{port}")
    with lock(folder), bound, open_services(config, lambda: system_ms() - back * 1000) as services:
        # A year of work contains pictures to erase: minutes of another kind of work.
        services.retention.stop()
        uvicorn_server.serve(create_app(config, services), services, bound, lambda: None)


if __name__ == "__main__":
    main()
