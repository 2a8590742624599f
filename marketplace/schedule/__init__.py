"""Messages that are sent at set times: weeks that are ready for review."""
