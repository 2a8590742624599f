"""The command `workdiary-verify`, the only part of `diary` that uses files and the network.

The rules are pure functions in the other packages; this package reads bounded input and prints the
result.
"""
