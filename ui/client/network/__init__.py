"""The network settings of the client: its route to the marketplace."""
