"""Records the first segment of a computer without a window. It runs under Wine, on the client's
Python packages instead of the packaged program.

    python first_segment.py FOLDER ADDRESS CODE_FILE

It joins the marketplace, accepts the page of consent, and records until a segment is sealed. Then
the packaged program can continue by itself with the same contract and memo: under Wine it has no
window to click in.
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path

from ui.client import open_client
from ui.client.interface import ClientCallbacks, SyncReport
from ui.client.options import Options
from ui.presenters.consent import agree

MEMO = "Recorded under Wine"
_PATIENCE_S = 120.0


def main() -> int:
    """Record; returns the exit status: 0, 3 without a contract in time, 4 without a segment."""
    folder, address, code = sys.argv[1:]
    reports: list[SyncReport] = []
    sealed, contracts = threading.Event(), threading.Event()

    def on_sync(report: SyncReport) -> None:
        reports.append(report)
        if report.contracts:
            contracts.set()
        if any(Path(folder).glob("*/segments/*/*.sdjwt")):
            sealed.set()

    callbacks = ClientCallbacks(lambda _: None, lambda _: None, on_sync)
    client = open_client(Options(Path(folder), address, Path(code)), callbacks)
    try:
        if not contracts.wait(_PATIENCE_S):
            return 3
        contract = reports[-1].contracts[0]
        client.save_agreement(agree(contract.terms, client.now_ms(), None))
        client.remember_contract(contract.ctr)
        client.engine.start(contract.ctr, MEMO)
        recorded = sealed.wait(_PATIENCE_S)
        client.engine.stop()
        return 0 if recorded else 4
    finally:
        client.close(_PATIENCE_S)


if __name__ == "__main__":
    sys.exit(main())
