"""Backup, restoration and diagnosis of a data folder, from outside of a running marketplace."""
