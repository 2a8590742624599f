"""Test vectors for every verifier of the record, and the script that creates them."""
