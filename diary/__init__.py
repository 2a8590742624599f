"""The signed work diary (WD-1): the record itself, as pure functions over bytes and values.

Only `diary.cli`, the command `workdiary-verify`, reads files, clocks and the network.
`docs/protocol.md` is the specification.
"""
