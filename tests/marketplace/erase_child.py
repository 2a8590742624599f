"""A marketplace that is killed in the middle of an erasure. Run by `test_eraser`.

Arguments: data folder, account, file of the tombstone, step, time in Unix ms. Steps: the tombstone
is logged; the owner's rows of the pictures are removed; the files are removed; the disclosures are
removed, and the write-ahead log is not emptied yet.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

from marketplace.composition import lock, open_services
from marketplace.core.config import Config, read_database
from marketplace.erasure.eraser import Eraser
from marketplace.storage.database import Database
from tests.marketplace.blob_place import s3_of
from tests.marketplace.live_marketplace import AUD


def die(*_: object) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)


def main(folder: str, sub: str, statement: str, moment: str, now_ms: str) -> None:
    place = s3_of(Path(folder))
    config = Config(Path(folder), AUD, "http://127.0.0.1:1", postgresql=read_database(), s3=place)
    with lock(config.data_dir), open_services(config, lambda: int(now_ms)) as deps:
        if moment == "logged":
            Eraser.carry_out = die  # type: ignore[method-assign,assignment]
        elif moment == "given_up":
            type(deps.blobs).erase = die  # type: ignore[method-assign,assignment]
        elif moment == "unlinked":
            Eraser._cut = die  # type: ignore[method-assign,assignment]
        else:
            Database.scrub = die  # type: ignore[method-assign,assignment]
        deps.statements.tombstone(sub, Path(statement).read_bytes())


if __name__ == "__main__":
    main(*sys.argv[1:])
