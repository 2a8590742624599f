"""Writes the present version's files into a new folder: `python -m tests.saved_state NAME`."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.saved_state.morning import write

if __name__ == "__main__":
    write(Path(__file__).parent / sys.argv[1])
