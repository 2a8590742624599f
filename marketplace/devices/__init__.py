"""Enrolment, the registry of devices, and their access tokens. A device acts only with its own
key.
"""
