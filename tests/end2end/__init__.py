"""The whole product, as people use it: real processes, a real desktop, a real browser."""
