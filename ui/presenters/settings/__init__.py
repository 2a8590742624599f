"""The texts of the settings window that depend on values."""
