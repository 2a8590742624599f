"""The verifier in JavaScript, against the same vectors and cases as the one in Python."""
