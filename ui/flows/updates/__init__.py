"""Updates the running program."""
