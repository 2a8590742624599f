"""Reacts to lock, sleep and the end of the session, as the system reports them."""
