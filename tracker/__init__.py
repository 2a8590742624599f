"""The desk: what is measured while a person works. Runs without Qt and without a network."""
