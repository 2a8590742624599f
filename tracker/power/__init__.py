"""Noticing that the screen is locked or the machine sleeps: one module for each way."""
