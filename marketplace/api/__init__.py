"""The HTTP API, version 1, as in `docs/protocol.md`."""
