"""Read, write and check a bundle, the record of whole weeks of one contract. The offline HTML
verifier is built here.
"""
