"""The own diary: its window and changes, and the record of its week."""
