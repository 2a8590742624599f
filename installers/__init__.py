"""Builds the packages for Linux, Windows and macOS, their inventories and their signatures."""
