"""Captures pictures of the screen: one module per backend, masks, encoding."""
