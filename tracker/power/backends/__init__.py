"""The sources of lock, sleep and session end, one module each. `tracker.selection.power` selects
those that fit.
"""
