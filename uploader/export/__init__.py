"""Write one's own weeks as a bundle from the state folder, also while the program runs."""
