"""Erase pictures and texts: on a signed deletion, and when their retention ends. What was erased
is not stored again.
"""
