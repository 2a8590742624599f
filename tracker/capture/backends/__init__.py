"""The ways to take a screenshot, one module each. `tracker.selection.capture` chooses between
them.
"""
