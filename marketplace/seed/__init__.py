"""Fill a new data folder with a generated year, for benchmarks, tests and demonstrations.

The serving path does not import this package.
"""
