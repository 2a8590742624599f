"""The tables that select backends by platform, session and features. A new backend is a new rule
here.
"""
