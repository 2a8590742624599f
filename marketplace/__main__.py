"""`python -m marketplace`: the same as the command `workdiary-marketplace`."""

from __future__ import annotations

import sys

from marketplace.cli import main

if __name__ == "__main__":
    sys.exit(main())
