"""Generates the files of managed settings from the table of settings and rows.toml."""
