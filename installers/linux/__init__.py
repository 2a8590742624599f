"""Builds the packages for Linux."""
