"""Helpers over the operating system that every package may use: durable files, private folders.
Standard library only.
"""
