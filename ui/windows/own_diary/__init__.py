"""The window of the own diary: the grid of a day's slots, and the panel of the selected one."""
