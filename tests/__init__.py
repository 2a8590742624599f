"""The tests of Workdiary."""
