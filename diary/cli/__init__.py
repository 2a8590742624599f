"""The commands behind `workdiary-verify`: all of `diary` that touches files or the network.

Everything they decide by is pure and lies in `diary` itself; here bytes are only fetched, bounded,
and the result is told.
"""
