"""The check of a diary: evidence in, findings and credited seconds out (`docs/protocol.md` §9). No
I/O.
"""
