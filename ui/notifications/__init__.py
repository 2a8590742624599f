"""Notifications on the desktop, with buttons. The main window offers the same actions."""
