"""Design tokens and icons, shared by the desktop program and the pages."""
