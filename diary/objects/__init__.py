"""Objects that are signed or logged: segments, pictures, enrolments, beacons, terms, statements.
Parsers accept exactly one form of each.
"""
