"""Counts input: the monitor, the counters, and one module for each backend. What is typed is never
stored.
"""
