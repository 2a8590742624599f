"""Bundles: the record of whole weeks of one contract as one file. They hold what a verifier needs
and nothing of another contract.
"""
