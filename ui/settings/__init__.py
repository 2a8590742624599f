"""The table of settings and the file that keeps them. A damaged file never stops the program."""
