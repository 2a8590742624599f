"""Stored records, read back and checked, with their totals and quotas. A record is verified on
write and again on read.
"""
