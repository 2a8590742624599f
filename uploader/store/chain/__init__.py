"""The chains of this device: which device signs, and the next head of a chain, also after a backup
or a copy. The files of the state folder determine both.
"""
