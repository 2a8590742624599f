"""The way out: what is sealed is kept here durably, uploaded, and its receipts are checked.

Imports only `diary`. Files are the truth, the database is an index that can be made again.
"""
