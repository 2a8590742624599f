"""Configuration, clock, logging, metrics, problem responses, rate limits and translation.
Independent of the record.
"""
