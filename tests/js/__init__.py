"""The JavaScript verifier, tested with the same vectors and cases as the Python one."""
