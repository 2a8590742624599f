"""End-to-end tests of the whole product: real processes, a real desktop, a real browser."""
