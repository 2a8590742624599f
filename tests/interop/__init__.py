"""Third-party programs check our output; docs/verification.md lists them."""
