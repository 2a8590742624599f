"""Files that the desk and the pages share: design tokens, icons."""
