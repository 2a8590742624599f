"""The marketplace server: API, storage, transparency log, accounts and review pages.

Third parties can run it, embed it, or reimplement it from its OpenAPI document and
`docs/protocol.md`.
"""
