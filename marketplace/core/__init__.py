"""Configuration, clock, logging, metrics, problem responses, rate limits and translation. Nothing
here knows a record.
"""
