"""Thin access to the operating system, without decisions: clocks, D-Bus, X11, heap, macOS
permissions.
"""
