"""Operating-system helpers for every package: durable files, private folders, translations.
Standard library only.
"""
