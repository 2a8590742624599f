"""The witnesses in a policy, and their cosignatures."""
