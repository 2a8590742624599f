"""Counting input: one module for each way, and the chooser. What is typed is never kept."""
