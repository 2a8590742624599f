"""A thousand honest computers at a marketplace under attack."""
