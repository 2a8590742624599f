"""The ways to count input, one module each. `tracker.selection.input` chooses between them."""
