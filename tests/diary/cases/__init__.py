"""Cases: evidence with exactly the stated findings, one file for each subject."""
