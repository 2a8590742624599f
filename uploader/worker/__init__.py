"""The two background threads that upload segments, statements and pictures and fetch beacons. They
decide when to try again, and continue after every failure.
"""
