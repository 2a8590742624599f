"""The settings: the effects of their changes, and start at login."""
