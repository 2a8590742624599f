"""The desktop program and the `workdiary` command. The only package that imports Qt."""
