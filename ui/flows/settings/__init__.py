"""The settings: what a change of them reaches, and start at login."""
