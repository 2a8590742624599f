"""What gets signed or logged: segments, pictures, enrolments, beacons, terms, statements. Parsers
refuse every other form.
"""
