"""What the screen says, without Qt: values of the recorder and the outbox become finished words.

Every module here is a pure function from values to a frozen view of final strings and flags; the
widgets only place them.
"""
