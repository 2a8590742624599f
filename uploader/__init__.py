"""The client of the marketplace: stores sealed segments durably, uploads them and verifies the
receipts. The files are authoritative; the index can be rebuilt from them.
"""
