"""The state folder: signed files, the index over them, the outbox, deletions. The files are
authoritative; the index can be rebuilt from them.
"""
