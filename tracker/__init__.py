"""Measures work on this computer: time, pictures, input counts. Uses neither Qt nor a network."""
