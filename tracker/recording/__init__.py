"""The recorder: a state machine without I/O, and the engine thread that runs it. Backends come in
as arguments.
"""
