"""A thousand honest computers at a marketplace that others attack at the same time."""
