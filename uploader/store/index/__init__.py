"""The index of the state folder: an SQLite database that can be rebuilt from the files. It finds
segments and pictures by state, time and contract without reading the files.
"""
