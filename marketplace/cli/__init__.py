"""The command `workdiary-marketplace`."""

from marketplace.cli.program import main

__all__ = ["main"]
