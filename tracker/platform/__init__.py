"""Clocks, D-Bus, X11, heap and macOS permissions: thin access to the operating system,
without decisions.
"""
