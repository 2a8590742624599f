"""A throw-away desktop for tests and demonstrations."""
