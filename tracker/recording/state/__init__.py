"""The recorder's state machine: events and clock readings in, effects out. It has no thread and
does no I/O except through its ports.
"""
