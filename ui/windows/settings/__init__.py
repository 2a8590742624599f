"""The settings window: a side list of sections, one module for each section."""
