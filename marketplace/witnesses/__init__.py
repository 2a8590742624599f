"""Witnesses of the log: requests for cosignatures, and the state of each witness."""
