"""Updates of the running program."""
