"""Input counts of X11 sessions. Each backend decodes events on a separate connection."""
