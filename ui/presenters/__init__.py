"""Turn the values of the recorder and the outbox into finished texts, without Qt.

Each module has pure functions from an `AppState` to a frozen view of strings and flags; the widgets
only show them.
"""
