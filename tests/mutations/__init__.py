"""Thousands of mutations of a valid bundle, and the claims that must hold for each."""
