"""Values that the recorder shares: counts of a minute, status, notices. No behaviour, no I/O."""
