"""A throw-away desktop for tests and demos."""
