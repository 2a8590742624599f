"""Quiet mode: when previews of pictures are hidden."""
