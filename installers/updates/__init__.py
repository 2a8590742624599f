"""The release manager's tools for signed updates (docs/releasing.md)."""
