"""The transparency log: sequencer, shards, checkpoints, tiles, beacons and the audit at the start.
Leaves are durable before a receipt is given.
"""
