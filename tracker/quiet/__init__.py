"""Finds out whether previews of pictures must be hidden now: what the desktop reports about it."""
