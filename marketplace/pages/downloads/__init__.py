"""Pages and files of hours: downloads, reports, private links."""
