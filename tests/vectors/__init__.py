"""Vectors for every verifier of the record, and the script that makes them."""
