"""Builds the packages for Windows."""
