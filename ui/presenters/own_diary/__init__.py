"""The views of the own diary: its day as hours and slots, and the facts of one segment."""
