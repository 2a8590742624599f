"""The recorder's state machine: events and clock readings in, effects out. No thread, no I/O but
the ports that it is given.
"""
