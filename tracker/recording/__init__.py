"""Records work: `state` decides, the engine's thread carries it out on disk, screen and counters.
Backends come in as arguments.
"""
