"""The dialogues between a person and the client: consent, sign-out, pictures, idle time, diary.

Each flow is a class with its own state. The controller passes it events and connects its signals.
"""
