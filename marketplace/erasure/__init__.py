"""Erase pictures and texts: on a signed deletion, and when their retention ends. Erased data is not
stored again.
"""
