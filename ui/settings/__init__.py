"""The table of settings and its file. A damaged file never stops the program."""
