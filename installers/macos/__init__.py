"""Builds the package for macOS. It needs a Mac and has never been run."""
