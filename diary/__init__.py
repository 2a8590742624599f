"""The signed work diary (WD-1): the record itself, as pure functions over bytes and values.

Nothing here reads a file, a clock or the network, except `diary.cli`, which is what lies behind
`workdiary-verify`. The specification that these modules implement is `docs/protocol.md`.
"""
