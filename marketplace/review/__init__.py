"""The data of the review pages: home, day, slot and picture. Everything shown was checked when it
was read.
"""
