"""Reacts to screen lock, sleep and session end, as the system reports them."""
