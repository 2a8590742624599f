"""The HTTP API, version 1 (`docs/protocol.md`).

Routes parse requests and encode responses; queries and rules are in the domain packages.
"""
