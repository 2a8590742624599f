"""The tables that choose backends by platform, session and tools. To add a backend, add a rule
here.
"""
