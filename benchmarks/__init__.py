"""Benchmarks: each figure with a reference measured in the same run. See README.md."""
