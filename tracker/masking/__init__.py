"""Masks what a picture must never show: the person's rules, and the screen areas they cover."""
