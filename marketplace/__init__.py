"""The marketplace server: API, storage, transparency log, accounts and review pages.

Others can run it, embed it, or re-implement it from its OpenAPI document and `docs/protocol.md`.
"""
