"""The client's side of the marketplace: stores sealed segments durably, uploads them and verifies
the receipts. The files are the truth; the index can be rebuilt from them.
"""
