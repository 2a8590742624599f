"""Detects, from the desktop's reports, whether previews of pictures must be hidden now."""
