"""The disputes that the marketplace's operator settles."""
