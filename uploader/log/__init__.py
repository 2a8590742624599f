"""Check what the transparency log proves: receipts, trusted log keys, one consistent history.
Proofs come from `uploader.api`, and nothing that fails a check is stored.
"""
