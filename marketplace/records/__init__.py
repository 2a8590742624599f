"""Stored records, read back and checked, with the sums and quotas that belong to them. A record is
verified on write and again on read.
"""
