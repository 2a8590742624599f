"""Thousands of ways to change a valid bundle, and what must hold for each of them."""
