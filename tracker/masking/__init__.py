"""What a picture never shows: the person's rules, and where on the screen they apply."""
