"""Records work: `state` decides, the engine's thread carries the decisions out. Backends are
arguments.
"""
