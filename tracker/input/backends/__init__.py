"""The input backends, one module each. `tracker.selection.input` selects one."""
