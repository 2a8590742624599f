"""The two background threads that upload segments, statements and pictures and fetch beacons. They
schedule retries and continue after every failure.
"""
