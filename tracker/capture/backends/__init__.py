"""The capture backends, one module each. `tracker.selection.capture` selects one."""
