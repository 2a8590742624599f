"""Reading, writing and checking of a bundle, the record of whole weeks of one contract. Also builds
the offline HTML verifier.
"""
