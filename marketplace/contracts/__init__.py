"""Contracts, their terms, and which account may read which contract. Terms take effect through the
log only.
"""
