"""Signed updates: the client of The Update Framework, staged installation, and trial starts that
return to the earlier version.

Rules kept: nothing from the network is used before its signature is verified; a failure at any step
leaves the installed version as it is. `client.py` and `fetcher.py` need the library `tuf`, and
only the helper process imports them.
"""
