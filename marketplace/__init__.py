"""The receiving side: API, storage, log sequencer, accounts, and the review pages.

A reference marketplace that a real one can run, embed or re-implement from its OpenAPI document and
`docs/protocol.md`. Of our own packages it imports `diary` and nothing else.
"""
