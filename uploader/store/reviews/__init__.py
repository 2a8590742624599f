"""The entries of the review on this computer, and the person's answers."""
