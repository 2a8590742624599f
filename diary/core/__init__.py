"""Findings, vocabulary, the slot calendar, the demo clock, display of foreign text, the Signer
protocol. Standard library only.
"""
