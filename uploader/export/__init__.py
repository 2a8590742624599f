"""Exports the freelancer's weeks as bundles from the state folder, also while the program runs."""
