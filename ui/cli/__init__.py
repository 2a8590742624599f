"""The `workdiary` command. It imports Qt only for the commands that open a window."""
