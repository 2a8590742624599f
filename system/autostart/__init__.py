"""Starts the program when the person logs in: one module for each system."""
