"""Several marketplaces on one computer."""
