"""Programs that nobody here wrote check what ours make; docs/verification.md says which and how."""
