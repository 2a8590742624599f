"""Builds the package for macOS. It runs on a Mac; nobody has run it yet."""
