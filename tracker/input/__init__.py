"""Input counting: the monitor, the counters, and one module per backend. No content is stored."""
