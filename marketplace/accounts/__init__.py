"""Accounts, one-time links and browser sessions. Only hashes of codes and tokens are stored."""
