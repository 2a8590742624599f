"""Taking a picture of the screen: one module for each way, and the chooser."""
