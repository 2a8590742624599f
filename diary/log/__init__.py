"""The transparency log: leaves, Merkle tree, checkpoints, receipts, tiles, and the monitor of a
log. Pure functions over bytes.
"""
